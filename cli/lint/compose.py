"""Composes every mail that a form can send, as the app would."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from cli.lint.composed import ComposedMail
from cli.lint.sample import COMPOSED_AT, Origin, canaries, sample_record
from cli.lint.words import words_in
from shared.failures import PermanentFailure
from shared.mime import mime_message
from shared.ports import ComposeMail
from shared.texts.catalogue import catalogue
from shared.values.form import Form
from shared.values.record_notes import MailKind
from shared.wire_mail import wire_mail


class Composer(Protocol):
    """What it takes: wiring.Offline has it."""

    @property
    def public_url(self) -> str: ...
    @property
    def compose_mail(self) -> ComposeMail: ...


def compose_all(
    form: Form,
    composer: Composer,
    *,
    languages: Sequence[str] = (),
    allowed_words: Sequence[str] = (),
) -> Iterator[tuple[Origin, ComposedMail]]:
    """Each language, kind of mail and origin of the form; all languages unless some are given.

    Reminders and LinkedIn leads are there whether or not the form has them yet.
    """
    for language in form.languages:
        if languages and language not in languages:
            continue
        for kind in MailKind:
            for origin in Origin:
                mail = compose(form, language, kind, origin, composer)
                yield origin, replace(mail, allowed_words=tuple(allowed_words))


def compose(
    form: Form, language: str, kind: MailKind, origin: Origin, composer: Composer
) -> ComposedMail:
    """One mail."""
    typed = canaries(form)
    record = sample_record(form, language, origin, typed)
    mail = composer.compose_mail(record, form, kind, 1, COMPOSED_AT)
    wire, refusal = b"", None
    try:
        wire = mime_message(wire_mail(mail))
    except PermanentFailure as failure:
        refusal = str(failure)
    return ComposedMail(
        form=form,
        record=record,
        kind=kind,
        mail=mail,
        wire=wire,
        texts=catalogue(language).mail,
        public_url=composer.public_url,
        canaries=typed,
        words=words_in(language),
        refusal=refusal,
    )
