"""A person is erased on request, however far the registration has come."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from shared import double_opt_in
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline, Versioned
from shared.values.link_view import LinkState
from shared.values.mail_budget import MailboxRow
from shared.values.record import Record, RecordKey, Status
from shared.values.record_notes import WithdrawalNote
from shared.withdraw_link import withdraw_link
from tests.examples import key_of, registration
from tests.fakes.outside import FakeOutside
from tests.fakes.records import FakeRecords
from tests.story.erasing import (
    ANNA,
    TRACES,
    erase_person,
    form_by_row,
    mailbox_of,
    places_with,
    proofs_of,
)
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored
from tests.told import names, told

ASKED = registration()
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
DATAVERSE = ["contacts", "consents"]


@pytest.fixture(autouse=True)
def _all_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def in_the_queue(outside: FakeOutside) -> None:
    double_opt_in.register(ASKED, outside)


def in_the_slow_lane(outside: FakeOutside) -> None:
    """Its network has asked too often: it waits, hidden, as a whole."""
    for number in range(2, 50):
        other = {"email": f"p{number}@example.com", "firstName": "Paul"}
        seen = {"answers": other, "asked_from": "203.0.113.200", "user_agent": None}
        asked = registration(other["email"], number).model_copy(update=seen)
        double_opt_in.register(asked, outside)
    double_opt_in.register(ASKED, outside)
    deliver("registrations", outside)
    assert any(ANNA in body for body in outside.queues.bodies("registrations"))
    assert stored(ASKED, outside) is None


def mail_was_refused_for_now(outside: FakeOutside) -> None:
    """`mailing`: the whole registration waits for its next attempt."""
    double_opt_in.register(ASKED, outside)
    outside.mailer.fail_next(TemporaryFailure("quota"))
    deliver("registrations", outside)
    assert status(outside) is Status.MAILING
    assert any(ANNA in body for body in outside.queues.bodies("registrations"))


def mail_failed_for_good(outside: FakeOutside) -> None:
    double_opt_in.register(ASKED, outside)
    outside.mailer.fail_next(PermanentFailure("no such mailbox"))
    deliver("registrations", outside)
    assert status(outside) is Status.FAILED
    assert outside.queues.bodies("registrations-poison")


def pending(outside: FakeOutside) -> None:
    sign_up(ASKED, outside)
    assert status(outside) is Status.PENDING


def confirmed(outside: FakeOutside) -> None:
    """Dataverse is away."""
    token = link(sign_up(ASKED, outside))
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(token, outside)
    assert status(outside) is Status.CONFIRMED


def written_but_not_triggered(outside: FakeOutside) -> None:
    token = link(sign_up(ASKED, outside))
    outside.customer_insights.known_triggers = {}
    press(token, outside)
    outside.customer_insights.known_triggers = None


def promotion_failed_for_good(outside: FakeOutside) -> None:
    token = link(sign_up(ASKED, outside))
    outside.customer_insights.known_purposes = set()
    press(token, outside)
    deliver("promotions", outside)
    outside.customer_insights.known_purposes = None
    assert status(outside) is Status.FAILED
    assert outside.queues.bodies("promotions-poison")


def promoted(outside: FakeOutside) -> None:
    press(link(sign_up(ASKED, outside)), outside)
    assert status(outside) is Status.PROMOTED


def promoted_by_a_row(outside: FakeOutside) -> None:
    outside.forms = {**outside.forms, "newsletter": form_by_row()}
    promoted(outside)
    assert outside.customer_insights.journey_rows


def withdrawn(outside: FakeOutside) -> None:
    promoted(outside)
    withdraw(outside)


STATUSES: Mapping[str, Callable[[FakeOutside], None]] = {
    one.__name__: one
    for one in (
        in_the_queue,
        in_the_slow_lane,
        mail_was_refused_for_now,
        mail_failed_for_good,
        pending,
        confirmed,
        written_but_not_triggered,
        promotion_failed_for_good,
        promoted,
        promoted_by_a_row,
        withdrawn,
    )
}


def status(outside: FakeOutside) -> Status | None:
    found = stored(ASKED, outside)
    return found.status if found else None


def withdraw(outside: FakeOutside) -> LinkState:
    found = stored(ASKED, outside)
    assert found is not None
    token = withdraw_link(found, outside).partition("?token=")[2]
    outside.pass_time(A_MINUTE)
    note = WithdrawalNote(at=outside.now(), address="198.51.100.9", user_agent="Phone/2.0")
    return double_opt_in.withdraw(token, note, Deadline(10), outside).state


def run_everything(outside: FakeOutside) -> None:
    """Whatever waits has its turn, several times, days later."""
    for days in (0, 1, 8):
        outside.pass_time(timedelta(days=days))
        for queue in ("registrations", "promotions", "follow-ups"):
            deliver(queue, outside)


@pytest.mark.parametrize("reach", STATUSES.values(), ids=STATUSES)
def test_nothing_is_left_at_any_status(
    reach: Callable[[FakeOutside], None], caplog: pytest.LogCaptureFixture
) -> None:
    outside = FakeOutside()
    reach(outside)
    outside.pass_time(A_MINUTE)
    mails = len(outside.mailer.sent)
    erase_person(outside, everywhere=True)
    assert not {"records", *DATAVERSE, "journey rows"} & {*places_with(outside)}
    run_everything(outside)
    assert places_with(outside) == []
    assert stored(ASKED, outside) is None
    assert not [mail for mail in outside.mailer.sent[mails:] if mail.to == ANNA]
    assert not [each for each in told(caplog) if each.level == "ERROR" and each.event != "poisoned"]
    assert not any(trace in line for line in caplog.messages for trace in TRACES)


@pytest.mark.parametrize("reach", STATUSES.values(), ids=STATUSES)
def test_what_is_left_says_only_that_it_was(reach: Callable[[FakeOutside], None]) -> None:
    outside = FakeOutside()
    reach(outside)
    was = stored(ASKED, outside)
    outside.pass_time(A_MINUTE)
    done = erase_person(outside, everywhere=True)
    row = mailbox_of(outside)
    assert row.mailed_at == ()
    [digest] = row.erased
    assert ANNA not in digest
    proofs = outside.records.proofs(key_of(ASKED).mailbox_key)
    if was is None:
        assert proofs == []
        assert done.erased == []
        return
    [proof] = proofs
    assert [one.registration_id for one in done.erased] == [ASKED.id]
    assert proof.value.address == digest
    assert proof.value.asked_at == was.asked_at
    assert proof.value.confirmed_at == (was.click.at if was.click else None)
    assert done.until == row.erased[digest].until


@pytest.mark.parametrize("reach", STATUSES.values(), ids=STATUSES)
def test_a_second_run_finds_nothing(reach: Callable[[FakeOutside], None]) -> None:
    outside = FakeOutside()
    reach(outside)
    first = erase_person(outside, everywhere=True)
    outside.pass_time(timedelta(minutes=10))
    again = erase_person(outside, everywhere=True)
    assert again.erased == []
    assert not again.dataverse
    assert again.poison.dropped == ()
    assert not again.may_be_written
    # A second run keeps a proof no longer; where there is none, it looks out for late arrivals.
    late = outside.now() + timedelta(days=7)
    assert again.until == (first.until if first.erased else late)


def test_somebody_who_was_never_known() -> None:
    outside = FakeOutside()
    done = erase_person(outside, everywhere=True)
    assert done.erased == []
    assert not done.dataverse
    # Noted for as long as a registration could still come out of a queue, and no longer.
    assert done.until == outside.now() + timedelta(days=7)
    outside.pass_time(timedelta(days=7))
    deliver("follow-ups", outside)
    assert not outside.table.mailboxes


@pytest.mark.parametrize("reach", STATUSES.values(), ids=STATUSES)
def test_who_signs_up_again_is_new(reach: Callable[[FakeOutside], None]) -> None:
    outside = FakeOutside()
    reach(outside)
    outside.pass_time(A_MINUTE)
    erase_person(outside, everywhere=True)
    outside.pass_time(A_DAY)
    again = registration(number=777).model_copy(update={"asked_at": outside.now()})
    token = link(sign_up(again, outside))
    assert press(token, outside).state is LinkState.CONFIRMED
    found = stored(again, outside)
    assert found is not None
    assert found.status is Status.PROMOTED
    assert outside.customer_insights.contact_of(ANNA)
    run_everything(outside)
    assert stored(again, outside) is not None


def test_a_call_that_the_website_repeats_after_the_erasure_is_new_too() -> None:
    """The same Idempotency-Key gives the same id."""
    outside = FakeOutside()
    pending(outside)
    outside.pass_time(A_MINUTE)
    erase_person(outside)
    outside.pass_time(A_MINUTE)
    sign_up(ASKED.model_copy(update={"asked_at": outside.now()}), outside)
    assert status(outside) is Status.PENDING
    erase_person(outside)
    assert len(proofs_of(outside)) == 1


def test_a_repeated_delivery_of_what_was_erased_stores_nothing() -> None:
    """The queue delivers twice, the second time when the person is erased."""
    outside = FakeOutside()
    double_opt_in.register(ASKED, outside)
    bodies = deliver("registrations", outside)
    outside.pass_time(A_MINUTE)
    erase_person(outside)
    redeliver("registrations", bodies, outside)
    assert stored(ASKED, outside) is None
    assert len(outside.mailer.sent) == 1


def test_dropped_on_arrival_is_told_without_a_person(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    in_the_queue(outside)
    outside.pass_time(A_MINUTE)
    erase_person(outside)
    deliver("registrations", outside)
    [told_of] = [each for each in told(caplog) if each.event == "expired"]
    assert told_of.has(registration=ASKED.id, reason="erased")
    assert not outside.mailer.sent
    assert outside.queues.bodies("follow-ups")  # only the end of the note
    assert all("endProof" in body for body in outside.queues.bodies("follow-ups"))


class CountingRecords(FakeRecords):
    """How often was a row read?"""

    reads = 0

    def find(self, key: RecordKey) -> Versioned[Record] | None:
        self.reads += 1
        return super().find(key)

    def find_mailbox(self, mailbox_key: str) -> Versioned[MailboxRow]:
        self.reads += 1
        return super().find_mailbox(mailbox_key)


def test_an_erasure_costs_new_people_no_operation() -> None:
    """The empty row is tried first, and read only where there is one."""
    records = CountingRecords()
    outside = FakeOutside(table=records)
    erase_person(outside, "somebody@example.com")
    records.reads = 0
    sign_up(ASKED, outside)
    assert records.reads == 0


def test_another_spelling_of_the_mailbox_stays_and_is_named() -> None:
    outside = FakeOutside()
    tagged = registration("anna+x@example.com", number=2)
    promoted(outside)
    sign_up(tagged, outside)
    done = erase_person(outside)
    assert done.others == ("anna+x@example.com",)
    assert stored(tagged, outside) is not None
    assert stored(ASKED, outside) is None
    # The mailbox is still somebody's, so its budget goes on.
    assert len(mailbox_of(outside).mailed_at) == 2
    queued = registration("anna+x@example.com", number=3)
    sign_up(queued, outside)
    assert stored(queued, outside) is not None


def test_upper_case_is_the_same_address() -> None:
    outside = FakeOutside()
    promoted(outside)
    assert erase_person(outside, "Anna@example.com").others == ()
    assert stored(ASKED, outside) is None


def test_all_registrations_of_the_address_go() -> None:
    outside = FakeOutside()
    several = [registration(number=number) for number in (1, 2, 3)]
    for asked in several:
        outside.pass_time(2 * A_DAY)
        press(link(sign_up(asked.model_copy(update={"asked_at": outside.now()}), outside)), outside)
    done = erase_person(outside, everywhere=True)
    assert [one.registration_id for one in done.erased] == [one.id for one in several]
    assert len(proofs_of(outside)) == 3
    assert places_with(outside) == []


def test_without_dataverse_the_contact_stays() -> None:
    outside = FakeOutside()
    promoted(outside)
    done = erase_person(outside)
    assert done.dataverse is None
    assert outside.customer_insights.contact_of(ANNA)
    later = erase_person(outside, everywhere=True)
    assert later.dataverse
    assert places_with(outside) == []


def test_a_wish_not_to_be_mailed_goes_on() -> None:
    outside = FakeOutside()
    token = link(sign_up(ASKED, outside), "decline")
    double_opt_in.decline(token, outside)
    until = mailbox_of(outside).suppressed_until
    erase_person(outside)
    assert mailbox_of(outside).suppressed_until == until


def test_this_was_not_me_after_the_erasure_keeps_the_note_of_it() -> None:
    outside = FakeOutside()
    token = link(sign_up(ASKED, outside), "decline")
    outside.pass_time(A_MINUTE)
    erase_person(outside)
    before = mailbox_of(outside).erased
    assert double_opt_in.decline(token, outside).state is LinkState.DECLINED
    row = mailbox_of(outside)
    assert row.erased == before
    assert row.suppressed_until


def test_the_links_of_who_was_erased_lead_to_honest_pages() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    confirm, decline = link(mail), link(mail, "decline")
    press(confirm, outside)
    found = stored(ASKED, outside)
    assert found is not None
    withdraw_token = withdraw_link(found, outside).partition("?token=")[2]
    erase_person(outside)
    assert double_opt_in.show_confirm(confirm, outside).state is LinkState.GONE
    assert press(confirm, outside).state is LinkState.GONE
    assert double_opt_in.renew(confirm, outside).state is LinkState.GONE
    assert double_opt_in.show_decline(decline, outside).state is LinkState.GONE
    shown = double_opt_in.show_withdraw(withdraw_token, outside)
    assert shown.state is LinkState.NOTHING_TO_WITHDRAW
    note = WithdrawalNote(at=outside.now())
    pressed = double_opt_in.withdraw(withdraw_token, note, Deadline(10), outside)
    assert pressed.state is LinkState.NOTHING_TO_WITHDRAW
    assert not outside.queues.bodies("promotions")


def waiting_withdrawal() -> FakeOutside:
    outside = FakeOutside()
    promoted(outside)
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    assert withdraw(outside) is LinkState.WITHDRAWN
    assert [row.opted_in for row in outside.customer_insights.consents.values()] == [True]
    return outside


def test_a_withdrawal_that_dataverse_does_not_know_yet_is_not_lost_with_the_record() -> None:
    outside = waiting_withdrawal()
    done = erase_person(outside)
    assert done.opted_out == 1
    assert [row.opted_in for row in outside.customer_insights.consents.values()] == [False]
    assert stored(ASKED, outside) is None
    deliver("promotions", outside)


def test_while_dataverse_is_away_such_a_record_stays_and_the_same_call_goes_on() -> None:
    outside = waiting_withdrawal()
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    with pytest.raises(TemporaryFailure):
        erase_person(outside)
    assert stored(ASKED, outside) is not None
    assert erase_person(outside).opted_out == 1
    assert stored(ASKED, outside) is None


def test_where_the_consents_are_deleted_nothing_has_to_be_withdrawn_before() -> None:
    outside = waiting_withdrawal()
    assert erase_person(outside, everywhere=True).opted_out == 0
    assert places_with(outside) == []


def test_an_outage_of_dataverse_in_the_middle_is_resumed() -> None:
    outside = FakeOutside()
    promoted_by_a_row(outside)
    outside.dataverse_people.failures.append(TemporaryFailure("Dataverse: 503"))
    with pytest.raises(TemporaryFailure):
        erase_person(outside, everywhere=True)
    assert stored(ASKED, outside) is None
    assert {*DATAVERSE, "journey rows"} <= {*places_with(outside)}
    done = erase_person(outside, everywhere=True)
    assert done.dataverse is not None
    # The journey's row is found by the registration's id, which the proof has kept.
    assert len(done.dataverse.journey_rows) == 1
    assert places_with(outside) == []


@pytest.mark.parametrize("part", ["table", "queues"])
def test_an_outage_of_storage_is_resumed(part: str) -> None:
    outside = FakeOutside()
    promoted(outside)
    getattr(outside, part).down = True
    with pytest.raises(TemporaryFailure):
        erase_person(outside)
    getattr(outside, part).down = False
    assert erase_person(outside).erased
    assert stored(ASKED, outside) is None


def test_the_app_tells_of_it_once(caplog: pytest.LogCaptureFixture) -> None:
    """Not the operator's machine, whose log nobody collects."""
    outside = FakeOutside()
    promoted(outside)
    caplog.clear()
    erase_person(outside)
    assert "erased" not in names(told(caplog))
    for _ in range(3):
        deliver("follow-ups", outside)
    [erased] = [each for each in told(caplog) if each.event == "erased"]
    assert erased.facts == {"registration": ASKED.id}


class RecordsWithVisitor(FakeRecords):
    """Before a mailbox's row is written, once, something else happens."""

    meanwhile: Callable[[], None] | None = None

    def save_mailbox(self, mailbox_key: str, mailbox: Versioned[MailboxRow]) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        super().save_mailbox(mailbox_key, mailbox)


def test_a_registration_that_comes_between_looking_and_noting_is_erased() -> None:
    records = RecordsWithVisitor()
    outside = FakeOutside(table=records)
    records.meanwhile = lambda: pending(outside)
    done = erase_person(outside)
    assert [one.registration_id for one in done.erased] == [ASKED.id]
    assert stored(ASKED, outside) is None
    assert proofs_of(outside) == [outside.rules.proof]
    [note] = mailbox_of(outside).erased.values()
    assert note.until == outside.now() + outside.rules.proof
