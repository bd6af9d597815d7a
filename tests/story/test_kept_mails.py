"""Whatever happens on its way: the mail that left is the mail that can be shown."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from shared import double_opt_in
from shared.adapters.record_rows import readable_record, row_of
from shared.failures import PermanentFailure, TemporaryFailure
from shared.mime import mime_message
from shared.values.mail import Mail
from shared.values.record import MOST_MAILS, Record, Status
from shared.values.record_notes import LONGEST_SUBJECT, MailKind
from shared.wire_mail import wire_mail
from tests.examples import key_of, registration, sample_forms
from tests.fakes.mail_frames import FakeMailFrames
from tests.fakes.outside import FakeOutside
from tests.personal_traces import found_in
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored
from tests.told import names, told
from tests.words.samples import LANGUAGES, form_in

# https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
LONGEST_TEXT = 32_768  # UTF-16 units of a string property


def as_it_left(mail: Mail) -> bytes:
    return mime_message(wire_mail(mail))


def noted(outside: FakeOutside) -> Record:
    record = stored(registration(), outside)
    assert record is not None
    return record


def test_every_mail_of_a_journey_can_be_shown_years_later() -> None:
    newsletter = sample_forms()["newsletter"]
    reminding = newsletter.model_copy(update={"reminder_after": timedelta(days=1)})
    outside = FakeOutside(forms={"newsletter": reminding})
    token = link(sign_up(registration(), outside))
    outside.pass_time(timedelta(days=1))
    deliver("follow-ups", outside)  # the reminder
    deliver("registrations", outside)
    outside.pass_time(timedelta(days=3))
    double_opt_in.renew(token, outside)
    deliver("registrations", outside)
    press(link(outside.mailer.sent[-1]), outside)
    deliver("promotions", outside)
    record = noted(outside)
    assert record.status is Status.PROMOTED
    kinds = [note.kind for note in record.mails]
    assert kinds == [MailKind.CONFIRMATION, MailKind.REMINDER, MailKind.RENEWAL]
    outside.forms = {}  # nobody knows the form any more
    outside.pass_time(timedelta(days=2000))
    for number, mail in enumerate(outside.mailer.sent, start=1):
        again = outside.kept_mails.rebuild(noted(outside), number)
        assert again == as_it_left(mail)
        assert sha256(again).hexdigest() == record.noted(number).mime_digest


def test_an_attempt_without_an_answer_is_repeated_byte_for_byte() -> None:
    outside = FakeOutside()
    outside.mailer.can_tell = False
    double_opt_in.register(registration(), outside)
    outside.mailer.fail_next(TemporaryFailure("no answer", may_have_happened=True), unnoticed=True)
    deliver("registrations", outside)
    outside.pass_time(timedelta(hours=5))
    deliver("registrations", outside)
    first, second = outside.mailer.sent
    assert as_it_left(first) == as_it_left(second)
    assert outside.kept_mails.rebuild(noted(outside), 1) == as_it_left(first)


def test_it_is_so_when_the_form_was_changed_meanwhile() -> None:
    """A provider that can tell has the first one: the second was never sent."""
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    outside.mailer.fail_next(TemporaryFailure("no answer", may_have_happened=True), unnoticed=True)
    deliver("registrations", outside)
    [left] = outside.mailer.sent
    form = outside.forms["newsletter"]
    texts = form.mail.model_copy(update={"text": {"de": "Something else."}})
    outside.forms = {"newsletter": form.model_copy(update={"mail": texts})}
    deliver("registrations", outside)
    assert outside.mailer.sent == [left]
    assert outside.kept_mails.rebuild(noted(outside), 1) == as_it_left(left)


def test_a_bug_after_the_mail_may_have_left_changes_nothing_about_it() -> None:
    outside = FakeOutside()
    outside.mailer.can_tell = False
    double_opt_in.register(registration(), outside)
    outside.mailer.fail_next(ZeroDivisionError(), unnoticed=True)
    [body] = outside.queues.take_all("registrations")
    with pytest.raises(ZeroDivisionError):
        redeliver("registrations", [body], outside)
    outside.forms = {
        "newsletter": outside.forms["newsletter"].model_copy(update={"languages": ("en",)})
    }
    outside.pass_time(timedelta(hours=1))
    redeliver("registrations", [body], outside)
    first, second = outside.mailer.sent
    assert first == second


def test_what_may_have_left_and_cannot_be_opened_is_written_anew() -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    outside.mailer.fail_next(TemporaryFailure("no answer", may_have_happened=True))
    deliver("registrations", outside)
    outside.mail_frames.frames.clear()
    outside.mail_frames = FakeMailFrames()
    del outside.kept_mails
    deliver("registrations", outside)
    [mail] = outside.mailer.sent
    assert outside.kept_mails.rebuild(noted(outside), 1) == as_it_left(mail)


def test_a_reminder_that_may_have_left_stays_one_when_a_renewal_is_wanted() -> None:
    newsletter = sample_forms()["newsletter"]
    reminding = newsletter.model_copy(update={"reminder_after": timedelta(days=1)})
    outside = FakeOutside(forms={"newsletter": reminding})
    token = link(sign_up(registration(), outside))
    outside.pass_time(timedelta(days=3, minutes=1))
    deliver("follow-ups", outside)
    outside.mailer.fail_next(TemporaryFailure("no answer", may_have_happened=True), unnoticed=True)
    deliver("registrations", outside)
    double_opt_in.renew(token, outside)
    deliver("registrations", outside)
    record = noted(outside)
    assert [note.kind for note in record.mails] == [MailKind.CONFIRMATION, MailKind.REMINDER]
    assert len(outside.mailer.sent) == 2
    assert outside.kept_mails.rebuild(record, 2) == as_it_left(outside.mailer.sent[1])


def test_a_mail_that_was_refused_is_written_anew() -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    outside.mailer.fail_next(TemporaryFailure("quota"))
    deliver("registrations", outside)
    outside.pass_time(timedelta(hours=5))
    deliver("registrations", outside)
    [mail] = outside.mailer.sent
    assert mail.composed_at == outside.now()
    assert outside.kept_mails.rebuild(noted(outside), 1) == as_it_left(mail)


def test_no_mail_leaves_before_its_frame_is_stored() -> None:
    outside = FakeOutside()
    outside.mail_frames.down = True
    double_opt_in.register(registration(), outside)
    for _ in range(20):
        deliver("registrations", outside)
        outside.pass_time(timedelta(minutes=5))
    assert outside.mailer.asked == 0
    note = noted(outside).mails[0]
    assert (note.unknown, note.busy_until, note.sent_at) == (0, None, None)
    outside.mail_frames.down = False
    deliver("registrations", outside)
    [mail] = outside.mailer.sent
    assert mail.composed_at == outside.now()
    assert outside.kept_mails.rebuild(noted(outside), 1) == as_it_left(mail)
    mailbox = outside.records.find_mailbox(key_of(registration()).mailbox_key).value
    assert len(mailbox.mailed_at) == 1  # one mail, one place in the budget


def test_an_outage_of_the_frames_harms_no_mail_whose_frame_is_known() -> None:
    outside = FakeOutside()
    sign_up(registration(), outside)
    outside.mail_frames.down = True
    sign_up(registration("bob@example.org", 2), outside)
    assert [mail.to for mail in outside.mailer.sent] == ["anna@example.com", "bob@example.org"]


def test_a_mail_that_may_not_be_kept_leaves_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    outside = FakeOutside()
    form = outside.forms["newsletter"]
    imprint = {"de": "Contoso, Anna@Example.com"}
    company = form.company.model_copy(update={"imprint": imprint})
    outside.forms = {"newsletter": form.model_copy(update={"company": company})}
    mail = sign_up(registration(), outside)
    note = noted(outside).mails[0]
    assert (note.frame, note.slots) == (None, None)
    assert note.mime_digest == sha256(as_it_left(mail)).hexdigest()
    assert outside.mail_frames.operations == 0
    assert names(told(caplog)) == ["accepted", "mail_not_kept", "mailed"]
    secrets = ["anna@example.com", link(mail), link(mail, "decline")]
    assert found_in((line.getMessage() for line in caplog.records), secrets) == []


def test_nobody_reads_a_link_that_confirms_in_the_tables() -> None:
    outside = FakeOutside()
    mail = sign_up(registration(), outside)
    rows = [str(row_of(noted(outside))), *map(repr, outside.mail_frames.frames.values())]
    assert found_in(rows, [link(mail), link(mail, "decline")]) == []


def test_a_mail_that_cannot_be_written_fails_for_good() -> None:
    outside = FakeOutside()
    compose = outside.compose_mail

    def broken(*given: object) -> Mail:
        return replace(compose(*given), subject="one\r\nBcc: two")  # type: ignore[arg-type]

    outside.compose_mail = broken  # type: ignore[assignment]
    double_opt_in.register(registration(), outside)
    deliver("registrations", outside)
    assert noted(outside).status is Status.FAILED
    assert outside.mail_frames.operations == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_many_mails_as_a_record_can_have_fit_its_row(language: str) -> None:
    """With the longest of everything that a form may say and a provider may answer."""
    outside = FakeOutside()
    form = form_in(*LANGUAGES)
    texts = form.mail.model_copy(
        update={
            # Its Message-ID has the longest domain that an address may have.
            "sender": f"n@{'.'.join(['d' * 52] * 4)}.de",
            "subject": dict.fromkeys(LANGUAGES, "😀" * 400),
        }
    )
    form = form.model_copy(update={"id": "f" * 50, "mail": texts})
    asked = registration().model_copy(update={"form": form.id, "locale": language})
    record = Record.of(asked, key_of(asked).mailbox_key, outside.now())
    mails = []
    for number in range(1, MOST_MAILS + 1):
        at = outside.now() + timedelta(days=number, microseconds=123_456)
        record = record.take_mail(MailKind.CONFIRMATION, at, at)
        mail = outside.compose_mail(record, form, MailKind.CONFIRMATION, number, at)
        mails.append(mail)
        kept = outside.kept_mails.keep(mail, record, number)
        sent = record.noted(number).model_copy(
            update={
                "unknown": 3,
                "busy_until": at,
                "sent_at": at,
                "provider": "graph",
                "message_id": mail.message_id,
                "subject": "😀" * LONGEST_SUBJECT,
                "text_digest": "0" * 64,
                "mime_digest": kept.mime_digest,
                "frame": kept.frame,
                "slots": kept.slots,
            }
        )
        record = record.mailed(sent).report_mail(number, "F" * 40, at) or record
    assert len(record.mails[-1].report or "") == 40
    row = row_of(record)
    assert len(row["mails"].encode("utf-16-le")) / 2 <= LONGEST_TEXT
    assert outside.kept_mails.rebuild(readable_record(row), MOST_MAILS) == as_it_left(mails[-1])


def test_a_long_subject_is_noted_in_short_and_kept_whole() -> None:
    outside = FakeOutside()
    form = outside.forms["newsletter"]
    texts = form.mail.model_copy(update={"subject": {"de": "Bitte " * 60}})
    outside.forms = {"newsletter": form.model_copy(update={"mail": texts})}
    mail = sign_up(registration(), outside)
    subject = noted(outside).mails[0].subject
    assert subject is not None
    assert subject.startswith("Bitte Bitte")
    assert subject.endswith("…")
    assert len(subject) == LONGEST_SUBJECT
    assert outside.kept_mails.rebuild(noted(outside), 1) == as_it_left(mail)


def test_a_rejected_mail_is_written_anew_when_it_is_replayed() -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    outside.mailer.fail_next(PermanentFailure("smtp 550"))
    deliver("registrations", outside)
    assert noted(outside).mails[0].mime_digest is None
    outside.pass_time(timedelta(days=1))
    for body in outside.queues.take_all("registrations-poison"):
        outside.queues.put("registrations", body)
    deliver("registrations", outside)
    [mail] = outside.mailer.sent
    assert mail.composed_at == outside.now()
    assert outside.kept_mails.rebuild(noted(outside), 1) == as_it_left(mail)
