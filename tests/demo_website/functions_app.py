"""The endpoints that a website talks to: the real ones, behind real CORS, without storage."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import azure.functions as func
from aiohttp import web

from functions import challenge, describe_form, register
from local.functions_host.cors import cors_middleware, parse_cors
from shared.values.form import Form
from tests.examples import WEBSITE, sample_forms
from tests.fakes.outside import FakeOutside, rules


@dataclass(frozen=True, kw_only=True)
class Received:
    """A register call as it came in."""

    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class FunctionsApp:
    """`instead_of_…` are answered first, one for each call; then the endpoints answer.

    `challenges_asked` counts the challenges that pages asked for.
    """

    origin: str
    outside: FakeOutside
    received: list[Received] = field(default_factory=list)
    instead_of_description: list[web.Response] = field(default_factory=list)
    instead_of_challenge: list[web.Response] = field(default_factory=list)
    instead_of_acceptance: list[web.Response] = field(default_factory=list)
    challenges_asked: list[str] = field(default_factory=list)

    def application(self, website: str) -> web.Application:
        """To be served at `origin`; pages of `website` may read its answers."""
        policy = parse_cors(website, credentials=False)
        assert policy
        application = web.Application(middlewares=[cors_middleware(policy)])
        application.router.add_get("/api/forms/{form}", self._describe_form)
        application.router.add_get("/api/forms/{form}/challenge", self._challenge)
        application.router.add_post("/api/forms/{form}/registrations", self._register)
        # The preflight's answer comes from the middleware, wherever the call goes.
        application.router.add_route("OPTIONS", "/{path:.*}", self._no_content)
        return application

    def registrations(self) -> list[Any]:
        """What stands in the queue."""
        bodies = self.outside.queues.bodies("registrations")
        return [json.loads(body)["registration"] for body in bodies]

    async def _describe_form(self, request: web.Request) -> web.Response:
        if self.instead_of_description:
            return self.instead_of_description.pop(0)
        return _answer(describe_form.answer(await _request(request), self.outside))

    async def _challenge(self, request: web.Request) -> web.Response:
        self.challenges_asked.append(request.match_info["form"])
        if self.instead_of_challenge:
            return self.instead_of_challenge.pop(0)
        return _answer(challenge.answer(await _request(request), self.outside))

    async def _register(self, request: web.Request) -> web.Response:
        self.received.append(Received(headers=request.headers.copy(), body=await request.read()))
        if self.instead_of_acceptance:
            return self.instead_of_acceptance.pop(0)
        return _answer(register.answer(await _request(request), self.outside))

    async def _no_content(self, _request: web.Request) -> web.Response:
        return web.Response(status=204)


def functions_app(origin: str, website: str) -> FunctionsApp:
    """With the sample forms, moved to that website."""
    forms = {
        name: Form.model_validate_json(
            form.model_dump_json(by_alias=True).replace(WEBSITE, website)
        )
        for name, form in sample_forms().items()
    }
    outside = FakeOutside(
        forms=forms,
        rules=replace(rules(), public_url=origin),
        clock=datetime.now(UTC),  # challenges are old by the browser's clock, too
    )
    return FunctionsApp(origin=origin, outside=outside)


async def _request(request: web.Request) -> func.HttpRequest:
    return func.HttpRequest(
        method=request.method,
        url=str(request.url),
        headers=dict(request.headers),
        params=dict(request.query),
        route_params=dict(request.match_info),
        body=await request.read(),
    )


def _answer(response: func.HttpResponse) -> web.Response:
    headers = dict(response.headers)
    headers.setdefault("Content-Type", f"{response.mimetype}; charset=utf-8")
    return web.Response(status=response.status_code, body=response.get_body(), headers=headers)
