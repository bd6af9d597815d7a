"""A message of whichever queue, for who looks after the poison queues."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.values.mail_report import parse_mail_report
from shared.values.messages import (
    FollowUpMessage,
    LeadMessage,
    Message,
    parse_hand_over,
    parse_mail_request,
)
from shared.values.printable import printable
from shared.values.queue_name import QueueName

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def parse_any(queue: QueueName, body: bytes, pepper: str) -> Message:
    """What the queue's own function would read. Raises MessageNotOurs."""
    match queue:
        case QueueName.REGISTRATIONS:
            return parse_mail_request(body)
        case QueueName.PROMOTIONS:
            return parse_hand_over(body)
        case QueueName.FOLLOW_UPS:
            return FollowUpMessage.parse(body)
        case QueueName.MAIL_REPORTS:
            return parse_mail_report(body, pepper)
        case QueueName.LINKEDIN_LEADS:
            return LeadMessage.parse(body)


@dataclass(frozen=True, kw_only=True)
class Gist:
    """What can be told about a message, whoever wrote it; each is None when it does not say."""

    registration: str | None
    failure: str | None
    due_at: datetime | None = None


def gist_of(body: bytes) -> Gist:
    """The registration's id, the failure and the due time. Never fails, and tells nothing else."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        return Gist(registration=None, failure=None)
    whole = message.get("registration")
    registration = whole.get("id") if isinstance(whole, dict) else message.get("registrationId")
    return Gist(
        registration=_id(registration),
        failure=_line(message.get("failure")),
        due_at=_moment(message.get("dueAt")),
    )


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _line(value: Any) -> str | None:
    return printable(" ".join(value.split())[:300]) if isinstance(value, str) else None


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
