"""Puts the website together: which address shows which page."""

from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import ClientSession, web
from aiohttp.typedefs import Handler, Middleware

from local.demo_website.altcha_widget import altcha_file
from local.demo_website.canonical_host import canonical_host
from local.demo_website.pages import SESSION, Pages
from local.demo_website.response_headers import allow_only_declared_types
from local.demo_website.sign_ups import SIGN_UPS

_STATIC = Path(__file__).parent / "static"


def create_website(functions: str) -> web.Application:
    """`functions` is the origin of the functions app, without a slash at the end."""
    pages = Pages(functions=functions)
    website = web.Application(middlewares=[canonical_host, _show_not_found(pages)])
    website.cleanup_ctx.append(_client_session)
    website.on_response_prepare.append(allow_only_declared_types)
    website.router.add_get("/", pages.overview)
    for sign_up in SIGN_UPS:
        website.router.add_get(f"/{sign_up.form}.html", pages.sign_up(sign_up))
        website.router.add_get(f"/{sign_up.form}-plain.html", pages.plain_sign_up(sign_up))
    website.router.add_get("/check-inbox.html", pages.text("checkInbox"))
    website.router.add_get("/privacy.html", pages.text("privacy"))
    website.router.add_get("/imprint.html", pages.text("imprint"))
    website.router.add_static("/static", _STATIC)
    website.router.add_get("/altcha/{file}", altcha_file)
    return website


async def _client_session(website: web.Application) -> AsyncIterator[None]:
    async with ClientSession() as session:
        website[SESSION] = session
        yield


def _show_not_found(pages: Pages) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return await pages.not_found(request)

    return middleware
