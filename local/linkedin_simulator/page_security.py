"""What protects the pages: their Content-Security-Policy, and forms that only they may send."""

from aiohttp import web


def security_headers(form_target: str = "") -> dict[str, str]:
    """`form_target` is an origin to which a form of the page may lead, beyond our own."""
    return {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
        f"connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "
        f"{form_target}".rstrip(),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
    }


def require_own_page(request: web.Request) -> None:
    """Raise HTTPForbidden for a form that another website sent."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise web.HTTPForbidden(text="This form belongs to another website.")
