"""What LinkedIn sends to the webhook: a challenge, or notifications with a signature.

https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from shared import events
from shared.values.event_catalogue import Event
from shared.values.linkedin.lead_notification import (
    NotificationsUnreadable,
    ReceivedNotifications,
    parse_notifications,
)
from shared.values.linkedin.signature import ChallengeRefused, answer_challenge, check_signature
from shared.web import problem
from shared.web.http_request import header
from shared.web.problem import Problem

if TYPE_CHECKING:
    import azure.functions as func

    from shared.rules import LinkedInRules

# A notification has some 350 bytes; LinkedIn documents one for each request.
MAX_BODY_BYTES = 256 * 1024


class RequestRefused(Exception):
    """It is not LinkedIn's, or cannot be read; `problem` says why, and no signature."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.type)
        self.problem = problem


def read_challenge(request: func.HttpRequest, linkedin: LinkedInRules) -> dict[str, str]:
    """The JSON that proves that the webhook is ours. Raises RequestRefused."""
    if "secret" in request.params:
        _check_secret(request, linkedin)
    try:
        return answer_challenge(linkedin.client_secret, request.params.get("challengeCode") or "")
    except ChallengeRefused:
        raise RequestRefused(problem.malformed("challengeCode must be a UUID.")) from None


def read_notifications(request: func.HttpRequest, linkedin: LinkedInRules) -> ReceivedNotifications:
    """What was notified, and by LinkedIn. Raises RequestRefused."""
    _check_secret(request, linkedin)
    body = request.get_body()
    if len(body) > MAX_BODY_BYTES:
        raise RequestRefused(problem.too_large(MAX_BODY_BYTES))
    try:
        received = parse_notifications(_signed(body, request, linkedin))
    except NotificationsUnreadable as unreadable:
        raise RequestRefused(problem.malformed(f"Not a notification: {unreadable}.")) from None
    if received.unreadable and not received.leads:
        raise RequestRefused(problem.malformed("No notification in it can be read."))
    return received


def _signed(body: bytes, request: func.HttpRequest, linkedin: LinkedInRules) -> bytes:
    """What LinkedIn signed. Raises RequestRefused."""
    signature = header(request, "X-LI-Signature")
    if signature is None and not linkedin.require_signature:
        return body
    match = check_signature(linkedin.client_secret, body, signature)
    if match is None:
        raise RequestRefused(_not_linkedin("X-LI-Signature does not belong to the body."))
    if match.variant != "canonical":
        events.note(Event.LINKEDIN_SIGNATURE, variant=match.variant)
    return match.body


def _check_secret(request: func.HttpRequest, linkedin: LinkedInRules) -> None:
    if linkedin.webhook_secret is None:
        return
    given = request.params.get("secret") or ""
    if not hmac.compare_digest(given.encode(), linkedin.webhook_secret.encode()):
        raise RequestRefused(_not_linkedin("The parameter 'secret' is missing or wrong."))


def _not_linkedin(detail: str) -> Problem:
    return Problem(
        status=401, type="not-linkedin", title="The request is not LinkedIn's", detail=detail
    )


def not_configured() -> Problem:
    """404: this app takes no leads."""
    return Problem(
        status=404,
        type="no-linkedin",
        title="LinkedIn is not configured",
        detail="Set LINKEDIN_CLIENT_ID and LINKEDIN_CLIENT_SECRET.",
    )
