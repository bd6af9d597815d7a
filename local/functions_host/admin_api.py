"""The part of the host's admin API that helps in development."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from azure.functions.meta import Datum

from local.functions_host.function import Function
from local.functions_host.function_keys import is_authorized
from local.functions_host.in_flight import InFlight
from local.functions_host.invocations import Invocations
from local.functions_host.timer_listener import TimerListener

_Handler = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, kw_only=True)
class AdminApi:
    """`GET /admin/host/status` and `POST /admin/functions/NAME`.

    https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http
    """

    functions: Sequence[Function]
    timers: Mapping[str, TimerListener]
    invocations: Invocations
    in_flight: InFlight
    keys: Sequence[str]

    def routes(self) -> list[web.RouteDef]:
        """For aiohttp's router."""
        return [
            web.get("/admin/host/status", self._guarded(self._status)),
            web.post("/admin/functions/{name}", self._guarded(self._run)),
        ]

    def _guarded(self, handler: _Handler) -> _Handler:
        async def guarded(request: web.Request) -> web.Response:
            if not is_authorized(request, "ADMIN", self.keys):
                return web.Response(status=401)
            return await handler(request)

        return guarded

    async def _status(self, _request: web.Request) -> web.Response:
        status = {
            "state": "Running",
            "invoker": self.invocations.invoker.name,
            "functions": [function.name for function in self.functions],
        }
        return web.json_response(status)

    async def _run(self, request: web.Request) -> web.Response:
        """Starts a queue or timer function with `{"input": "..."}` and answers 202 at once."""
        name = request.match_info["name"].lower()
        function = next((each for each in self.functions if each.name.lower() == name), None)
        if function is None:
            return web.Response(status=404)
        if function.trigger.type == "httpTrigger":
            return web.Response(status=400, text="Call an HTTP function by its route.")
        try:
            given = json.loads(await request.read() or b"{}").get("input", "")
        except (ValueError, AttributeError):
            return web.Response(status=400, text='The body should be {"input": "..."}.')
        if function.trigger.type == "timerTrigger":
            self.in_flight.start(self.timers[function.name].fire("admin"))
        else:
            text = given if isinstance(given, str) else json.dumps(given)
            self.in_flight.start(self._run_queue_function(function, text))
        return web.Response(status=202)

    async def _run_queue_function(self, function: Function, text: str) -> None:
        metadata = {"Id": Datum("admin", "string"), "DequeueCount": Datum("1", "json")}
        await self.invocations.run(function, Datum(text, "string"), metadata, reason="admin")
