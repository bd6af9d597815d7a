"""A mail, ready to be handed to a provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from shared.values.mail_frame import MailFrame, Slots

# The namespace of our operation and message ids (a random UUID, fixed for ever).
_NAMESPACE = UUID("6d0f7f3c-6a1a-4a53-9a35-6c0f2a1d5b7e")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail to one address.

    `operation_id` (a UUID) is the same whenever the same mail is tried again, so that a provider
    that knows operation ids can recognise it. `composed_at` becomes its Date, so that the same
    mail is always the same bytes. `frame` and `slots` are what it was filled from.
    """

    operation_id: str
    message_id: str
    sender: str
    sender_name: str | None
    reply_to: str | None
    to: str
    subject: str
    text: str
    html: str
    language: str
    composed_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    frame: MailFrame | None = field(default=None, repr=False)
    slots: Slots = field(default_factory=dict, repr=False)


def filled_in(
    frame: MailFrame, slots: Slots, *, operation: str, to: str, composed_at: datetime
) -> Mail:
    """The mail to one address that the frame makes with these values."""
    return Mail(
        operation_id=operation,
        message_id=message_id(operation, frame.sender),
        sender=frame.sender,
        sender_name=frame.sender_name,
        reply_to=frame.reply_to,
        to=to,
        subject=frame.subject,
        text=frame.filled_text(slots),
        html=frame.filled_html(slots),
        language=frame.language,
        composed_at=composed_at,
        headers=frame.headers,
        frame=frame,
        slots=slots,
    )


def operation_id(registration_id: str, number: int) -> str:
    """The operation id of a record's mail number `number`."""
    return str(uuid5(_NAMESPACE, f"{registration_id}/{number}"))


def message_id(operation: str, sender: str) -> str:
    """A stable Message-ID (RFC 5322 section 3.6.4), in the sender's domain."""
    return f"<{operation}@{sender.rpartition('@')[2]}>"
