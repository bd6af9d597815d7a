"""HTTP: "this was not me": GET shows the button, POST deletes the unconfirmed record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.link_view import LinkView

blueprint = func.Blueprint()


@blueprint.function_name("show_decline")
@blueprint.route("decline", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
def show_decline(req: func.HttpRequest) -> func.HttpResponse:
    """GET /api/decline?token=… declines nothing: mail scanners open links."""
    return show(req, wiring.outside())


@blueprint.function_name("decline")
@blueprint.route("decline", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
def decline(req: func.HttpRequest) -> func.HttpResponse:
    """POST /api/decline, token=…."""
    return press(req, wiring.outside())


def show(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """The page with the button, or what became of the registration."""
    from shared import double_opt_in
    from shared.values.confirmation_token import Purpose
    from shared.web.http_request import sender_of, token_in_query
    from shared.web.page_answers import link_answer

    opened_from = sender_of(request, outside.rules.trusted_proxies)

    def step(token: str, outside: Outside) -> LinkView:
        return double_opt_in.show_decline(token, outside, opened_from)

    return link_answer(step, Purpose.DECLINE, token_in_query(request), request, outside)


def press(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """Delete and suppress."""
    from shared import double_opt_in
    from shared.values.confirmation_token import Purpose
    from shared.web.http_request import token_in_body
    from shared.web.page_answers import link_answer

    return link_answer(
        double_opt_in.decline, Purpose.DECLINE, token_in_body(request), request, outside
    )
