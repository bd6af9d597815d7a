"""The HTTP server: Web API, managed identity endpoint, `/_simulator`, and the page."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from local.dataverse_simulator.environment import Environment, Outcome
from local.dataverse_simulator.exchange import SERVICE_PATH, Operation
from local.dataverse_simulator.faults import Fault
from local.dataverse_simulator.page import add_page
from local.dataverse_simulator.tokens import TokenRefused, check_bearer, issue_token
from local.simulator.control import add_control
from local.simulator.switches import add_switches

LARGEST_BODY = 16 * 1024 * 1024
MSI_PATH = "/msi/token"
MSI_API_VERSION = "2019-08-01"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(environment: Environment) -> web.Application:
    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_route("*", SERVICE_PATH.rstrip("/"), _web_api(environment))
    app.router.add_route("*", SERVICE_PATH + "{path:.*}", _web_api(environment))
    app.router.add_get(MSI_PATH, _managed_identity(environment))
    add_control(app, environment, Fault)
    add_switches(
        app,
        "/_simulator/environment",
        "PATCH",
        lambda: environment.settings,
        environment.change_settings,
    )
    add_page(app, environment)
    return app


def _web_api(environment: Environment) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        operation = await _operation(request)
        try:
            authorization = request.headers.get("Authorization", "")
            application = check_bearer(authorization, operation.origin, environment.now())
        except TokenRefused as refusal:
            environment.log(operation, 401)
            return _unauthorized(operation.origin, str(refusal))
        calling = replace(operation, application_id=application)
        return await _deliver(request, environment.handle(calling))

    return handle


async def _operation(request: web.Request) -> Operation:
    """`raw_path` keeps the percent-encoding that the client chose."""
    path, _, query = request.raw_path.partition("?")
    return Operation(
        method=request.method,
        path="" if path == SERVICE_PATH.rstrip("/") else path.removeprefix(SERVICE_PATH),
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.read(),
        origin=str(request.url.origin()),
    )


def _unauthorized(origin: str, reason: str) -> web.Response:
    """As Dataverse challenges: where to get a token, and for which resource."""
    authority = "https://login.microsoftonline.com/common/oauth2/authorize"
    challenge = f"Bearer {reason}authorization_uri={authority}, resource_id={origin}/"
    return web.Response(
        status=401,
        headers={"WWW-Authenticate": challenge, "REQ_ID": "simulated"},
        text="HTTP Error 401 - Unauthorized: Access is denied",
    )


async def _deliver(request: web.Request, outcome: Outcome) -> web.StreamResponse:
    if outcome.delay:
        await asyncio.sleep(outcome.delay)
    if outcome.drop and request.transport is not None:
        request.transport.abort()
    return web.Response(status=outcome.status, headers=outcome.headers, body=outcome.payload)


def _managed_identity(environment: Environment) -> Handler:
    """Refusals have App Service's shape; which status goes with which is not documented."""

    async def handle(request: web.Request) -> web.StreamResponse:
        operation = await _operation(request)
        fault = environment.faults.take(operation.method, operation.path)
        if fault is not None and (refusal := fault.error()):
            status, headers = refusal.status, refusal.headers
            body = _refused(status, refusal.message)
        else:
            status, body = _token(environment, request)
            headers = {}
        environment.log(operation, status)
        outcome = Outcome(
            status=status,
            headers={"Content-Type": "application/json", **headers},
            payload=json.dumps(body).encode(),
            delay=fault.delay if fault else 0,
            drop=fault.drop if fault else False,
        )
        return await _deliver(request, outcome)

    return handle


def _token(environment: Environment, request: web.Request) -> tuple[int, dict[str, str]]:
    if not request.headers.get("X-IDENTITY-HEADER"):
        return 401, _refused(401, "The header X-IDENTITY-HEADER is missing.")
    if request.query.get("api-version") != MSI_API_VERSION:
        return 400, _refused(400, f"The parameter api-version has to be {MSI_API_VERSION}.")
    resource = request.query.get("resource", "")
    if not resource:
        return 400, _refused(400, "The parameter resource is missing.")
    client_id = request.query.get("client_id") or environment.application_id
    return 200, issue_token(resource, client_id, environment.now())


def _refused(status: int, message: str) -> dict[str, str]:
    return {"statusCode": str(status), "message": message}
