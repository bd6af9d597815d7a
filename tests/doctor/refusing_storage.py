"""Queues and tables that answer every call with one error, as Azure Storage writes it.

https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2
"""

import json
import re

from aiohttp import ClientSession, web

from tests.azurite import ACCOUNT, KEY
from tests.mailers.http_provider import HttpProvider


class RefusingStorage(HttpProvider):
    """Azurite gives everybody every right; this one gives nobody any."""

    def __init__(self, status: int, code: str) -> None:
        self._status, self._code = status, code
        app = web.Application()
        app.router.add_route("*", "/queues/{rest:.*}", self._refuse_queue)
        app.router.add_route("*", "/tables/{rest:.*}", self._refuse_table)
        super().__init__(app)

    @property
    def connection_string(self) -> str:
        return (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
            f"QueueEndpoint={self.url}/queues/{ACCOUNT};TableEndpoint={self.url}/tables/{ACCOUNT};"
        )

    async def _refuse_queue(self, request: web.Request) -> web.Response:
        await request.read()
        body = (
            f"<?xml version='1.0'?><Error><Code>{self._code}</Code><Message>No.</Message></Error>"
        )
        headers = {"x-ms-error-code": self._code}
        return web.Response(
            status=self._status, text=body, content_type="application/xml", headers=headers
        )

    async def _refuse_table(self, request: web.Request) -> web.Response:
        await request.read()
        error = {"code": self._code, "message": {"lang": "en-US", "value": "No."}}
        body = json.dumps({"odata.error": error})
        headers = {"x-ms-error-code": self._code}
        return web.Response(
            status=self._status, text=body, content_type="application/json", headers=headers
        )


class StorageThatKeeps(HttpProvider):
    """The queues of an Azurite, from which nothing can be deleted."""

    def __init__(self, azurite: str) -> None:
        [self._queues] = re.findall(r"QueueEndpoint=(http://[^/;]+)", azurite)
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._forward)
        super().__init__(app)
        self.connection_string = azurite.replace(self._queues, self.url)

    async def _forward(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.method == "DELETE":
            return web.Response(status=403, headers={"x-ms-error-code": "AuthorizationFailure"})
        # Signed is the path, not the host.
        async with (
            ClientSession(auto_decompress=False) as session,
            session.request(
                request.method,
                f"{self._queues}{request.raw_path}",
                data=body or None,
                skip_auto_headers=["Content-Type"],
                headers={name: value for name, value in request.headers.items() if name != "Host"},
            ) as answer,
        ):
            headers = {
                name: value
                for name, value in answer.headers.items()
                if name.lower().startswith("x-ms-") or name == "Content-Type"
            }
            return web.Response(status=answer.status, body=await answer.read(), headers=headers)
