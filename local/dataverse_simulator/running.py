"""Starting and stopping: in this process's loop for the command, in a thread for tests."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from aiohttp import web

from local.dataverse_simulator import persistence
from local.dataverse_simulator.environment import Environment
from local.dataverse_simulator.seed import DEFAULT_SEED, read_seed
from local.dataverse_simulator.server import build_app

HOST = "127.0.0.1"
LONGEST_URL = 32 * 1024  # 32,768 characters, the usual limit given for Dataverse
SAVE_EVERY_SECONDS = 1.0
PAUSE_PER_WRITING = 10
SHUTDOWN_SECONDS = 1.0


def utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def serving(environment: Environment, port: int, folder: Path | None) -> AsyncIterator[str]:
    """Serve while inside; gives the URL. Port 0 takes a free one. Raise OSError if taken."""
    runner = web.AppRunner(
        build_app(environment),
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        max_line_size=LONGEST_URL,
    )
    await runner.setup()
    saving = asyncio.create_task(_save_changes(environment, folder)) if folder else None
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
        if saving is not None and folder is not None:
            saving.cancel()
            with suppress(asyncio.CancelledError):
                await saving
            persistence.write(persistence.snapshot(environment.store), folder)


async def _save_changes(environment: Environment, folder: Path) -> None:
    """Write at most every second, and only what changed; requests don't wait for it.

    Large data take longer to write; then the pauses grow, so that writing stays a small share.
    """
    saved = (environment.store, environment.store.last_version)
    pause = SAVE_EVERY_SECONDS
    while True:
        await asyncio.sleep(pause)
        current = (environment.store, environment.store.last_version)
        if current != saved:
            content = persistence.snapshot(environment.store)
            started = monotonic()
            await asyncio.to_thread(persistence.write, content, folder)
            pause = max(SAVE_EVERY_SECONDS, PAUSE_PER_WRITING * (monotonic() - started))
            saved = current


class RunningDataverse:
    """The simulator in a thread of its own, on a free port of 127.0.0.1.

    `with RunningDataverse() as dataverse: requests.get(dataverse.url + "/api/data/v9.2/…")`
    """

    def __init__(
        self,
        *,
        seed: Path = DEFAULT_SEED,
        data: Path | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        environment = Environment(read_seed(seed), now, data)
        self._stop = asyncio.Event()
        self._ready: Future[tuple[str, asyncio.AbstractEventLoop]] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(environment, data)), name="dataverse"
        )
        self._thread.start()
        self.url, self._loop = self._ready.result()

    def close(self) -> None:
        """Stop serving and, with a data folder, write what is stored."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def _serve(self, environment: Environment, data: Path | None) -> None:
        try:
            async with serving(environment, 0, data) as url:
                self._ready.set_result((url, asyncio.get_running_loop()))
                await self._stop.wait()
        except OSError as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)
