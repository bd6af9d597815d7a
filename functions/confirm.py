"""HTTP: GET shows the button, POST confirms → record `confirmed`, then `promoted`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring
from shared.ports import Deadline, Outside

if TYPE_CHECKING:
    from shared.values.link_view import LinkView

blueprint = func.Blueprint()


@blueprint.function_name("show_confirm")
@blueprint.route("confirm", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
def show_confirm(req: func.HttpRequest) -> func.HttpResponse:
    """GET /api/confirm?token=… changes nothing: mail scanners open links."""
    return show(req, wiring.outside())


@blueprint.function_name("confirm")
@blueprint.route("confirm", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
def confirm(req: func.HttpRequest) -> func.HttpResponse:
    """POST /api/confirm, token=…: the person pressed the button."""
    return press(req, wiring.outside())


def show(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """The page with the button, or what became of the registration."""
    from shared import double_opt_in
    from shared.values.confirmation_token import Purpose
    from shared.web.http_request import token_in_query
    from shared.web.page_answers import link_answer

    return link_answer(
        double_opt_in.show_confirm, Purpose.CONFIRM, token_in_query(request), request, outside
    )


def press(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """Keep the click, whatever Dataverse does; or ask for the code in the mail."""
    from shared import double_opt_in
    from shared.values.confirmation_token import Purpose
    from shared.web.http_request import click_of, code_in_body, token_in_body
    from shared.web.page_answers import link_answer

    code = code_in_body(request)
    click = click_of(request, outside.rules.trusted_proxies, outside.now())
    deadline = Deadline(outside.rules.inline_seconds)

    def step(token: str, outside: Outside) -> LinkView:
        return double_opt_in.confirm(token, click, deadline, outside, code)

    return link_answer(step, Purpose.CONFIRM, token_in_body(request), request, outside)
