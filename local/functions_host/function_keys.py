"""Function keys. Like `func start`, the host enforces none unless it was given some."""

import hmac
from collections.abc import Sequence

from aiohttp import web


def is_authorized(request: web.Request, level: str, keys: Sequence[str]) -> bool:
    """Whether the request may call something of that level (ANONYMOUS, FUNCTION or ADMIN).

    The key comes in the header `x-functions-key` or the query parameter `code`; here every key
    opens everything. https://learn.microsoft.com/azure/azure-functions/function-keys-how-to
    """
    if not keys or level.upper() == "ANONYMOUS":
        return True
    offered = request.headers.get("x-functions-key") or request.query.get("code", "")
    return any(hmac.compare_digest(offered.encode(), key.encode()) for key in keys)
