"""HTTP: a challenge for a form that asks for proof of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring

if TYPE_CHECKING:
    from shared.ports import Outside

blueprint = func.Blueprint()


@blueprint.function_name("challenge")
@blueprint.route("forms/{form}/challenge", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def challenge(req: func.HttpRequest) -> func.HttpResponse:
    """GET /api/forms/{form}/challenge."""
    return answer(req, wiring.outside())


def answer(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """A fresh challenge each time; nothing is stored."""
    from shared.web import problem
    from shared.web.http_answers import json_answer, problem_answer
    from shared.web.register_request import RequestRefused, published_form

    try:
        form = published_form(request, outside)
    except RequestRefused as refused:
        return problem_answer(refused.problem)
    if form.proof_of_work is None:
        return problem_answer(problem.no_challenge())
    return json_answer(outside.challenges.make(form, outside.now()))
