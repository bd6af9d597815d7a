"""Python imports this before anything else: the process believes it is later than it is."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

ahead = timedelta(seconds=float(os.environ["CLOCK_AHEAD_SECONDS"]))
time_machine.travel(datetime.now(UTC) + ahead, tick=True).start()
