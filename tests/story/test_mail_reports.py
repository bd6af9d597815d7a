"""Delivery reports: noted with their mail, whatever the order; no reminder after a bounce."""

import logging
from datetime import datetime, timedelta

import pytest

from functions import note_mail_report
from shared import double_opt_in
from shared.failures import TemporaryFailure
from shared.values.link_view import LinkState
from shared.values.mail import operation_id
from shared.values.record import Record, Status
from tests.examples import NOON, key_of, registration
from tests.fakes.outside import FakeOutside
from tests.mail_events import SCHEMAS, cloud_event, event_grid_event, report_data
from tests.story.journey import deliver, link, press, sign_up, stored
from tests.told import Told, told

DAY = timedelta(days=1)
LATER = NOON + timedelta(minutes=5)
ASKED = registration()
WHOSE = {
    "registration": ASKED.id,
    "form": "newsletter",
    "source": "website",
    "number": 1,
    "provider": "fake",
}
BAD = ["Bounced", "Suppressed", "Failed", "Quarantined", "FilteredSpam", "bounced"]
GOOD = ["Delivered", "Expanded", "Teleported"]


def report(  # noqa: PLR0917 - as the words of a sentence
    outside: FakeOutside,
    status: str,
    number: int = 1,
    at: datetime = NOON,
    recipient: str = ASKED.email,
    schema: str = "Event Grid",
) -> None:
    """The provider reports about a mail of Anna's."""
    data = report_data(operation_id(ASKED.id, number), recipient, status, at)
    note_mail_report.settle(SCHEMAS[schema](data).encode(), outside)


def record_of(outside: FakeOutside) -> Record:
    record = stored(ASKED, outside)
    assert record is not None
    return record


def reports(outside: FakeOutside) -> list[str | None]:
    return [note.report for note in record_of(outside).mails]


def with_reminder() -> FakeOutside:
    outside = FakeOutside()
    form = outside.forms["newsletter"].model_copy(update={"reminder_after": 2 * DAY})
    outside.forms = {"newsletter": form}
    return outside


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_report_is_noted_with_its_mail(schema: str, caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    sign_up(ASKED, outside)
    with caplog.at_level(logging.DEBUG):
        report(outside, "Delivered", schema=schema)
    record = record_of(outside)
    assert record.mails[0].report == "Delivered"
    assert record.mails[0].reported_at == NOON + timedelta(microseconds=285574)
    assert record.status is Status.PENDING
    assert not record.bounced
    assert told(caplog) == [Told("INFO", "mail_report", {**WHOSE, "status": "Delivered"})]


@pytest.mark.parametrize("status", BAD)
def test_a_bounce_marks_the_record_and_warns(status: str, caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    sign_up(ASKED, outside)
    caplog.clear()
    report(outside, status)
    assert record_of(outside).bounced
    assert told(caplog) == [Told("WARNING", "mail_bounced", {**WHOSE, "status": status})]


@pytest.mark.parametrize("status", BAD)
def test_no_reminder_goes_where_no_mail_arrives(status: str) -> None:
    outside = with_reminder()
    sign_up(ASKED, outside)
    report(outside, status)
    outside.pass_time(2 * DAY)
    deliver("follow-ups", outside)
    assert outside.queues.bodies("registrations") == []
    assert len(outside.mailer.sent) == 1


@pytest.mark.parametrize("status", GOOD)
def test_a_reminder_goes_where_mail_arrives(status: str) -> None:
    outside = with_reminder()
    sign_up(ASKED, outside)
    report(outside, status)
    outside.pass_time(2 * DAY)
    deliver("follow-ups", outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 2


def test_a_bounce_stops_a_reminder_that_waits_for_its_turn() -> None:
    outside = with_reminder()
    sign_up(ASKED, outside)
    outside.pass_time(2 * DAY)
    deliver("follow-ups", outside)
    assert len(outside.queues.bodies("registrations")) == 1
    report(outside, "Bounced")
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1


def test_who_holds_the_link_may_confirm_and_renew_after_a_bounce() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    report(outside, "Bounced")
    outside.pass_time(4 * DAY)
    assert double_opt_in.renew(link(mail), outside).state is LinkState.RENEWED
    deliver("registrations", outside)
    assert press(link(outside.mailer.sent[1]), outside).state is LinkState.CONFIRMED
    assert reports(outside) == ["Bounced", None]


def test_each_report_counts_for_its_own_mail_and_the_latest_mail_decides() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    report(outside, "Bounced")
    outside.pass_time(4 * DAY)
    double_opt_in.renew(link(mail), outside)
    deliver("registrations", outside)
    assert record_of(outside).bounced
    report(outside, "Delivered", number=2, at=LATER)
    assert reports(outside) == ["Bounced", "Delivered"]
    assert not record_of(outside).bounced
    report(outside, "Suppressed", number=2, at=LATER + DAY)
    assert record_of(outside).bounced


def test_the_newest_attempt_wins_in_whatever_order_reports_come() -> None:
    outside = FakeOutside()
    sign_up(ASKED, outside)
    report(outside, "Delivered", at=LATER)
    report(outside, "Failed", at=NOON)
    assert reports(outside) == ["Delivered"]
    report(outside, "Bounced", at=LATER + DAY)
    assert reports(outside) == ["Bounced"]


def test_the_same_report_again_writes_and_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    sign_up(ASKED, outside)
    report(outside, "Bounced")
    before = outside.records.find(key_of(ASKED))
    caplog.clear()
    report(outside, "Bounced")
    assert outside.records.find(key_of(ASKED)) == before
    assert caplog.records == []


def test_a_report_may_come_before_we_have_noted_that_the_mail_left() -> None:
    """The worker that sends still holds its older copy of the record."""
    outside = FakeOutside()
    double_opt_in.register(ASKED, outside)
    send = outside.mailer.send

    def reported_while_sending(*args: object, **options: object) -> object:
        sent = send(*args, **options)  # type: ignore[arg-type] # handed on as they are
        report(outside, "Bounced")
        return sent

    outside.mailer.send = reported_while_sending  # type: ignore[method-assign, assignment] # the provider is that fast
    deliver("registrations", outside)
    record = record_of(outside)
    assert record.status is Status.PENDING
    assert record.mails[0].sent_at is not None
    assert record.mails[0].report == "Bounced"


def test_the_provider_may_have_given_the_mail_an_id_of_its_own() -> None:
    outside = FakeOutside()
    sign_up(ASKED, outside)
    [stored_record] = outside.records.in_mailbox(key_of(ASKED).mailbox_key)
    note = stored_record.value.mails[0].model_copy(update={"message_id": "its-own"})
    renamed = stored_record.value.model_copy(update={"mails": (note,)})
    outside.records.save(stored_record.moved_to(renamed))
    data = report_data("its-own", ASKED.email, "Bounced")
    note_mail_report.settle(cloud_event(data).encode(), outside)
    assert record_of(outside).bounced


def test_a_confirmed_record_stays_confirmed() -> None:
    outside = FakeOutside()
    press(link(sign_up(ASKED, outside)), outside)
    report(outside, "Bounced")
    assert record_of(outside).status is Status.PROMOTED
    assert reports(outside) == ["Bounced"]


@pytest.mark.parametrize("why", ["gone", "another mail", "another mailbox"])
def test_a_report_without_a_record_is_dropped_with_one_line(
    why: str, caplog: pytest.LogCaptureFixture
) -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    if why == "gone":
        double_opt_in.decline(link(mail, "decline"), outside)
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        report(
            outside,
            "Bounced",
            number=7 if why == "another mail" else 1,
            recipient="eve@example.com" if why == "another mailbox" else ASKED.email,
        )
    assert told(caplog) == [Told("INFO", "mail_report_dropped", {"status": "Bounced"})]
    assert "mail-reports-poison" not in outside.queues.messages


def test_another_spelling_of_the_mailbox_is_told_apart_by_the_mail() -> None:
    outside = FakeOutside()
    other = registration(email="anna+shop@example.com", number=2)
    sign_up(ASKED, outside)
    sign_up(other, outside)
    report(outside, "Bounced")
    second = stored(other, outside)
    assert second is not None
    assert not second.bounced
    assert record_of(outside).bounced


def test_another_event_is_ignored_with_one_line(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    kind = "Microsoft.Communication.EmailEngagementTrackingReportReceived"
    with caplog.at_level(logging.DEBUG):
        note_mail_report.settle(event_grid_event({"recipient": "x"}, kind).encode(), outside)
    assert told(caplog) == [Told("INFO", "mail_report_ignored", {"type": kind})]
    assert not outside.queues.messages


def test_while_the_table_is_down_the_report_waits_without_the_address() -> None:
    outside = FakeOutside()
    sign_up(ASKED, outside)
    outside.table.down = True
    report(outside, "Bounced")
    [body] = outside.queues.take_all("mail-reports")
    assert ASKED.email not in body
    outside.table.down = False
    note_mail_report.settle(body.encode(), outside)
    assert record_of(outside).bounced


def test_what_cannot_be_read_goes_to_poison_without_the_recipient(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = FakeOutside()
    data = report_data("an-id", "anna.unmistakable@example.com", "Bounced") | {"status": 5}
    note_mail_report.settle(event_grid_event(data).encode(), outside)
    [kept] = outside.queues.bodies("mail-reports-poison")
    assert "unmistakable" not in kept
    assert "00000000-aaaa-bbbb-cccc-000000000001" in kept
    [line] = caplog.records
    assert line.levelno == logging.ERROR
    [poisoned] = told(caplog)
    assert poisoned.facts["reason"].startswith("not ours: /data/status")
    assert "unmistakable" not in str(vars(line))
    outside.queues.down = True
    with pytest.raises(TemporaryFailure):
        note_mail_report.settle(event_grid_event(data).encode(), outside)
