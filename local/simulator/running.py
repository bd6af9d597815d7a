"""Starting and stopping: in this process's loop for a command, in a thread for tests."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiohttp import web

HOST = "127.0.0.1"
SHUTDOWN_SECONDS = 1.0

Serving = AbstractAsyncContextManager[str]
"""Serves while inside and gives the URL. Raises OSError if the port is taken."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def served(app: web.Application, port: int, longest_url: int) -> AsyncIterator[str]:
    """Serve on 127.0.0.1; port 0 takes a free one. Raise OSError if it is taken."""
    runner = web.AppRunner(
        app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, max_line_size=longest_url
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def serve_until_stopped(serving: Serving) -> None:
    """Run until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    async with serving as url:
        print(f"listening on {url}", flush=True)  # noqa: T201 - how the caller learns the port
        await stop.wait()


class InThread:
    """A simulator in a thread of its own; `serving` is called there."""

    def __init__(self, name: str, serving: Callable[[], Serving]) -> None:
        self._stop = asyncio.Event()
        self._ready: Future[tuple[str, asyncio.AbstractEventLoop]] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(serving)), name=name)
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

    async def _serve(self, serving: Callable[[], Serving]) -> None:
        try:
            async with serving() as url:
                self._ready.set_result((url, asyncio.get_running_loop()))
                await self._stop.wait()
        except OSError as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)
