"""HTTP: the button of an expired link's page → queue `registrations`, a fresh mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring

if TYPE_CHECKING:
    from shared.ports import Outside

blueprint = func.Blueprint()


@blueprint.function_name("renew")
@blueprint.route("renew", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
def renew(req: func.HttpRequest) -> func.HttpResponse:
    """POST /api/renew, token=… of an expired link."""
    return press(req, wiring.outside())


def press(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """Ask for a fresh mail to the same address."""
    from shared import double_opt_in
    from shared.values.confirmation_token import Purpose
    from shared.web.http_request import token_in_body
    from shared.web.page_answers import link_answer

    return link_answer(
        double_opt_in.renew, Purpose.CONFIRM, token_in_body(request), request, outside
    )
