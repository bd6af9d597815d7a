"""`python -m local.chaos --registrations 500 --seed 1 --kills 20`; `dev.py chaos` sets up first."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from local.chaos.plan import make_plan
from local.chaos.run import run_chaos
from local.chaos.table import result_line, table
from local.stack.console import complain, never_fail_to_encode, say
from local.stack.problem import Problem
from local.stack.stop_request import Stopped, StopRequest

EXIT_BROKEN, EXIT_STOPPED = 1, 130


def main() -> int:
    """0 when every promise was kept. Otherwise data and logs stay, and the folder is named."""
    never_fail_to_encode()
    options = _options()
    if sys.platform == "win32":
        complain("The chaos run freezes and kills processes as only Linux and macOS can.")
        return EXIT_BROKEN
    stop = StopRequest()
    stop.listen()
    plan = make_plan(registrations=options.registrations, seed=options.seed, kills=options.kills)
    data = Path(tempfile.mkdtemp(prefix="doi-chaos-"))
    try:
        result = run_chaos(plan, data, stop)
    except Problem as problem:
        complain(f"{problem}\nData and logs stay in {data}")
        return EXIT_BROKEN
    except Stopped:
        shutil.rmtree(data, ignore_errors=True)
        complain("Stopped.")
        return EXIT_STOPPED
    say(table(result))
    say(result_line(result))
    if result.account.broken:
        complain(f"Data and logs stay in {data}")
        return EXIT_BROKEN
    shutil.rmtree(data, ignore_errors=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.chaos", description=__doc__)
    parser.add_argument("--registrations", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
