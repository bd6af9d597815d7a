"""The HTTP side of `/oauth/v2`: the page with "Allow", and the two endpoints for programs."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import jinja2
from aiohttp import web

from local.linkedin_simulator.exchange import FORM
from local.linkedin_simulator.oauth import OAuthError, exchange, introspect, new_code
from local.linkedin_simulator.page_security import require_own_page, security_headers
from local.linkedin_simulator.world import World

AUTHORIZATION = "/oauth/v2/authorization"


def add_oauth(app: web.Application, world: World, templates: jinja2.Environment) -> None:
    async def ask(request: web.Request) -> web.StreamResponse:
        query = request.query
        scopes = _checked(world, query)
        text = templates.get_template("authorize.html").render(
            application=world.seed.application.name,
            member=world.seed.member.person,
            scopes=scopes,
            action=AUTHORIZATION,
            hidden=dict(query),
        )
        # Chromium holds a form's redirect to form-action too.
        target = urlsplit(query["redirect_uri"])
        headers = security_headers(f"{target.scheme}://{target.netloc}")
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def decide(request: web.Request) -> web.StreamResponse:
        require_own_page(request)
        form = {name: str(value) for name, value in (await request.post()).items()}
        scopes = _checked(world, form)
        redirect_uri = form["redirect_uri"]
        if form.get("decision") != "allow":
            reason = "The user cancelled the authorization"
            raise _back(form, error="user_cancelled_authorize", error_description=reason)
        raise _back(form, code=new_code(world, redirect_uri, scopes))

    app.router.add_get(AUTHORIZATION, ask)
    app.router.add_post(AUTHORIZATION, decide)
    app.router.add_post("/oauth/v2/accessToken", _endpoint(world, exchange))
    app.router.add_post("/oauth/v2/introspectToken", _endpoint(world, introspect))


def _checked(world: World, given: Mapping[str, str]) -> tuple[str, ...]:
    """The scopes. Raise HTTPBadRequest where nobody may be sent back, else HTTPFound with why."""
    application = world.seed.application
    if given.get("client_id") != application.client_id:
        raise web.HTTPBadRequest(text="The passed in client_id is invalid")
    if given.get("redirect_uri") not in application.redirect_uris:
        raise web.HTTPBadRequest(text="The redirect_uri does not match the registered value")
    if given.get("response_type") != "code":
        raise _back(given, error="unsupported_response_type", error_description="use code")
    scopes = tuple(given.get("scope", "").split())
    for scope in scopes:
        if scope not in application.scopes:
            reason = f"Scope {scope} is not authorized for your application"
            raise _back(given, error="unauthorized_scope_error", error_description=reason)
    if not scopes:
        raise _back(given, error="invalid_scope_error", error_description="scope is missing")
    return scopes


def _back(given: Mapping[str, str], **answer: str) -> web.HTTPFound:
    """To the redirect URI, with the state that came along."""
    redirect_uri = given["redirect_uri"]
    state = {"state": given["state"]} if given.get("state") else {}
    joint = "&" if "?" in redirect_uri else "?"
    return web.HTTPFound(f"{redirect_uri}{joint}{urlencode({**answer, **state})}")


def _endpoint(
    world: World, answer: Callable[[World, Mapping[str, str]], dict[str, Any]]
) -> Callable[[web.Request], Any]:
    """Parameters stand in a form body only: LinkedIn's documentation keeps secrets out of URLs."""

    async def handle(request: web.Request) -> web.StreamResponse:
        fault = world.faults.take(request.method, request.path)
        if fault is not None and (refusal := fault.error()):
            status, body, headers = refusal.status, refusal.body, refusal.headers
        else:
            is_form = request.content_type == FORM
            form = {name: str(value) for name, value in (await request.post()).items()}
            try:
                status, body, headers = 200, answer(world, form if is_form else {}), {}
            except OAuthError as error:
                status, body, headers = error.status, error.body, {}
        world.requests.append(
            {"method": request.method, "path": request.path, "status": status}
            | {"version": "", "at": world.now().isoformat()}
        )
        if fault is not None:
            await asyncio.sleep(fault.delay)
            if fault.drop and request.transport is not None:
                request.transport.abort()
        return web.json_response(body, status=status, headers=headers)

    return handle
