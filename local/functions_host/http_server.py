"""HTTP triggers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from local.functions_host.app_settings import resolved
from local.functions_host.function import Function
from local.functions_host.function_keys import is_authorized
from local.functions_host.http_request import http_datum, raw_path
from local.functions_host.http_response import http_response
from local.functions_host.invocations import Invocations
from local.functions_host.route_template import RouteTemplate, parse_route_template

# Of the real host; a setting changes it there and here.
_BODY_LIMIT = 104_857_600
_BODY_LIMIT_SETTING = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An HTTP function and where it answers; no methods means every method."""

    function: Function
    template: RouteTemplate
    methods: frozenset[str]
    level: str


def http_endpoints(
    functions: Sequence[Function], route_prefix: str, environment: Mapping[str, str]
) -> list[Endpoint]:
    """The HTTP functions in the order in which the real host tries them: by name.

    Raises LoadFailure for a route that this host does not understand.
    """
    endpoints = []
    for function in sorted(functions, key=lambda each: each.name.lower()):
        if function.trigger.type == "httpTrigger":
            properties = function.trigger.properties
            route = resolved(properties.get("route") or function.name, environment)
            endpoints.append(
                Endpoint(
                    function=function,
                    template=parse_route_template(f"{route_prefix}/{route}"),
                    methods=frozenset(each.upper() for each in properties.get("methods") or ()),
                    level=properties.get("authLevel") or "FUNCTION",
                )
            )
    return endpoints


def body_limit(environment: Mapping[str, str]) -> int:
    """The largest request body in bytes."""
    return int(environment.get(_BODY_LIMIT_SETTING) or _BODY_LIMIT)


@dataclass(frozen=True, kw_only=True)
class HttpTriggers:
    """Finds the function for a request, calls it and answers."""

    endpoints: Sequence[Endpoint]
    invocations: Invocations
    keys: Sequence[str]
    body_limit: int

    async def handle(self, request: web.Request) -> web.Response:
        """A wrong path and a wrong method are the same bare 404 as in the real host.

        https://github.com/Azure/azure-functions-host/issues/10098
        """
        path = raw_path(request)
        for endpoint in self.endpoints:
            if endpoint.methods and request.method not in endpoint.methods:
                continue
            route_values = endpoint.template.match(path)
            if route_values is not None:
                return await self._call(endpoint, request, route_values)
        return web.Response(status=404)

    async def _call(
        self, endpoint: Endpoint, request: web.Request, route_values: Mapping[str, str]
    ) -> web.Response:
        if not is_authorized(request, endpoint.level, self.keys):
            return web.Response(status=401)
        length = request.content_length or 0
        if length > self.body_limit:
            return web.Response(status=413)
        # Without a Content-Length the real host hands on an empty body, chunked or not.
        body = await request.read() if length else b""
        outcome = await self.invocations.run(
            endpoint.function,
            http_datum(request, body, route_values),
            {},
            # The query string may carry a token and stays out of the log.
            reason=f"{request.method} {raw_path(request)}",
        )
        if not outcome.succeeded:
            return web.Response(status=500)
        return http_response(outcome.returned)
