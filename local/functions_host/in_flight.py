"""Tasks that the host must let finish when it stops."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class InFlight:
    """Holds the tasks; without this the event loop may drop a task nobody else refers to."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs the coroutine beside the caller."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def drained(self) -> None:
        """Returns once everything has ended, including what started meanwhile."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def cancel(self) -> int:
        """Cancels what still runs and says how much that was."""
        left = list(self._tasks)
        for task in left:
            task.cancel()
        return len(left)
