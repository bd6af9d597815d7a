"""The altcha widget, as npm installed it: for sign-ups that ask for proof of work."""

from collections.abc import Mapping

from aiohttp import web

from local.stack.layout import NODE_FOLDER

_PACKAGE = NODE_FOLDER / "node_modules" / "altcha" / "dist"
# Its edition for a strict Content-Security-Policy: styles and worker in files of their own.
# https://altcha.org/docs/v2/widget-integration/
_FILES: Mapping[str, str] = {
    "altcha.js": "external/altcha.js",
    "altcha.css": "external/altcha.css",
    "pbkdf2.js": "workers/pbkdf2.js",
    "de.js": "i18n/de.js",
    "fr.js": "i18n/fr-fr.js",
}


async def altcha_file(request: web.Request) -> web.StreamResponse:
    """One of the files that the pages use."""
    path = _FILES.get(request.match_info["file"])
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(_PACKAGE / path, headers={"Cache-Control": "no-cache"})
