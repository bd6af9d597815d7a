"""Runs a function by its schedule."""

import asyncio
import contextlib
import json
from datetime import UTC, datetime

from azure.functions.meta import Datum

from local.functions_host.function import Function
from local.functions_host.invocations import Invocations
from local.functions_host.ncrontab import Schedule

_LONGEST_SLEEP = 3600.0  # asked again after this, in case the clock was set meanwhile


class TimerListener:
    """One run at a time: what falls due while the function runs is left out."""

    def __init__(self, function: Function, schedule: Schedule, invocations: Invocations) -> None:
        self._function = function
        self._schedule = schedule
        self._invocations = invocations
        self._stopping = asyncio.Event()
        self._last = datetime.now(UTC)

    async def run(self) -> None:
        """Until stopped."""
        if self._function.trigger.properties.get("runOnStartup"):
            await self.fire("start")
        while not self._stopping.is_set():
            due = self._schedule.next_after(datetime.now(UTC))
            if await self._reached(due):
                await self.fire("schedule")

    def stop(self) -> None:
        """Starts no further run."""
        self._stopping.set()

    async def fire(self, reason: str) -> None:
        """Runs the function now."""
        now = datetime.now(UTC)
        status = {
            "Last": self._last.isoformat(),
            "Next": self._schedule.next_after(now).isoformat(),
            "LastUpdated": self._last.isoformat(),
        }
        info = {
            "IsPastDue": False,
            "ScheduleStatus": status,
            "Schedule": {"AdjustForDST": True},
        }
        self._last = now
        await self._invocations.run(
            self._function, Datum(json.dumps(info), "json"), {}, reason=f"timer {reason}"
        )

    async def _reached(self, due: datetime) -> bool:
        """True at the due time, False when stopped before."""
        while (left := (due - datetime.now(UTC)).total_seconds()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), min(left, _LONGEST_SLEEP))
            if self._stopping.is_set():
                return False
        return True
