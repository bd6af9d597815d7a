"""Every mail that there is can be written once more, and its frame is everybody's."""

import base64
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cli.lint.sample import Origin
from shared.mime import mime_message
from shared.texts.languages import languages
from shared.values.form import Form
from shared.values.mail import Mail
from shared.values.mail_frame import Slot
from shared.values.record_notes import MailKind
from shared.values.registration import GivenConsent
from shared.wire_mail import wire_mail
from tests.examples import NOON, sample_forms
from tests.fakes.mail_frames import FakeMailFrames
from tests.kept_mails.persons import (
    ANNA,
    BOB,
    COMPOSER,
    MailCase,
    Person,
    composed,
    every_mail,
    kept_mails,
    record_of,
    sent,
)
from tests.personal_traces import found_in
from tests.properties.strategies import domains, local_parts, moments, whole_text
from tests.words.samples import LANGUAGES

CASES = list(every_mail())


def frame_of(mail: Mail) -> str:
    assert mail.frame is not None
    return mail.frame.to_bytes().decode()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_very_bytes_come_back_in_a_process_that_knows_nothing(case: MailCase) -> None:
    frames = FakeMailFrames()
    for person in (ANNA, BOB):
        mail = composed(person, case)
        record = sent(record_of(person, case), mail, kept_mails(frames))
        left = mime_message(wire_mail(mail))
        assert kept_mails(frames).rebuild(record, 1) == left
    assert len(frames.frames) == 1


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_frame_holds_nothing_of_a_person(case: MailCase) -> None:
    mail = composed(ANNA, case)
    record = record_of(ANNA, case)
    frame = frame_of(mail)
    local_part = ANNA.email.partition("@")[0]
    secrets = [
        *(ANNA.email, local_part, wire_mail(mail).to, record.mailbox_key, ANNA.registration_id),
        *(base64.b64encode(bytes.fromhex(record.mailbox_key)).decode(), mail.operation_id),
        *mail.slots.values(),
    ]
    assert found_in([frame], secrets) == []
    assert set(mail.slots) == set(Slot)
    for slot in Slot:
        assert slot.mark in frame


def test_whoever_asks_whenever_gets_the_same_frame() -> None:
    """Also at times of a day, or in a second, that coincide."""
    for case in CASES:
        found = {
            frame_of(composed(person, case, later))
            for person in (ANNA, BOB)
            for later in (timedelta(0), timedelta(seconds=3), timedelta(days=2))
        }
        assert len(found) == 1, str(case)


def test_there_is_one_frame_for_each_form_language_kind_and_origin() -> None:
    frames = FakeMailFrames()
    kept = kept_mails(frames)
    for case in CASES:
        for person in (ANNA, BOB):
            kept.keep(composed(person, case), record_of(person, case), 1)
    assert set(LANGUAGES) == set(languages())
    assert len(frames.frames) == len(CASES)
    per_language = len(MailKind) * len(Origin)
    assert len(CASES) == per_language * sum(
        len(languages) for languages in [LANGUAGES, *(f.languages for f in sample_forms().values())]
    )
    assert frames.operations == len(CASES)  # each is written once


addresses = st.builds("{}@{}".format, local_parts, domains)
people = st.builds(
    Person,
    email=addresses,
    registration_id=st.uuids(version=4).map(str),
    asked_at=moments,
)
lines = whole_text.map(lambda text: " ".join(text.split()).strip("\x00\x1b")[:400])


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """The newsletter with whatever texts; those in headers as the app lets them leave."""
    form = sample_forms()["newsletter"]
    language = draw(st.sampled_from(form.languages))
    texts = form.mail.model_copy(
        update={
            "subject": {language: draw(lines.filter(str.isprintable)) or "Please confirm"},
            "text": {language: draw(whole_text)},
        }
    )
    consents = tuple(
        consent.model_copy(update={"text": {language: draw(whole_text)}})
        for consent in form.consents
    )
    company = form.company.model_copy(update={"imprint": {language: draw(whole_text)}})
    return form.model_copy(
        update={"languages": (language,), "mail": texts, "consents": consents, "company": company}
    )


@given(forms(), st.sampled_from(MailKind), st.sampled_from(Origin), people, people, st.integers(1))
def test_any_form_any_person(  # noqa: PLR0917 - what makes a mail
    form: Form, kind: MailKind, origin: Origin, one: Person, other: Person, seconds: int
) -> None:
    [language] = form.languages
    case = MailCase(form, language, kind, origin)
    frames = FakeMailFrames()
    names = set()
    for person in (one, other):
        given_consents = tuple(GivenConsent.of(each, language) for each in form.consents)
        record = record_of(person, case).model_copy(update={"consents": given_consents})
        at = person.asked_at + timedelta(seconds=seconds % 10_000_000)
        mail = COMPOSER(record, form, kind, 1, at)
        after = sent(record, mail, kept_mails(frames))
        names.add(after.mails[0].frame)
        assert kept_mails(frames).rebuild(after, 1) == mime_message(wire_mail(mail))
    assert len(names) == 1


@given(whole_text)
@example(Slot.CONFIRM.mark)
@example("\ufdd0nothing\ufdd1")
@example("\ufdd0\ufdd0code\ufdd1\ufdd1")
def test_a_text_with_the_marks_in_it_comes_back_as_it_was_sent(text: str) -> None:
    case = CASES[0]
    texts = case.form.mail.model_copy(update={"text": {case.language: text}})
    changed = case._replace(form=case.form.model_copy(update={"mail": texts}))
    frames = FakeMailFrames()
    mail = composed(ANNA, changed)
    record = sent(record_of(ANNA, changed), mail, kept_mails(frames))
    assert kept_mails(frames).rebuild(record, 1) == mime_message(wire_mail(mail))


def test_the_moment_of_composing_is_the_mail_s_date() -> None:
    mail = composed(ANNA, CASES[0])
    assert b"\r\nDate: Sun, 22 Nov 2026 12:00:07 +0000\r\n" in mime_message(wire_mail(mail))
    assert mail.composed_at == NOON + timedelta(seconds=7)
