"""Style and script of the simulators' pages, served at `/_simulator/page/`."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FILES = ("page.css", "page.js")


def add_page_assets(app: web.Application) -> None:
    folder = Path(__file__).parent
    for name in FILES:
        app.router.add_get(f"/_simulator/page/{name}", _sends(folder / name))


def _sends(file: Path) -> Handler:
    async def send(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(file)

    return send
