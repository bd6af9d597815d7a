"""What the simulators of HTTP mail providers share: serving, and failing on request."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from local.server_thread import ServerThread

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """How the next call fails: with a status, or by taking the mail and never answering."""

    status: int = 0
    code: str = "TooManyRequests"
    message: str = "Requested by a test."
    retry_after: str | None = None
    location: str | None = None
    drop: bool = False


class HttpProvider:
    """Serves an application on 127.0.0.1 from a thread of its own."""

    def __init__(self, app: web.Application) -> None:
        self.faults: deque[Fault] = deque()
        self._callers: set[object] = set()
        app.middlewares.append(self._fail_on_request)
        self._thread = ServerThread()
        self._runner = web.AppRunner(app)
        self.url = self._thread.run(self._start())
        self._open = True

    @property
    def connections(self) -> int:
        """How many connections have brought a call so far."""
        return len(self._callers)

    def close(self) -> None:
        """Stop answering; callers find nobody there."""
        if self._open:
            self._open = False
            self._thread.run(self._runner.cleanup())
            self._thread.close()

    async def _start(self) -> str:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    @web.middleware
    async def _fail_on_request(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._callers.add(request.transport)
        fault = self.faults.popleft() if self.faults else None
        if fault is None:
            return await handler(request)
        if fault.drop:
            await handler(request)
            if request.transport:
                request.transport.abort()
            return web.Response()
        headers = {"Retry-After": fault.retry_after, "Location": fault.location}
        given = {name: value for name, value in headers.items() if value}
        return refusal(fault.status, fault.code, fault.message, given)


def refusal(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> web.Response:
    """An error as Azure and Graph write it.

    https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#handling-errors
    """
    return web.json_response(
        {"error": {"code": code, "message": message}},
        status=status,
        headers={"x-ms-error-code": code, **(headers or {})},
    )
