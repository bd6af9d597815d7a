"""`python -m local.functions_host --root . --port 7071`."""

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

from local.functions_host.cors import parse_cors
from local.functions_host.direct_invoker import DirectInvoker
from local.functions_host.host import Host, Options
from local.functions_host.host_json import read_host_json
from local.functions_host.load_failure import LoadFailure
from local.functions_host.local_settings import read_local_settings
from local.functions_host.runtime_invoker import RuntimeInvoker

_RUNTIME_SINCE = (3, 13)  # azure-functions-runtime installs on no earlier Python


def main() -> int:
    """Runs the host until a stop signal; 1 when it cannot start."""
    arguments = _arguments()
    _log_to_stdout()
    try:
        host = _load(arguments)
    except LoadFailure as failure:
        _complain(f"The functions host cannot start. {failure}")
        return 1
    try:
        ended = asyncio.run(host.serve())
    except OSError as error:
        _complain(f"The functions host cannot listen on port {arguments.port}: {error}")
        return 1
    if not ended:
        # A thread that still runs a function would keep the process alive.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.functions_host", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(), help="folder of function_app.py")
    parser.add_argument("--port", type=int, default=7071, help="0 picks a free one")
    parser.add_argument("--settings", default="local.settings.json", help="relative to the root")
    parser.add_argument("--cors", help="allowed origins, separated by commas, instead of Host.CORS")
    parser.add_argument(
        "--key", action="append", default=[], help="enforce function keys; may be repeated"
    )
    parser.add_argument(
        "--invisible-seconds",
        type=int,
        default=600,
        help="how long a fetched message stays invisible; ten minutes as in Azure by default",
    )
    newest = "runtime" if sys.version_info >= _RUNTIME_SINCE else "direct"
    parser.add_argument("--invoker", choices=["direct", "runtime"], default=newest)
    return parser.parse_args()


def _complain(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _log_to_stdout() -> None:
    if hasattr(sys.stdout, "reconfigure"):
        # A log line must never fail because of a character that the console lacks.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("azure").setLevel(logging.WARNING)


def _load(arguments: argparse.Namespace) -> Host:
    root: Path = arguments.root.resolve()
    local = read_local_settings(root / arguments.settings, os.environ)
    os.environ.setdefault("AZURE_FUNCTIONS_ENVIRONMENT", "Development")  # as `func start` does
    cors = local.cors if arguments.cors is None else arguments.cors
    options = Options(
        port=arguments.port,
        invisible_seconds=arguments.invisible_seconds,
        keys=arguments.key,
        cors=parse_cors(cors, credentials=local.cors_credentials),
        settings=read_host_json(root / "host.json", os.environ),
        environment=os.environ,
    )
    if not (root / "function_app.py").exists():
        raise LoadFailure(f"there is no function_app.py in {root}")
    os.chdir(root)
    sys.path.insert(0, str(root))
    invoker = RuntimeInvoker(root) if arguments.invoker == "runtime" else DirectInvoker(root)
    if not invoker.functions:
        logging.getLogger("host").warning("the app registers no functions")
    return Host(invoker, options)


if __name__ == "__main__":
    sys.exit(main())
