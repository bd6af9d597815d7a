"""The functions host some days from now: `python -m bench.shifted_host DAYS` and its own options.

What the app does a week after a sign-up can then be watched today.
"""

import sys
from datetime import UTC, datetime, timedelta

import time_machine

from local.functions_host import __main__ as functions_host


def main() -> int:
    """The host's exit code."""
    days = float(sys.argv.pop(1))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=days), tick=True):
        return functions_host.main()


if __name__ == "__main__":
    sys.exit(main())
