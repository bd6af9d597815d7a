"""What is kept of a mail, what is not, and what is said when it does not come back."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared.adapters.record_rows import readable_record
from shared.failures import PermanentFailure, TemporaryFailure
from shared.kept_mails.refusal import LARGEST_FRAME, refusal
from shared.mime import mime_message
from shared.values.kept_mail import MailNotKept
from shared.values.mail import Mail, filled_in
from shared.values.mail_frame import MailFrame, Slot, digest_of
from shared.values.record import Record
from shared.values.record_notes import MailKind
from shared.wire_mail import wire_mail
from tests.examples import NOON
from tests.fakes.mail_frames import FakeMailFrames
from tests.kept_mails.persons import (
    ANNA,
    BOB,
    COMPOSER,
    composed,
    every_mail,
    kept_mails,
    record_of,
    sent,
)
from tests.personal_traces import found_in
from tests.told import told

FOLDER = Path(__file__).parent
CASE = next(every_mail())


@pytest.fixture
def frames() -> FakeMailFrames:
    return FakeMailFrames()


@pytest.fixture
def record(frames: FakeMailFrames) -> Record:
    """Anna's, whose mail left."""
    return sent(record_of(ANNA, CASE), composed(ANNA, CASE), kept_mails(frames))


def with_note(record: Record, **changes: object) -> Record:
    [note] = record.mails
    return record.model_copy(update={"mails": (note.model_copy(update=changes),)})


def changed(mail: Mail, **parts: str) -> Mail:
    """The same with other parts of its frame, filled in again."""
    assert mail.frame is not None
    return filled_in(
        replace(mail.frame, **parts),  # type: ignore[arg-type] # texts only
        mail.slots,
        operation=mail.operation_id,
        to=mail.to,
        composed_at=mail.composed_at,
    )


def test_what_is_noted(record: Record, frames: FakeMailFrames) -> None:
    [note] = record.mails
    assert note.mime_digest == digest_of(mime_message(wire_mail(composed(ANNA, CASE))))
    assert note.frame in frames.frames
    assert note.slots is not None
    secrets = [ANNA.email, *composed(ANNA, CASE).slots.values()]
    assert found_in([note.slots], secrets) == []


def test_one_sealing_is_not_like_another() -> None:
    mail = composed(ANNA, CASE)
    kept = kept_mails()
    both = [kept.keep(mail, record_of(ANNA, CASE), 1) for _ in range(2)]
    assert both[0].slots != both[1].slots
    assert both[0].frame == both[1].frame


def test_a_known_frame_costs_no_operation(frames: FakeMailFrames) -> None:
    kept = kept_mails(frames)
    for person in (ANNA, BOB, ANNA):
        kept.keep(composed(person, CASE), record_of(person, CASE), 1)
    assert frames.operations == 1


def test_a_frame_that_was_not_stored_is_not_known(frames: FakeMailFrames) -> None:
    kept = kept_mails(frames)
    frames.down = True
    with pytest.raises(TemporaryFailure) as failure:
        kept.keep(composed(ANNA, CASE), record_of(ANNA, CASE), 1)
    assert not failure.value.may_have_happened
    frames.down = False
    noted = kept.keep(composed(ANNA, CASE), record_of(ANNA, CASE), 1)
    assert list(frames.frames) == [noted.frame]


@pytest.mark.parametrize("spelled", [str, str.upper, str.title])
@pytest.mark.parametrize("part", ["text", "html", "subject", "sender_name"])
def test_a_frame_with_the_address_is_refused(part: str, spelled: type[str]) -> None:
    mail = changed(composed(BOB, CASE), **{part: f"To {spelled(BOB.email)}, that is you"})
    assert refusal(mail) == "the address stands in the frame"


def test_whoever_writes_to_himself_is_refused() -> None:
    mail = changed(composed(BOB, CASE), reply_to=BOB.email.upper())
    assert refusal(mail) == "the address stands in the frame"


@pytest.mark.parametrize(
    "written",
    [
        "Anna.O'Hara@bücher.example",
        "anna.o&#39;hara@b&uuml;cher.example",
        "Anna.O&#x27;Hara@BÜCHER.example",
        "Anna.O'Hara@xn--bcher-kva.example",
    ],
)
def test_however_it_is_written(written: str) -> None:
    mail = composed(ANNA, CASE)
    assert refusal(changed(mail, html=f"<p>{written}</p>")) == "the address stands in the frame"


@pytest.mark.parametrize("slot", [Slot.CONFIRM, Slot.DECLINE])
def test_a_frame_with_a_token_is_refused(slot: Slot) -> None:
    mail = composed(ANNA, CASE)
    with_token = changed(mail, text=f"https://doi.contoso.example/?token={mail.slots[slot]}")
    assert refusal(with_token) == "a token stands in the frame"


def test_a_mail_that_was_changed_after_it_was_written_is_refused() -> None:
    mail = composed(ANNA, CASE)
    assert refusal(mail) is None
    for other in (replace(mail, text="other"), replace(mail, subject="other")):
        assert refusal(other) == "the frame, filled in once more, is another mail"
    assert refusal(replace(mail, frame=None)) == "the mail was written without a frame"


def test_a_frame_too_large_for_a_row_is_refused() -> None:
    mail = composed(ANNA, CASE)
    reason = refusal(changed(mail, text="ß" * (LARGEST_FRAME // 2)))
    assert reason == "the frame has more than 900,000 bytes"


def test_what_is_refused_is_told_without_the_person(
    frames: FakeMailFrames, caplog: pytest.LogCaptureFixture
) -> None:
    mail = changed(composed(ANNA, CASE), text=f"Dear {ANNA.email}")
    after = sent(record_of(ANNA, CASE), mail, kept_mails(frames))
    [event] = told(caplog)
    assert (event.level, event.event) == ("WARNING", "mail_not_kept")
    assert event.has(registration=ANNA.registration_id, number=1)
    assert event.has(reason="the address stands in the frame")
    assert found_in([json.dumps(event.facts)], [ANNA.email, *mail.slots.values()]) == []
    assert frames.frames == {}
    assert after.mails[0].mime_digest == digest_of(mime_message(wire_mail(mail)))
    with pytest.raises(MailNotKept, match="mail 1 was sent without being kept"):
        kept_mails(frames).rebuild(after, 1)


def test_a_mail_that_no_provider_takes_is_not_kept(frames: FakeMailFrames) -> None:
    mail = changed(composed(ANNA, CASE), subject="one\r\nBcc: two")
    with pytest.raises(PermanentFailure):
        kept_mails(frames).keep(mail, record_of(ANNA, CASE), 1)
    assert frames.operations == 0


def test_each_mail_of_a_record_comes_back(frames: FakeMailFrames) -> None:
    record, written = record_of(ANNA, CASE), []
    kept = kept_mails(frames)
    for number, kind in enumerate((*MailKind, MailKind.RENEWAL), start=1):
        at = NOON + timedelta(days=number, microseconds=765_432)
        mail = COMPOSER(record, CASE.form, kind, number, at)
        written.append(mime_message(wire_mail(mail)))
        record = sent(record, mail, kept, number)
    stored = Record.model_validate(record.model_dump(mode="json", by_alias=True))
    assert [kept.rebuild(stored, number) for number in (1, 2, 3, 4)] == written


def test_what_is_said_of_mails_that_are_not_there(record: Record, frames: FakeMailFrames) -> None:
    kept = kept_mails(frames)
    unsent = record.take_mail(MailKind.RENEWAL, NOON, NOON)
    for number, words in ((2, "mail 2 was not sent"), (3, "the record has no mail 3")):
        with pytest.raises(MailNotKept, match=words):
            kept.rebuild(unsent, number)


def test_a_mail_of_an_earlier_version_of_the_app(record: Record, frames: FakeMailFrames) -> None:
    old = with_note(record, mime_digest=None, frame=None, slots=None)
    with pytest.raises(MailNotKept, match="mail 1 was sent before mails were kept"):
        kept_mails(frames).rebuild(old, 1)


def test_a_frame_that_is_gone(record: Record) -> None:
    with pytest.raises(MailNotKept, match=r"frame [0-9a-f]{64} is not in table mailframes"):
        kept_mails(FakeMailFrames()).rebuild(record, 1)


def test_a_frame_that_was_altered(record: Record, frames: FakeMailFrames) -> None:
    [digest] = frames.frames
    frames.frames[digest] = frames.frames[digest].replace(b"<p", b"<b", 1)
    with pytest.raises(MailNotKept, match="is damaged: its content is not what its name"):
        kept_mails(frames).rebuild(record, 1)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (b'{"written_as":2}', "it is of another version of the app: 2"),
        (b'{"written_as":1}', "its parts are not those of a frame"),
    ],
)
def test_a_frame_that_this_version_cannot_read(record: Record, frame: bytes, words: str) -> None:
    frames = FakeMailFrames({digest_of(frame): frame})
    with pytest.raises(MailNotKept, match=words):
        kept_mails(frames).rebuild(with_note(record, frame=digest_of(frame)), 1)


def test_another_pepper_opens_nothing(record: Record, frames: FakeMailFrames) -> None:
    with pytest.raises(MailNotKept, match="DOI_PEPPER is another one"):
        kept_mails(frames, "another pepper of more than 32 bytes").rebuild(record, 1)


def test_slots_serve_their_own_mail_only(record: Record, frames: FakeMailFrames) -> None:
    kept = kept_mails(frames)
    stolen = sent(record_of(BOB, CASE), composed(BOB, CASE), kept)
    with pytest.raises(MailNotKept, match="the note was altered"):
        kept.rebuild(with_note(stolen, slots=record.mails[0].slots), 1)


@pytest.mark.parametrize(
    ("slots", "words"),
    [("v1.", "the note was altered"), ("v1.\xff!", "the note was altered"), ("v2.x", "version")],
)
def test_slots_that_were_altered(
    record: Record, frames: FakeMailFrames, slots: str, words: str
) -> None:
    with pytest.raises(MailNotKept, match=words):
        kept_mails(frames).rebuild(with_note(record, slots=slots), 1)


def test_other_bytes_than_were_sent_are_not_given(record: Record, frames: FakeMailFrames) -> None:
    with pytest.raises(MailNotKept) as failure:
        kept_mails(frames).rebuild(with_note(record, mime_digest="0" * 64), 1)
    assert f"SHA-256 is {record.mails[0].mime_digest}, noted is {'0' * 64}" in str(failure.value)
    moved = with_note(record, composed_at=NOON - timedelta(days=1))
    with pytest.raises(MailNotKept, match="is not the mail that was sent"):
        kept_mails(frames).rebuild(moved, 1)


def test_the_frame_s_bytes_are_read_as_they_were_written() -> None:
    frame = composed(ANNA, CASE).frame
    assert frame is not None
    content = frame.to_bytes()
    assert MailFrame.of_bytes(content, digest_of(content)) == frame


def test_a_mail_of_2026_comes_back_by_every_later_version() -> None:
    """Row, frame and mail are as they were then: `written_as` 1, sealed as `v1`."""
    kept = json.loads((FOLDER / "sent_in_2026.json").read_bytes())
    frames = FakeMailFrames()
    frames.put(digest_of(kept["frame"].encode()), kept["frame"].encode())
    record = readable_record(kept["row"])
    again = kept_mails(frames).rebuild(record, 1)
    assert digest_of(again) == "86e7cd2962d1b0951d92212a254fdd0533f4e6c25c65173c11a250f94574a673"
    assert b"\r\nMessage-ID: <" in again
