"""The content of a queue message for an operator: whose it is stays hidden.

Shown is what the app's own messages say without naming a person. All else is replaced by its kind
and length, in whatever message: of another version, of Event Grid, or of somebody else.
"""

import json
import re
from typing import Any, Final

from shared.values.linkedin.symbols import LeadAction, LeadType
from shared.values.messages import FollowUp
from shared.values.queue_body import body_in
from shared.values.record_notes import MailKind

_ID: Final = r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_TIME: Final = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
# https://learn.microsoft.com/azure/event-grid/communication-services-email-events
_STATUS: Final = (
    "Delivered|Suppressed|Bounced|Quarantined|FilteredSpam|Expanded|Failed|OutForDelivery"
)
# What may be shown of a text, by the name that it has.
_PLAIN: Final[dict[str, str]] = {
    "id": _ID,
    "registrationId": _ID,
    "registration": _ID,
    "mailboxKey": r"[0-9a-f]{64}",
    "form": r"[a-z][a-z0-9-]{0,49}|urn:li:[A-Za-z:(),0-9]{1,200}",
    "locale": r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
    "language": r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
    "version": r"[0-9a-f]{64}|[0-9.]{1,20}",
    "mail": "|".join(MailKind),
    "followUp": "|".join(FollowUp),
    "action": "|".join(LeadAction),
    "leadType": "|".join(LeadType),
    "owner": r"urn:li:[A-Za-z]+:\d{1,20}",
    "lead": r"[0-9A-Za-z-]{1,64}",
    "operationId": _ID,
    "eventId": _ID,
    "eventType": r"[A-Za-z.]{1,100}",
    "status": _STATUS,
    **dict.fromkeys(
        ("slot", "dueAt", "askedAt", "withdrawnAt", "attemptedAt", "occurredAt", "eventTime"),
        _TIME,
    ),
}
# Numbers and truths that say nothing about a person.
_COUNTED: Final = frozenset({"version", "attempt", "number", "doubts", "retry", "oneClick"})
# Names without a meaning of their own: their values are looked at.
_HOLDERS: Final = frozenset({"registration", "consents", "source", "lead", "data"})
# What a form or a website names: neither names nor values are ours.
_ANSWERS: Final = frozenset({"answers", "hiddenFields"})
_OTHERS: Final = frozenset(
    {
        "failure",
        "email",
        "privacyPolicyUrl",
        "askedFrom",
        "userAgent",
        "pageUrl",
        "campaign",
        "text",
        "recipient",
        "messageId",
        "topic",
        "subject",
    }
)
_KNOWN: Final = frozenset({*_PLAIN, *_COUNTED, *_HOLDERS, *_ANSWERS, *_OTHERS})
_MOST_DEPTH: Final = 12


def json_in(body: bytes) -> Any:
    """The JSON of a message, whoever wrote it. Raises ValueError when it is none."""
    try:
        return json.loads(body_in(body))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def without_person(message: Any) -> Any:
    """The same JSON with everything hidden that could name a person. Never fails.

    Without the failure, which is told apart.
    """
    if isinstance(message, dict):
        message = {name: value for name, value in message.items() if name != "failure"}
    return _shown(message, "", 0)


def _shown(value: Any, name: str, depth: int) -> Any:
    if depth > _MOST_DEPTH:
        return "(hidden: nested deeply)"
    if isinstance(value, dict):
        if name in _ANSWERS:
            return f"(hidden: {len(value)} answers)"
        return {
            _name(key, number): _shown(each, key, depth + 1)
            for number, (key, each) in enumerate(value.items(), start=1)
        }
    if isinstance(value, list):
        return [_shown(each, name, depth + 1) for each in value]
    return _shown_alone(value, name)


def _shown_alone(value: str | float | None, name: str) -> Any:
    if isinstance(value, str):
        return value if _is_plain(name, value) else f"(hidden: {len(value)} characters)"
    if value is None or name in _COUNTED:
        return value
    return f"(hidden: {'yes or no' if isinstance(value, bool) else 'a number'})"


def _name(key: str, number: int) -> str:
    """A name that is none of ours is content, maybe an address."""
    return key if key in _KNOWN else f"(hidden name {number})"


def _is_plain(name: str, text: str) -> bool:
    pattern = _PLAIN.get(name)
    return pattern is not None and re.fullmatch(pattern, text) is not None
