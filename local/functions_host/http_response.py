"""What a function returned, as an HTTP response."""

from aiohttp import web
from azure.functions.meta import Datum

# The server writes these itself.
_SERVERS_OWN = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})


def http_response(returned: Datum | None) -> web.Response:
    """An HttpResponse as it is, a string as text, nothing as 204."""
    if returned is None or returned.type is None:
        return web.Response(status=204)
    if returned.type != "http":
        return web.Response(text=str(returned.value))
    value = returned.value
    response = web.Response(
        status=int(value["status_code"].value),
        body=value["body"].value,
        headers={
            name: datum.value
            for name, datum in value["headers"].items()
            if name.lower() not in _SERVERS_OWN
        },
    )
    for cookie in value["cookies"] or []:
        for morsel in cookie.values():
            response.headers.add("Set-Cookie", morsel.OutputString())
    return response
