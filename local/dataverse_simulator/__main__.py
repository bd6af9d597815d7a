"""`python -m local.dataverse_simulator --port 8090 --data FOLDER [--seed FILE]`."""

import argparse
import asyncio
import sys
from pathlib import Path

from pydantic import ValidationError

from local.dataverse_simulator.environment import Environment
from local.dataverse_simulator.persistence import SeedBroken
from local.dataverse_simulator.running import serving
from local.dataverse_simulator.seed import DEFAULT_SEED, read_seed
from local.simulator.running import serve_until_stopped, utc_now
from local.simulator.saved_file import DataFileBroken


def main() -> None:
    parser = argparse.ArgumentParser(prog="dataverse_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one")
    parser.add_argument("--data", type=Path, help="folder for dataverse.json; none: in memory")
    parser.add_argument("--seed", type=Path, default=DEFAULT_SEED)
    arguments = parser.parse_args()
    try:
        if arguments.data is not None:
            arguments.data.mkdir(parents=True, exist_ok=True)
        environment = Environment(read_seed(arguments.seed), utc_now, arguments.data)
    except (ValidationError, SeedBroken, DataFileBroken, OSError) as error:
        sys.exit(f"dataverse simulator: {error}")
    try:
        asyncio.run(serve_until_stopped(serving(environment, arguments.port, arguments.data)))
    except OSError as error:
        sys.exit(f"dataverse simulator: port {arguments.port}: {error.strerror}")
    except KeyboardInterrupt:
        return


main()
