"""Which language a visitor reads."""

from collections.abc import Sequence

from aiohttp import web

# Remembers the visitor's choice where a link cannot carry it, such as on the way back from the
# functions app. It holds nothing but the choice, so it needs no consent.
COOKIE = "contoso_language"


def visitor_language(request: web.Request, offered: Sequence[str]) -> str:
    """`?lang=`, else the remembered choice, else the browser's wish, else the first offered."""
    header = request.headers.get("Accept-Language", "")
    browser = [wish.partition(";")[0] for wish in header.split(",")]
    for wish in (request.query.get("lang", ""), request.cookies.get(COOKIE, ""), *browser):
        language = wish.strip().lower().partition("-")[0]
        if language in offered:
            return language
    return offered[0]


def remember_choice(request: web.Request, response: web.Response, language: str) -> None:
    """Keeps an explicit choice until the browser is closed."""
    if request.query.get("lang") == language:
        response.set_cookie(COOKIE, language, httponly=True, samesite="Lax")
