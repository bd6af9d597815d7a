"""A proxy in front of a part of the stack that hands everything on and keeps what passed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, web
from multidict import CIMultiDict
from yarl import URL

from local.server_thread import ServerThread
from local.stack.addresses import AZURITE_ACCOUNT, HOST

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SECONDS = 60
_OF_THE_CONNECTION = ("Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length")
# What the signature covers must stay as it was, also where there is none.
_OF_THE_CLIENT = ("Content-Type", "User-Agent", "Accept", "Accept-Encoding")
_BODY_LIMIT = 2**26


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request and its answer; `at` (monotonic seconds) is when the answer was there."""

    service: str
    method: str
    target: str  # path and query, as sent
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer: bytes
    at: float


class RecordingProxy:
    """A context manager: `ports` says which port of ours leads to which service.

    Who is asked sees the proxy's own address in `Host`. Azurite's signatures do not cover it.
    """

    def __init__(self, targets: dict[str, int], signature: str = "") -> None:
        """`targets`: service name → its own port.

        With a shared access `signature` it stands for an account that takes tokens of an identity,
        which Azurite does over TLS only: any token will do.
        """
        self.exchanges: list[Exchange] = []
        self.ports: dict[str, int] = {}
        self._targets = targets
        self._signature = signature
        self._thread = ServerThread()
        self._runners: list[web.AppRunner] = []

    def __enter__(self) -> Self:
        self._thread.run(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.run(self._stop())
        self._thread.close()

    async def _start(self) -> None:
        self._session = ClientSession(
            timeout=ClientTimeout(total=SECONDS), auto_decompress=False, cookie_jar=DummyCookieJar()
        )
        for service, port in self._targets.items():
            application = web.Application(client_max_size=_BODY_LIMIT)
            application.router.add_route("*", "/{path:.*}", self._handler(service, port))
            runner = web.AppRunner(application, access_log=None, auto_decompress=False)
            await runner.setup()
            await web.TCPSite(runner, HOST, 0).start()
            self.ports[service] = runner.addresses[0][1]
            self._runners.append(runner)

    async def _stop(self) -> None:
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))
        await self._session.close()

    def _handler(self, service: str, port: int) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            target = request.raw_path
            body = await request.read()
            url = URL(f"http://{HOST}:{port}{self._signed(target)}", encoded=True)
            async with self._session.request(
                request.method,
                url,
                data=body or None,
                headers=self._allowed(request.headers),
                skip_auto_headers=_OF_THE_CLIENT,
            ) as response:
                answer = await response.read()
            self.exchanges.append(
                Exchange(
                    service=service,
                    method=request.method,
                    target=target,
                    headers=dict(_passed_on(request.headers)),
                    body=body,
                    status=response.status,
                    answer=answer,
                    at=time.monotonic(),
                )
            )
            headers = _passed_on(response.headers)
            return web.Response(status=response.status, headers=headers, body=answer)

        return handle

    def _signed(self, target: str) -> str:
        if not self._signature:
            return target
        return f"/{AZURITE_ACCOUNT}{target}{'&' if '?' in target else '?'}{self._signature}"

    def _allowed(self, headers: Mapping[str, str]) -> CIMultiDict[str]:
        passed_on = _passed_on(headers)
        if self._signature and not passed_on.pop("Authorization", "").startswith("Bearer "):
            raise web.HTTPUnauthorized
        return passed_on


def _passed_on(headers: Mapping[str, str]) -> CIMultiDict[str]:
    kept = CIMultiDict(headers)
    for name in _OF_THE_CONNECTION:
        kept.popall(name, None)
    return kept
