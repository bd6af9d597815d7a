"""HTTP: a sign-up → queue `registrations`, 202."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.form import Form
    from shared.values.registration import Registration

blueprint = func.Blueprint()


@blueprint.function_name("register")
@blueprint.route(
    "forms/{form}/registrations", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS
)
def register(req: func.HttpRequest) -> func.HttpResponse:
    """POST /api/forms/{form}/registrations."""
    return answer(req, wiring.outside())


def answer(  # noqa: PLR0911 - one return for each documented answer
    request: func.HttpRequest, outside: Outside
) -> func.HttpResponse:
    """Depends on nothing but the request and the form: never on who is known already."""
    from shared import acceptance, events
    from shared.failures import TemporaryFailure
    from shared.values.event_catalogue import Event
    from shared.values.messages import MessageTooLarge
    from shared.web import problem
    from shared.web.http_answers import problem_answer
    from shared.web.proof_check import give_proof_back
    from shared.web.register_request import (
        AnswersRefused,
        RequestRefused,
        published_form,
        read_register_request,
    )
    from shared.web.request_body import MAX_BODY_BYTES

    try:
        form = published_form(request, outside)
        asked = read_register_request(request, form, outside)
    except AnswersRefused as refused:
        from shared.web.page_answers import rejected_page, wants_page

        if wants_page(request):
            return rejected_page(
                refused.form, refused.language, refused.errors, refused.page_url, outside
            )
        return problem_answer(refused.problem)
    except RequestRefused as refused:
        return problem_answer(refused.problem)
    if asked.dropped:
        events.note(Event.HONEYPOT, asked.registration.about)
        return _accepted(asked.registration, form, request, outside)
    try:
        acceptance.register(asked.registration, outside)
    except MessageTooLarge:
        return problem_answer(problem.too_large(MAX_BODY_BYTES))
    except TemporaryFailure as failure:
        give_proof_back(asked.proof, asked.registration.id, outside)
        from shared.web.page_answers import form_unavailable_page, wants_page

        events.alarm(Event.REGISTER_UNAVAILABLE, asked.registration.about, reason=str(failure))
        if wants_page(request):
            page_url = asked.registration.source.page_url
            return form_unavailable_page(form, asked.registration.locale, page_url, outside)
        return problem_answer(problem.unavailable())
    return _accepted(asked.registration, form, request, outside)


def _accepted(
    registration: Registration, form: Form, request: func.HttpRequest, outside: Outside
) -> func.HttpResponse:
    from shared.web.http_answers import json_answer, see_other
    from shared.web.http_request import media_type
    from shared.web.request_body import FORM_TYPE

    if media_type(request) != FORM_TYPE:
        return json_answer({"registrationId": registration.id, "status": "accepted"}, status=202)
    if form.redirects.accepted:
        return see_other(form.redirects.accepted)
    from shared.web.page_answers import accepted_page

    return accepted_page(form, registration.locale, outside)
