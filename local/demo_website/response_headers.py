"""What every answer of this website carries."""

from aiohttp import web


def page_headers(functions: str) -> dict[str, str]:
    """Headers for pages; `functions` is the origin that forms and `fetch` talk to."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": functions,
        # 'self' is for the way back: Chromium checks form-action on redirects, too.
        "form-action": f"{functions} 'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        # Not no-referrer: the browser would then post the plain form with `Origin: null`.
        # https://fetch.spec.whatwg.org/#append-a-request-origin-header
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language, Cookie",
    }


async def allow_only_declared_types(_request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: scripts and styles are never guessed."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
