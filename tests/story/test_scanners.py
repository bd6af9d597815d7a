"""Who opened the decline link a moment ago needs the code in the mail to confirm; nobody else."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from shared import double_opt_in
from shared.failures import Changed, TemporaryFailure
from shared.ports import Deadline, Versioned
from shared.values.link_view import LinkState
from shared.values.mail import Mail
from shared.values.mail_budget import MailboxRow
from shared.values.record import Record, Status
from shared.values.record_notes import Click
from shared.values.scanner_watch import MOST_WRONG_CODES
from tests.examples import registration
from tests.fakes.outside import FakeOutside, rules
from tests.fakes.records import FakeRecords
from tests.story.journey import SECONDS, deliver, link, sign_up, stored

SCANNER, NEIGHBOUR, ELSEWHERE = "203.0.113.7", "203.0.113.99", "198.51.100.9"
WINDOW = timedelta(minutes=5)
ASKED = registration()


def code_in(mail: Mail) -> str:
    found = re.search(r"(\d{3})\N{NO-BREAK SPACE}(\d{3})$", mail.text, re.MULTILINE)
    assert found
    return found[1] + found[2]


def wrong_code_for(mail: Mail) -> str:
    return f"{(int(code_in(mail)) + 1) % 10**6:06d}"


def open_decline(mail: Mail, outside: FakeOutside, address: str | None) -> None:
    view = double_opt_in.show_decline(link(mail, "decline"), outside, address)
    assert view.state is LinkState.DECLINE


def press(
    mail: Mail, outside: FakeOutside, address: str | None = SCANNER, code: str = ""
) -> LinkState:
    click = Click(at=outside.now(), address=address, user_agent="Machine/1.0")
    return double_opt_in.confirm(link(mail), click, Deadline(SECONDS), outside, code).state


def record_of(outside: FakeOutside) -> Record:
    record = stored(ASKED, outside)
    assert record is not None
    return record


def assert_nothing_happened(outside: FakeOutside) -> None:
    assert record_of(outside).status is Status.PENDING
    assert not outside.queues.bodies("promotions")
    assert not outside.customer_insights.contacts


def scanned() -> tuple[FakeOutside, Mail]:
    """A machine has just opened both links of the mail."""
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    double_opt_in.show_confirm(link(mail), outside)
    open_decline(mail, outside, SCANNER)
    return outside, mail


@pytest.mark.parametrize("address", [SCANNER, NEIGHBOUR, f"::ffff:{NEIGHBOUR}"])
def test_a_network_that_opened_both_links_needs_the_code(address: str) -> None:
    outside, mail = scanned()
    for _ in range(20):
        assert press(mail, outside, address) is LinkState.ENTER_CODE
    assert_nothing_happened(outside)


@pytest.mark.parametrize("address", [ELSEWHERE, None])
def test_the_person_elsewhere_confirms_with_one_press(address: str | None) -> None:
    outside, mail = scanned()
    assert press(mail, outside, address) is LinkState.CONFIRMED
    click = record_of(outside).click
    assert click is not None
    assert not click.code_given


@pytest.mark.parametrize("written", ["{}{}", "{} {}", "{}\N{NO-BREAK SPACE}{}"])
def test_an_honest_person_who_opened_both_confirms_with_the_code(written: str) -> None:
    outside, mail = scanned()
    assert press(mail, outside) is LinkState.ENTER_CODE
    code = code_in(mail)
    assert press(mail, outside, SCANNER, written.format(code[:3], code[3:])) is LinkState.CONFIRMED
    record = record_of(outside)
    assert record.status is Status.PROMOTED
    assert record.click is not None
    assert record.click.code_given
    assert len(outside.customer_insights.triggers) == 1


def test_opening_the_confirm_link_alone_asks_nobody_for_a_code() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    for _ in range(5):
        double_opt_in.show_confirm(link(mail), outside)
    assert press(mail, outside) is LinkState.CONFIRMED


def test_addresses_that_nobody_knows_are_not_all_the_same() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    open_decline(mail, outside, None)
    assert record_of(outside).watch is None
    assert press(mail, outside, None) is LinkState.CONFIRMED


def test_after_the_window_the_button_is_enough() -> None:
    outside, mail = scanned()
    outside.pass_time(WINDOW - timedelta(seconds=1))
    assert press(mail, outside) is LinkState.ENTER_CODE
    outside.pass_time(timedelta(seconds=1))
    assert press(mail, outside) is LinkState.CONFIRMED


def test_a_mail_that_arrives_late_is_watched_all_the_same() -> None:
    """Greylisting holds a mail back for minutes; some scanners look when the person does."""
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    outside.pass_time(timedelta(days=2))
    open_decline(mail, outside, SCANNER)
    assert press(mail, outside) is LinkState.ENTER_CODE


def test_the_watch_can_be_switched_off() -> None:
    outside = FakeOutside(rules=replace(rules(), code_window=timedelta(0)))
    mail = sign_up(ASKED, outside)
    open_decline(mail, outside, SCANNER)
    assert record_of(outside).watch is None
    assert press(mail, outside) is LinkState.CONFIRMED


def test_wrong_codes_are_counted_and_then_the_person_has_to_wait() -> None:
    outside, mail = scanned()
    for _ in range(MOST_WRONG_CODES - 1):
        assert press(mail, outside, SCANNER, wrong_code_for(mail)) is LinkState.WRONG_CODE
    assert press(mail, outside, SCANNER, wrong_code_for(mail)) is LinkState.TOO_MANY_CODES
    for code in (code_in(mail), wrong_code_for(mail), ""):
        assert press(mail, outside, SCANNER, code) is LinkState.TOO_MANY_CODES
    assert_nothing_happened(outside)
    outside.pass_time(WINDOW)
    assert press(mail, outside) is LinkState.CONFIRMED


def test_a_slip_is_no_guess() -> None:
    outside, mail = scanned()
    before = outside.table.records[record_of(outside).key]
    for slip in ("12345", "1234567", "code", "......"):
        assert press(mail, outside, SCANNER, slip) is LinkState.WRONG_CODE
    assert outside.table.records[record_of(outside).key] == before
    assert press(mail, outside, SCANNER, code_in(mail)) is LinkState.CONFIRMED


def test_the_code_of_another_registration_is_wrong() -> None:
    outside, mail = scanned()
    other = sign_up(registration("ben@example.com", number=2), outside)
    assert press(mail, outside, SCANNER, code_in(other)) is LinkState.WRONG_CODE


def test_a_renewed_mail_has_a_code_of_its_own() -> None:
    outside = FakeOutside()
    first = sign_up(ASKED, outside)
    outside.pass_time(timedelta(days=4))
    double_opt_in.renew(link(first), outside)
    deliver("registrations", outside)
    fresh = outside.mailer.sent[-1]
    open_decline(fresh, outside, SCANNER)
    assert press(fresh, outside, SCANNER, code_in(first)) is LinkState.WRONG_CODE
    assert press(fresh, outside, SCANNER, code_in(fresh)) is LinkState.CONFIRMED


def test_a_code_that_nobody_asked_for_is_ignored() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    assert press(mail, outside, ELSEWHERE, wrong_code_for(mail)) is LinkState.CONFIRMED
    click = record_of(outside).click
    assert click is not None
    assert not click.code_given


def test_opening_again_and_again_is_noted_once() -> None:
    outside, mail = scanned()
    noted = outside.table.records[record_of(outside).key]
    for address in (SCANNER, NEIGHBOUR) * 10:
        open_decline(mail, outside, address)
    assert outside.table.records[record_of(outside).key] == noted


def test_what_is_noted_names_nobody_and_goes_with_the_confirmation() -> None:
    outside, mail = scanned()
    watch = record_of(outside).watch
    assert watch is not None
    assert "203.0.113" not in watch.model_dump_json()
    press(mail, outside, ELSEWHERE)
    assert record_of(outside).watch is None
    double_opt_in.show_decline(link(mail, "decline"), outside, SCANNER)
    assert record_of(outside).watch is None


@dataclass
class BusyRecords(FakeRecords):
    """The next writes fail, each in its way; somebody else may have moved the record before."""

    failures: list[Exception] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def save(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> Versioned[Record]:
        if self.failures:
            failure = self.failures.pop()
            self.meanwhile()
            raise failure
        return super().save(record, mailbox)


def test_a_note_that_lost_a_race_is_written_once_more() -> None:
    records = BusyRecords()
    outside = FakeOutside(table=records)
    mail = sign_up(ASKED, outside)
    records.failures = [Changed()]
    open_decline(mail, outside, SCANNER)
    assert press(mail, outside) is LinkState.ENTER_CODE


def test_the_page_is_shown_even_if_nothing_could_be_noted() -> None:
    records = BusyRecords()
    outside = FakeOutside(table=records)
    mail = sign_up(ASKED, outside)
    records.failures = [TemporaryFailure("down") for _ in range(5)]
    open_decline(mail, outside, SCANNER)
    records.failures = [Changed() for _ in range(50)]
    open_decline(mail, outside, SCANNER)
    records.failures = []
    assert record_of(outside).watch is None


def test_a_confirmation_in_between_is_not_undone_by_the_note() -> None:
    records = BusyRecords()
    outside = FakeOutside(table=records)
    mail = sign_up(ASKED, outside)
    records.failures = [Changed()]
    records.meanwhile = lambda: _confirm_elsewhere(mail, outside)
    open_decline(mail, outside, SCANNER)
    record = record_of(outside)
    assert record.status is Status.PROMOTED
    assert record.watch is None


def _confirm_elsewhere(mail: Mail, outside: FakeOutside) -> None:
    assert press(mail, outside, ELSEWHERE) is LinkState.CONFIRMED


def test_an_opening_that_comes_between_look_and_press_counts() -> None:
    """The record moved while the click was being kept: it is looked at again."""
    records = BusyRecords()
    outside = FakeOutside(table=records)
    mail = sign_up(ASKED, outside)
    records.failures = [Changed()]
    records.meanwhile = lambda: open_decline(mail, outside, SCANNER)
    assert press(mail, outside) is LinkState.ENTER_CODE
    assert_nothing_happened(outside)


def test_a_wrong_code_that_lost_a_race_is_counted() -> None:
    records = BusyRecords()
    outside = FakeOutside(table=records)
    mail = sign_up(ASKED, outside)
    open_decline(mail, outside, SCANNER)
    for _ in range(MOST_WRONG_CODES):
        records.failures = [Changed()]
        press(mail, outside, SCANNER, wrong_code_for(mail))
    assert press(mail, outside, SCANNER, code_in(mail)) is LinkState.TOO_MANY_CODES
