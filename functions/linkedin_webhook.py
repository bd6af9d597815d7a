"""HTTP: LinkedIn's challenge → proof that the webhook is ours; notifications → `linkedin-leads`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring

if TYPE_CHECKING:
    from shared.ports import Outside

blueprint = func.Blueprint()


@blueprint.function_name("linkedin_challenge")
@blueprint.route("linkedin/webhook", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def linkedin_challenge(req: func.HttpRequest) -> func.HttpResponse:
    """GET /api/linkedin/webhook?challengeCode=…, within three seconds."""
    return prove(req, wiring.outside())


@blueprint.function_name("linkedin_webhook")
@blueprint.route("linkedin/webhook", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
def linkedin_webhook(req: func.HttpRequest) -> func.HttpResponse:
    """POST /api/linkedin/webhook."""
    return notify(req, wiring.outside())


def prove(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """Sign the challenge, which has to be one."""
    from shared import events
    from shared.values.event_catalogue import Event
    from shared.web.http_answers import json_answer, problem_answer
    from shared.web.linkedin_request import RequestRefused, not_configured, read_challenge

    linkedin = outside.rules.linkedin
    if linkedin is None:
        return problem_answer(not_configured())
    try:
        return json_answer(read_challenge(request, linkedin))
    except RequestRefused as refused:
        events.warn(Event.LINKEDIN_REFUSED, reason=refused.problem.type)
        return problem_answer(refused.problem)


def notify(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """One queue message for each notification, then 200: the lead itself is fetched later."""
    from shared import events, lead_intake
    from shared.failures import TemporaryFailure
    from shared.values.event_catalogue import Event
    from shared.web import problem
    from shared.web.http_answers import json_answer, problem_answer
    from shared.web.linkedin_request import RequestRefused, not_configured, read_notifications

    linkedin = outside.rules.linkedin
    if linkedin is None:
        return problem_answer(not_configured())
    try:
        received = read_notifications(request, linkedin)
    except RequestRefused as refused:
        events.warn(Event.LINKEDIN_REFUSED, reason=refused.problem.type)
        return problem_answer(refused.problem)
    for place in received.unreadable:
        events.alarm(Event.LINKEDIN_UNREADABLE, reason=place)
    for kind in received.ignored:
        events.note(Event.LINKEDIN_IGNORED, type=kind)
    # LinkedIn repeats itself, and gives notifications no id.
    once = {notification.identity: notification for notification in received.leads}
    try:
        for notification in once.values():
            lead_intake.announce(notification, outside)
    except TemporaryFailure as failure:
        events.alarm(Event.LINKEDIN_UNAVAILABLE, reason=str(failure))
        return problem_answer(problem.unavailable())
    return json_answer({"accepted": len(once), "ignored": len(received.ignored)})
