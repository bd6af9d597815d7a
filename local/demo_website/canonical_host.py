"""One website, one origin."""

from aiohttp import web
from aiohttp.typedefs import Handler


@web.middleware
async def canonical_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Sends http://localhost:… to http://127.0.0.1:…, as a real site sends contoso.com to www.

    To a browser the two are different origins, and the forms allow only one.
    """
    if request.url.host == "localhost":
        raise web.HTTPPermanentRedirect(request.url.with_host("127.0.0.1"))
    return await handler(request)
