"""An HTTP request as the real host hands it to a Python function.

The rules are those of `ToRpcHttp` in
https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/MessageExtensions/GrpcMessageConversionExtensions.cs
"""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from aiohttp import web
from azure.functions.meta import Datum


def http_datum(request: web.Request, body: bytes, route_values: Mapping[str, str]) -> Datum:
    """The trigger's value; raises HTTPBadRequest for a header that is not UTF-8, as Kestrel does.

    Repeated headers and query parameters become one, joined by commas; empty query parameters
    are left out; names of headers are in lower case, names of query parameters are compared
    without regard to case.
    """
    headers = _joined((name.lower(), value) for name, value in request.headers.items())
    if any(not _is_unicode(value) for value in headers.values()):
        raise web.HTTPBadRequest(text="")
    headers["x-forwarded-for"] = ", ".join(
        filter(None, [headers.get("x-forwarded-for"), _client(request)])
    )
    headers["x-forwarded-proto"] = request.scheme
    query = _joined(parse_qsl(_query_string(request), keep_blank_values=True, errors="replace"))
    values = {
        "method": _text(request.method),
        "url": _text(f"{request.scheme}://{request.host}{request.raw_path}"),
        "headers": {name: _text(value) for name, value in headers.items()},
        "query": {name: _text(value) for name, value in query.items() if value},
        "params": {name: _text(value) for name, value in route_values.items()},
        "body": Datum(body, "bytes"),
    }
    return Datum(values, "http")


def raw_path(request: web.Request) -> str:
    """The path as it came over the wire, without the query string."""
    return request.raw_path.partition("?")[0]


def _query_string(request: web.Request) -> str:
    return request.raw_path.partition("?")[2]


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    spellings: dict[str, str] = {}
    joined: dict[str, str] = {}
    for name, value in pairs:
        spelling = spellings.setdefault(name.lower(), name)
        joined[spelling] = f"{joined[spelling]},{value}" if spelling in joined else value
    return joined


def _client(request: web.Request) -> str:
    """`address:port`, which Azure's front end appends to X-Forwarded-For."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return f"{peer[0]}:{peer[1]}" if peer else ""


def _is_unicode(text: str) -> bool:
    # aiohttp keeps bytes that are no UTF-8 as lone surrogates.
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _text(value: str) -> Datum:
    return Datum(value, "string")
