"""The HTTP server: `/rest`, `/oauth/v2`, `/_simulator`, and the page for people at `/`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import jinja2
from aiohttp import web

from local.linkedin_simulator import web_api
from local.linkedin_simulator.exchange import Operation
from local.linkedin_simulator.faults import REST_PATH, Fault
from local.linkedin_simulator.notifications import Notifier
from local.linkedin_simulator.oauth_server import add_oauth
from local.linkedin_simulator.page import ASSETS, add_page
from local.linkedin_simulator.simulator_control import (
    add_lead_control,
    add_portal_control,
    add_settings_control,
)
from local.linkedin_simulator.webhook_validation import validate_at_intervals
from local.linkedin_simulator.world import World
from local.simulator.control import add_control

LARGEST_BODY = 1024 * 1024


def build_app(world: World) -> web.Application:
    app = web.Application(client_max_size=LARGEST_BODY)
    notifier = Notifier(world)
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ASSETS), autoescape=True, undefined=jinja2.StrictUndefined
    )

    async def rest(request: web.Request) -> web.StreamResponse:
        return await _answer(request, world)

    async def background(_: web.Application) -> AsyncIterator[None]:
        validating = asyncio.create_task(validate_at_intervals(world))
        yield
        validating.cancel()
        with suppress(asyncio.CancelledError):
            await validating
        await notifier.close()

    app.router.add_route("*", REST_PATH + "{path:.*}", rest)
    app.cleanup_ctx.append(background)
    add_control(app, world, Fault)
    add_lead_control(app, world, notifier)
    add_portal_control(app, world)
    add_settings_control(app, world)
    add_oauth(app, world, templates)
    add_page(app, world, notifier, templates)
    return app


async def _answer(request: web.Request, world: World) -> web.StreamResponse:
    """`raw_path` keeps the percent-encoding that the client chose."""
    path, _, query = request.raw_path.partition("?")
    operation = Operation(
        method=request.method,
        path=path.removeprefix(REST_PATH),
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.read(),
    )
    answer = await web_api.answer(world, operation)
    if answer.delay:
        await asyncio.sleep(answer.delay)
    if answer.drop and request.transport is not None:
        request.transport.abort()
    return web.Response(status=answer.status, headers=answer.all_headers, body=answer.payload)
