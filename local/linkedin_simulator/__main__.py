"""`python -m local.linkedin_simulator --port 8091 --data FOLDER [--seed FILE]`."""

import argparse
import asyncio
import sys
from pathlib import Path

from pydantic import ValidationError

from local.linkedin_simulator.running import serving
from local.linkedin_simulator.seed import DEFAULT_SEED, read_seed
from local.linkedin_simulator.world import World
from local.simulator.running import serve_until_stopped, utc_now
from local.simulator.saved_file import DataFileBroken

LOUDLY = (
    "NOT LIKE LINKEDIN: webhooks with plain http on this machine are accepted "
    "(--allow-http-on-this-machine). LinkedIn itself takes https only."
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="linkedin_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8091, help="0 takes a free one")
    parser.add_argument("--data", type=Path, help="folder for linkedin.json; none: in memory")
    parser.add_argument("--seed", type=Path, default=DEFAULT_SEED)
    parser.add_argument(
        "--allow-http-on-this-machine",
        action="store_true",
        help="take http webhooks on 127.0.0.1 and localhost, which LinkedIn never does",
    )
    parser.add_argument(
        "--webhook", help="subscribe this URL to all leads of every ad account and page"
    )
    arguments = parser.parse_args()
    if arguments.allow_http_on_this_machine:
        print(LOUDLY, file=sys.stderr, flush=True)  # noqa: T201 - whoever started it has to know
    try:
        if arguments.data is not None:
            arguments.data.mkdir(parents=True, exist_ok=True)
        world = World(
            read_seed(arguments.seed),
            utc_now,
            arguments.data,
            allow_http=arguments.allow_http_on_this_machine,
            webhook=arguments.webhook,
        )
    except (ValidationError, KeyError, DataFileBroken, OSError) as error:
        sys.exit(f"linkedin simulator: {error}")
    try:
        asyncio.run(serve_until_stopped(serving(world, arguments.port, arguments.data)))
    except OSError as error:
        sys.exit(f"linkedin simulator: port {arguments.port}: {error.strerror}")
    except KeyboardInterrupt:
        return


main()
