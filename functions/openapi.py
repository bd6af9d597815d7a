"""HTTP: the description of this API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring

if TYPE_CHECKING:
    from shared.ports import Outside

blueprint = func.Blueprint()


@blueprint.function_name("openapi")
@blueprint.route("openapi.json", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
def openapi(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001 - the host calls it so
    """GET /api/openapi.json."""
    return answer(wiring.outside())


def answer(outside: Outside) -> func.HttpResponse:
    """OpenAPI 3.1."""
    from shared.web.openapi import openapi_document

    return func.HttpResponse(
        openapi_document(outside.rules.public_url),
        mimetype="application/json",
        headers={"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"},
    )
