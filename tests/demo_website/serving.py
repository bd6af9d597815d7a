"""Serves an aiohttp application on a socket that already listens, in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from aiohttp import web

_SECONDS = 20


def new_listener() -> socket.socket:
    """Listens on a free port of 127.0.0.1."""
    return socket.create_server(("127.0.0.1", 0))


def origin_of(listener: socket.socket) -> str:
    """Such as http://127.0.0.1:40123: known before the application exists."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def serving(application: web.Application, listener: socket.socket) -> Iterator[str]:
    """Yields the origin; the socket is closed at the end."""
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(application, listener, started)))
    thread.start()
    try:
        loop, stop = started.result(_SECONDS)
        try:
            yield origin_of(listener)
        finally:
            loop.call_soon_threadsafe(stop.set)
    finally:
        thread.join(_SECONDS)
        listener.close()
        assert not thread.is_alive()


async def _serve(
    application: web.Application,
    listener: socket.socket,
    started: "Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]",
) -> None:
    stop = asyncio.Event()
    runner = web.AppRunner(application, shutdown_timeout=1)
    try:
        await runner.setup()
        await web.SockSite(runner, listener).start()
    except BaseException as error:
        started.set_exception(error)
        raise
    started.set_result((asyncio.get_running_loop(), stop))
    try:
        await stop.wait()
    finally:
        await runner.cleanup()
