"""Messages of the queues that name a person, or belong to one of the person's registrations."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from shared import poison
from shared.known_person import KnownPerson
from shared.ports import Outside, WaitingMessage
from shared.values.any_message import gist_of, parse_any
from shared.values.email_address import wire_address
from shared.values.mail import operation_id
from shared.values.mail_report import MailReportMessage
from shared.values.mailbox import canonical
from shared.values.messages import (
    FollowUp,
    FollowUpMessage,
    Message,
    MessageNotOurs,
    RegistrationMessage,
)
from shared.values.named_in import is_named_in
from shared.values.probe_message import is_probe
from shared.values.queue_name import QueueName
from shared.values.record import MOST_MAILS


@dataclass(frozen=True, kw_only=True)
class QueuedMessage:
    """A message, and the name of the queue or poison queue that has it.

    `content` is None where no function of ours could read it.
    """

    queue: str
    message: WaitingMessage
    content: Message | None

    @property
    def registration(self) -> str | None:
        """Which registration it is about, as far as it says."""
        return gist_of(self.message.body).registration

    @property
    def failure(self) -> str | None:
        """Why it is in poison, as far as it says."""
        return gist_of(self.message.body).failure


@dataclass(frozen=True, kw_only=True)
class Swept:
    """`dropped` were the person's; `unreadable` no function reads, and nothing tells whose."""

    dropped: tuple[QueuedMessage, ...] = ()
    unreadable: tuple[QueuedMessage, ...] = ()

    def __add__(self, other: "Swept") -> "Swept":
        return replace(
            self,
            dropped=self.dropped + other.dropped,
            unreadable=self.unreadable + other.unreadable,
        )


def messages_of(person: KnownPerson, outside: Outside) -> list[QueuedMessage]:
    """In all queues and their poison queues, as far as these show: 32 visible ones each.

    Raises TemporaryFailure.
    """
    return [one for queue in QueueName for one in _shown(queue, outside) if _is_of(one, person)]


def waiting_for(registrations: Collection[str], outside: Outside) -> list[QueuedMessage]:
    """The same, of registrations whose ids are known and nothing else. Raises TemporaryFailure."""
    return [
        one
        for queue in QueueName
        for one in _shown(queue, outside)
        if one.registration in registrations
    ]


def sweep_poison(person: KnownPerson, outside: Outside) -> Swept:
    """Delete what waits of a person in the poison queues. Raises TemporaryFailure.

    What no function could read, such as a message of an older version, goes where it names the
    address; else it stays, for somebody to look at.
    """
    swept = Swept()
    for queue in QueueName:
        swept += _sweep(queue, person, outside)
    return swept


def _sweep(queue: QueueName, person: KnownPerson, outside: Outside) -> Swept:
    dropped: list[QueuedMessage] = []
    unreadable: list[QueuedMessage] = []

    def wanted(message: WaitingMessage) -> bool:
        one = _queued(queue, queue.poison, message, outside)
        theirs = _is_of(one, person)
        if theirs:
            dropped.append(one)
        elif one.content is None and not is_probe(message.body):
            unreadable.append(one)
        return theirs

    poison.drop_where(queue, wanted, outside)
    return Swept(dropped=tuple(dropped), unreadable=tuple(unreadable))


def _shown(queue: QueueName, outside: Outside) -> Iterator[QueuedMessage]:
    for name in (queue.value, queue.poison):
        for message in outside.queues.look(name):
            yield _queued(queue, name, message, outside)


def _queued(
    queue: QueueName, name: str, message: WaitingMessage, outside: Outside
) -> QueuedMessage:
    content: Message | None
    try:
        content = parse_any(queue, message.body, outside.rules.pepper)
    except MessageNotOurs:
        content = None
    return QueuedMessage(queue=name, message=message, content=content)


def _is_of(one: QueuedMessage, person: KnownPerson) -> bool:
    match one.content:
        case None:
            theirs = one.registration is not None and one.registration in person.registrations
        case FollowUpMessage(follow_up=FollowUp.END_PROOF):
            return False  # it is what ends the proof
        case RegistrationMessage() as message:
            return canonical(message.registration.email) == canonical(person.address)
        case MailReportMessage() as message:
            theirs = message.mailbox_key == person.mailbox_key and (
                not person.others or message.operation_id in _mail_ids(person)
            )
        case message:
            theirs = message.about.registration in person.registrations
    names = {person.address, wire_address(person.address)}
    return theirs or is_named_in(one.message.body, names)


def _mail_ids(person: KnownPerson) -> set[str]:
    """By which the mail provider knows the person's mails."""
    ours = {
        operation_id(registration, number)
        for registration in person.registrations
        for number in range(1, MOST_MAILS + 1)
    }
    notes = (note for stored in person.records for note in stored.value.mails)
    return ours | {note.message_id for note in notes if note.message_id}
