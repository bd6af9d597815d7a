"""HTTP: taking a consent back: GET shows the button, POST withdraws → Dataverse opts out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring
from shared.ports import Deadline, Outside

if TYPE_CHECKING:
    from shared.values.link_view import LinkView

blueprint = func.Blueprint()


@blueprint.function_name("show_withdraw")
@blueprint.route("withdraw", methods=["GET", "HEAD"], auth_level=func.AuthLevel.ANONYMOUS)
def show_withdraw(req: func.HttpRequest) -> func.HttpResponse:
    """GET /api/withdraw?token=… withdraws nothing: mail scanners open links."""
    return show(req, wiring.outside())


@blueprint.function_name("withdraw")
@blueprint.route("withdraw", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
def withdraw(req: func.HttpRequest) -> func.HttpResponse:
    """POST /api/withdraw, token=…; or to the link itself, by a mail program (RFC 8058)."""
    return press(req, wiring.outside())


def show(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """The page with the button, or that nothing is left to withdraw."""
    from shared import double_opt_in
    from shared.values.confirmation_token import Purpose
    from shared.web.http_request import token_in_query
    from shared.web.page_answers import link_answer

    return link_answer(
        double_opt_in.show_withdraw, Purpose.WITHDRAW, token_in_query(request), request, outside
    )


def press(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """Keep the withdrawal, whatever Dataverse does."""
    from shared import double_opt_in
    from shared.values.confirmation_token import Purpose
    from shared.web.http_request import token_in_body, token_in_query, withdrawal_of
    from shared.web.one_click import is_one_click
    from shared.web.page_answers import link_answer

    one_click = is_one_click(request)
    token = token_in_query(request) if one_click else token_in_body(request)
    note = withdrawal_of(request, outside.rules.trusted_proxies, outside.now(), one_click=one_click)
    deadline = Deadline(outside.rules.inline_seconds)

    def step(token: str, outside: Outside) -> LinkView:
        return double_opt_in.withdraw(token, note, deadline, outside)

    # A mail program has nobody who could go on to another page.
    return link_answer(step, Purpose.WITHDRAW, token, request, outside, may_lead_on=not one_click)
