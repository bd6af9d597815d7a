"""Mails of every form, language, kind and origin, to people of whom we know what is theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from cli.lint.sample import Origin, canaries, sample_record
from shared.kept_mails.kept_mails import FramedMails
from shared.mail.confirmation_mail import MailComposer
from shared.values.confirmation_token import Tokens
from shared.values.form import Form
from shared.values.mail import Mail
from shared.values.mailbox import mailbox_key
from shared.values.record import Record
from shared.values.record_notes import MailKind
from tests.examples import NOON, PEPPER, TOKEN_KEYS, sample_forms
from tests.fakes.mail_frames import FakeMailFrames
from tests.fakes.outside import PUBLIC_URL
from tests.words.samples import LANGUAGES, form_in

COMPOSER = MailComposer(PUBLIC_URL, Tokens(TOKEN_KEYS), PEPPER)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who signed up at that time."""

    email: str
    registration_id: str
    asked_at: datetime


ANNA = Person(
    email="Anna.O'Hara@bücher.example",
    registration_id="3f2b8f1e-1111-4111-8111-abcdefabcdef",
    asked_at=NOON + timedelta(seconds=5),
)
BOB = Person(
    email="bob+news@mail.example",
    registration_id="9d0c7a64-2222-4222-9222-fedcbafedcba",
    asked_at=NOON + timedelta(days=40, hours=7, seconds=44),
)


class MailCase(NamedTuple):
    """Which mail."""

    form: Form
    language: str
    kind: MailKind
    origin: Origin

    def __str__(self) -> str:
        return f"{self.form.id}-{self.language}-{self.kind}-{self.origin.name}"


def every_mail() -> Iterator[MailCase]:
    """Of the shipped forms in their languages, and of one in each language that there is."""
    forms = [(form, form.languages) for form in sample_forms().values()]
    for form, languages in [*forms, (everywhere(), LANGUAGES)]:
        for language in languages:
            for kind in MailKind:
                for origin in Origin:
                    yield MailCase(form, language, kind, origin)


def everywhere() -> Form:
    """A form in each language that there is."""
    form = form_in(*LANGUAGES)
    texts = form.mail.model_copy(update={"text": dict.fromkeys(LANGUAGES, "You asked for it.")})
    return form.model_copy(update={"id": "everywhere", "mail": texts})


def record_of(person: Person, case: MailCase) -> Record:
    """The person's registration, about to be mailed."""
    sample = sample_record(case.form, case.language, case.origin, canaries(case.form))
    lead = sample.lead.model_copy(update={"submitted_at": person.asked_at}) if sample.lead else None
    return sample.model_copy(
        update={
            "email": person.email,
            "mailbox_key": mailbox_key(person.email, PEPPER),
            "registration_id": person.registration_id,
            "asked_at": person.asked_at,
            "forget_at": person.asked_at + case.form.forgotten_after,
            "lead": lead,
        }
    )


def composed(person: Person, case: MailCase, later: timedelta = timedelta(seconds=2)) -> Mail:
    """The person's mail number 1, composed so much later than it was asked for."""
    at = person.asked_at + later
    return COMPOSER(record_of(person, case), case.form, case.kind, 1, at)


def kept_mails(frames: FakeMailFrames | None = None, pepper: str = PEPPER) -> FramedMails:
    """As a process that has just started has them."""
    return FramedMails(frames or FakeMailFrames(), pepper)


def sent(record: Record, mail: Mail, kept: FramedMails, number: int = 1) -> Record:
    """The record with the note of the mail that left."""
    at = mail.composed_at
    for _ in range(number - len(record.mails)):
        record = record.take_mail(MailKind.CONFIRMATION, at, at + timedelta(minutes=2))
    noted = kept.keep(mail, record, number)
    note = record.noted(number).model_copy(
        update={
            "sent_at": at + timedelta(seconds=1),
            "mime_digest": noted.mime_digest,
            "frame": noted.frame,
            "slots": noted.slots,
        }
    )
    return record.mailed(note)
