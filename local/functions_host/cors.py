"""Cross-origin requests, answered as `func start` answers them with ASP.NET Core's middleware.

Core Tools takes `Host.CORS` of local.settings.json, or `--cors`, and allows these origins every
method and header. https://learn.microsoft.com/azure/azure-functions/functions-develop-local
"""

from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from local.functions_host.load_failure import LoadFailure

ANY = "*"


@dataclass(frozen=True, kw_only=True)
class CorsPolicy:
    """Which origins may read answers; `*` means every one."""

    origins: frozenset[str]
    credentials: bool

    def headers_for(self, origin: str) -> dict[str, str]:
        """What an answer carries for that origin; nothing when it is not allowed."""
        if ANY in self.origins:
            return {"Access-Control-Allow-Origin": ANY}
        if origin.lower() not in self.origins:
            return {}
        headers = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
        if self.credentials:
            headers["Access-Control-Allow-Credentials"] = "true"
        return headers


def parse_cors(origins: str, *, credentials: bool) -> CorsPolicy | None:
    """Reads a comma-separated list; None when it is empty, as then nothing is answered.

    Raises LoadFailure for entries that Core Tools would accept but never match.
    """
    listed = [origin for origin in origins.split(",") if origin]
    for origin in listed:
        if origin != ANY and (origin != origin.strip() or origin.endswith("/")):
            raise LoadFailure(f"CORS: {origin!r} matches nothing; no spaces, no slash at the end")
    if ANY in listed and credentials:
        raise LoadFailure("CORS: credentials need origins by name, not *")
    if not listed:
        return None
    return CorsPolicy(origins=frozenset(map(str.lower, listed)), credentials=credentials)


def cors_middleware(policy: CorsPolicy) -> Middleware:
    """Answers preflight requests itself, and adds headers to the other answers."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is None:
            return await handler(request)
        headers = policy.headers_for(origin)
        asked_method = request.headers.get("Access-Control-Request-Method")
        if request.method == "OPTIONS" and asked_method is not None:
            if headers:
                headers["Access-Control-Allow-Methods"] = asked_method
                if asked := request.headers.get("Access-Control-Request-Headers"):
                    headers["Access-Control-Allow-Headers"] = asked
            return web.Response(status=204, headers=headers)
        answer = await handler(request)
        answer.headers.update(headers)
        return answer

    return middleware
