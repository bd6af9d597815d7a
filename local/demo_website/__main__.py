"""`python -m local.demo_website --port 8080 --functions http://127.0.0.1:7071`."""

import argparse
import logging
import socket
import sys

from aiohttp import web

from local.demo_website.website import create_website

_HOST = "127.0.0.1"


def main() -> int:
    """Serves until a stop signal; 1 when the port is taken."""
    arguments = _arguments()
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        listener = socket.create_server((_HOST, arguments.port))
    except OSError as error:
        sys.stderr.write(f"The demo website cannot listen on port {arguments.port}: {error}\n")
        return 1
    sys.stdout.write(f"listening on http://{_HOST}:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    web.run_app(create_website(arguments.functions.rstrip("/")), sock=listener, print=None)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.demo_website", description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="0 picks a free one")
    parser.add_argument(
        "--functions", default="http://127.0.0.1:7071", help="where the functions app answers"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
