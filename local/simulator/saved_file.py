"""One JSON file that follows what a simulator holds in memory."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

SAVE_EVERY_SECONDS = 1.0
PAUSE_PER_WRITING = 10


class DataFileBroken(Exception):
    """The data file is not one of ours; the message names it."""

    def __init__(self, file: Path, error: Exception) -> None:
        super().__init__(f"{file} can't be read ({error}); delete it to start anew")


def write(content: Mapping[str, Any], file: Path) -> None:
    """Replace the file in one step, so that a crash leaves the old or the new one."""
    unfinished = file.with_name(f"{file.name}.new")
    with unfinished.open("w", encoding="utf-8") as new:
        json.dump(content, new, ensure_ascii=False)
        new.flush()
        os.fsync(new.fileno())
    unfinished.replace(file)


@asynccontextmanager
async def kept_in(
    file: Path, version: Callable[[], object], content: Callable[[], Mapping[str, Any]]
) -> AsyncIterator[None]:
    """While inside, write the content whenever its version has changed; and once at the end."""
    saving = asyncio.create_task(_save_changes(file, version, content))
    try:
        yield
    finally:
        saving.cancel()
        with suppress(asyncio.CancelledError):
            await saving
        write(content(), file)


async def _save_changes(
    file: Path, version: Callable[[], object], content: Callable[[], Mapping[str, Any]]
) -> None:
    """Write at most every second; requests don't wait for it.

    Large data take longer to write; then the pauses grow, so that writing stays a small share.
    """
    saved = version()
    pause = SAVE_EVERY_SECONDS
    while True:
        await asyncio.sleep(pause)
        current = version()
        if current != saved:
            now = content()
            started = monotonic()
            await asyncio.to_thread(write, now, file)
            pause = max(SAVE_EVERY_SECONDS, PAUSE_PER_WRITING * (monotonic() - started))
            saved = current
