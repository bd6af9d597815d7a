"""HTTP: the published definition of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring

if TYPE_CHECKING:
    from shared.ports import Outside

blueprint = func.Blueprint()


@blueprint.function_name("describe_form")
@blueprint.route("forms/{form}", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
def describe_form(req: func.HttpRequest) -> func.HttpResponse:
    """GET /api/forms/{form}."""
    return answer(req, wiring.outside())


def answer(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """The definition, or 304 when the website has it already."""
    from shared.values.form_description import describe, etag_of
    from shared.web.http_answers import problem_answer
    from shared.web.http_request import header
    from shared.web.register_request import RequestRefused, published_form
    from shared.web.request_body import MAX_BODY_BYTES

    try:
        form = published_form(request, outside)
    except RequestRefused as refused:
        return problem_answer(refused.problem)
    body = describe(form, public_url=outside.rules.public_url, max_body_bytes=MAX_BODY_BYTES)
    etag = etag_of(body)
    headers = {
        "ETag": etag,
        "Cache-Control": "public, max-age=300",
        "X-Content-Type-Options": "nosniff",
    }
    known = (header(request, "If-None-Match") or "").split(",")
    if any(tag.strip().removeprefix("W/") in {etag, "*"} for tag in known):
        return func.HttpResponse(status_code=304, headers=headers)
    return func.HttpResponse(body, mimetype="application/json", headers=headers)
