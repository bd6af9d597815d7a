"""What the chain says after each thing that can happen to a registration."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from shared import double_opt_in
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.ports import Deadline, Versioned
from shared.values.evidence.entry import Entry, EntryKind
from shared.values.evidence.facts import ORIGIN, SALT, lead_digest
from shared.values.mail_budget import MailboxRow
from shared.values.messages import parse_hand_over
from shared.values.record import Record, Status
from shared.values.record_notes import WithdrawalNote
from shared.values.registration import Registration
from shared.withdraw_link import withdraw_link
from tests.chain.proven import assert_linear, assert_proven, kinds
from tests.examples import NOON, PURPOSE, WEBSITE, key_of, registration
from tests.fakes.outside import FakeOutside
from tests.fakes.records import FakeRecords
from tests.leads.worlds import add_lead, arrive, connected
from tests.leads.worlds import deliver as deliver_leads
from tests.leads.worlds import record_of as record_of_lead
from tests.story.journey import SECONDS, deliver, link, press, redeliver, sign_up, stored
from tests.story.test_mail_reports import report
from tests.story.test_scanners import BusyRecords

ASKED = registration()
AN_HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONFIRMED = ["asked", "mailed", "confirmed", "written", "triggered"]


def record(outside: FakeOutside, asked: Registration = ASKED) -> Record:
    found = stored(asked, outside)
    assert found is not None
    assert_proven(found)
    return found


def entry(record: Record, kind: EntryKind) -> Entry:
    [found] = [one for one in record.chain.entries if one.kind is kind]
    return found


def known(record: Record, kind: EntryKind) -> dict[str, object]:
    """The facts, without what sealing added."""
    facts = entry(record, kind).facts or {}
    return {name: fact for name, fact in facts.items() if name not in {SALT, ORIGIN}}


def withdraw(outside: FakeOutside, asked: Registration = ASKED) -> None:
    token = withdraw_link(record(outside, asked), outside).partition("?token=")[2]
    outside.pass_time(AN_HOUR)
    note = WithdrawalNote(at=outside.now(), address="198.51.100.9", user_agent="Phone/2.0")
    double_opt_in.withdraw(token, note, Deadline(SECONDS), outside)


def replay(queue: str, outside: FakeOutside) -> None:
    """An operator puts the poison back."""
    for body in outside.queues.take_all(f"{queue}-poison"):
        message = parse_hand_over(body.encode()).for_replay()
        outside.queues.put(queue, message.to_json())


def again(number: int, outside: FakeOutside) -> Registration:
    return registration(number=number).model_copy(update={"asked_at": outside.now()})


def test_the_whole_journey() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    assert kinds(record(outside)) == ["asked", "mailed"]
    report(outside, "Delivered")
    assert kinds(record(outside)) == ["asked", "mailed", "reported"]
    outside.pass_time(AN_HOUR)
    press(link(mail), outside)
    full = record(outside)
    assert kinds(full) == ["asked", "mailed", "reported", "confirmed", "written", "triggered"]
    withdraw(outside)
    assert kinds(record(outside))[-2:] == ["withdrawn", "opted_out"]


def test_what_was_asked() -> None:
    outside = FakeOutside()
    sign_up(ASKED.model_copy(update={"privacy_policy_version": "2026-03"}), outside)
    asked = record(outside)
    [given] = ASKED.consents
    assert entry(asked, EntryKind.ASKED).at == NOON
    assert known(asked, EntryKind.ASKED) == {
        "registration": ASKED.id,
        "form": "newsletter",
        "email": ASKED.email,
        "locale": "de",
        "consents": [
            {
                "id": given.id,
                "language": "de",
                "version": given.version,
                "purpose": PURPOSE,
            }
        ],
        "privacyPolicyUrl": ASKED.privacy_policy_url,
        "privacyPolicyVersion": "2026-03",
        "pageUrl": f"{WEBSITE}/newsletter.html",
        "campaign": "spring",
    }
    assert asked.privacy_policy_version == "2026-03"


def test_what_followed() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    report(outside, "Delivered", at=NOON + AN_HOUR)
    outside.pass_time(DAY)
    press(link(mail), outside)
    withdraw(outside)
    full = record(outside)
    [note], promotion = full.mails, full.promotion
    assert promotion is not None
    mailed = known(full, EntryKind.MAILED)
    assert mailed["messageId"] == note.message_id
    assert mailed["text"] == note.text_digest
    assert (mailed["number"], mailed["kind"]) == (1, "confirmation")
    assert known(full, EntryKind.REPORTED) == {"number": 1, "status": "Delivered"}
    assert entry(full, EntryKind.CONFIRMED).at == NOON + DAY
    assert known(full, EntryKind.CONFIRMED) == {"codeGiven": False}
    assert known(full, EntryKind.WRITTEN) == {
        "contact": promotion.contact_id,
        "created": True,
        "consents": list(promotion.consent_ids),
    }
    assert known(full, EntryKind.TRIGGERED) == {"by": "trigger"}
    assert known(full, EntryKind.WITHDRAWN) == {"oneClick": False}
    assert known(full, EntryKind.OPTED_OUT) == {
        "withdrawnAt": "2026-11-23T13:00:00.000000Z",
        "consents": list(full.withdrawals[0].consent_ids),
    }


def test_each_mail_that_left_and_each_newer_report() -> None:
    outside = FakeOutside()
    token = link(sign_up(ASKED, outside))
    outside.pass_time(4 * DAY)
    double_opt_in.renew(token, outside)
    deliver("registrations", outside)
    report(outside, "Delivered", number=2, at=outside.now())
    report(outside, "Delivered", number=2, at=outside.now())  # reports come twice
    report(outside, "OutForDelivery", number=2, at=NOON)  # and late
    assert kinds(record(outside)) == ["asked", "mailed", "mailed", "reported"]


def test_a_repeated_message_or_press_adds_nothing() -> None:
    outside = FakeOutside()
    double_opt_in.register(ASKED, outside)
    bodies = deliver("registrations", outside)
    token = link(outside.mailer.sent[-1])
    press(token, outside)
    before = record(outside)
    redeliver("registrations", bodies, outside)
    press(token, outside)
    deliver("promotions", outside)
    assert kinds(before) == CONFIRMED
    assert record(outside).chain == before.chain


def test_a_hand_over_in_several_attempts_is_written_down_once() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(link(mail), outside)
    assert kinds(record(outside)) == ["asked", "mailed", "confirmed"]
    outside.customer_insights.known_triggers = {}  # it is written, and then not fired
    for _ in range(2):
        outside.pass_time(AN_HOUR)
        deliver("promotions", outside)
        assert kinds(record(outside))[-1] == "written"
        replay("promotions", outside)
    outside.customer_insights.known_triggers = None
    deliver("promotions", outside)
    assert kinds(record(outside)) == CONFIRMED


def test_a_withdrawal_that_only_the_queue_knows_of_is_noted_with_what_became_of_it() -> None:
    outside = FakeOutside(table=(table := BusyRecords()))
    press(link(sign_up(ASKED, outside)), outside)
    table.failures.append(TemporaryFailure("503"))
    with pytest.raises(TemporaryFailure):
        withdraw(outside)
    deliver("promotions", outside)
    after = record(outside)
    assert kinds(after) == [*CONFIRMED, "withdrawn", "opted_out"]
    assert ORIGIN not in (entry(after, EntryKind.WITHDRAWN).facts or {})


def test_a_mail_that_did_not_leave_is_no_evidence() -> None:
    outside = FakeOutside()
    outside.mailer.fail_next(PermanentFailure("550 no such user"))
    double_opt_in.register(ASKED, outside)
    deliver("registrations", outside)
    failed = record(outside)
    assert (failed.status, kinds(failed)) == (Status.FAILED, ["asked"])


def test_a_lead_is_referred_to_by_its_digest() -> None:
    outside = connected()
    add_lead(outside)
    arrive(outside)
    deliver_leads("registrations", outside)
    from_linkedin = record_of_lead(outside)
    assert from_linkedin is not None
    assert from_linkedin.lead is not None
    assert_proven(from_linkedin)
    assert known(from_linkedin, EntryKind.ASKED)["lead"] == lead_digest(from_linkedin.lead)
    assert ORIGIN not in (entry(from_linkedin, EntryKind.ASKED).facts or {})


@dataclass
class Forgetful(FakeRecords):
    """The next writes are done, and said to have been too late: the SDK has repeated them."""

    lost_answers: int = 0

    def save(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> Versioned[Record]:
        saved = super().save(record, mailbox)
        if self.lost_answers:
            self.lost_answers -= 1
            raise Changed
        return saved


def test_what_storage_kept_without_an_answer_is_noted_once() -> None:
    outside = FakeOutside(table=(table := Forgetful()))
    mail = sign_up(ASKED, outside)
    table.lost_answers = 1
    press(link(mail), outside)  # the click
    assert kinds(record(outside)) == CONFIRMED
    table.lost_answers = 1
    report(outside, "Delivered")
    assert kinds(record(outside)) == [*CONFIRMED, "reported"]
    table.lost_answers = 1
    withdraw(outside)
    assert kinds(record(outside)) == [*CONFIRMED, "reported", "withdrawn", "opted_out"]


# More than one registration ------------------------------------------------------------------


def test_who_signs_up_again_goes_on_with_the_chain() -> None:
    outside = FakeOutside()
    press(link(sign_up(ASKED, outside)), outside)
    outside.pass_time(8 * DAY)
    for _ in range(3):
        deliver("follow-ups", outside)
    second = again(2, outside)
    press(link(sign_up(second, outside)), outside)
    first = record(outside)
    assert record(outside, second).chain.previous == first.chain.asked
    assert first.chain.previous == ""


def test_two_registrations_of_one_mailbox_at_once_keep_one_chain() -> None:
    other = registration("Anna+x@example.com", 2)
    outside = FakeOutside(table=(table := BusyRecords()))
    double_opt_in.register(ASKED, outside)
    double_opt_in.register(other, outside)
    first, second = outside.queues.take_all("registrations")
    table.meanwhile = lambda: redeliver("registrations", [second], outside)
    table.failures.append(Changed())
    redeliver("registrations", [first], outside)
    both = [record(outside), record(outside, other)]
    assert_linear(both)
    assert both[0].chain.previous == both[1].chain.asked


def test_who_declines_leaves_the_chain_as_it_was() -> None:
    outside = FakeOutside()
    press(link(sign_up(ASKED, outside)), outside)
    second = again(2, outside)
    double_opt_in.decline(link(sign_up(second, outside), "decline"), outside)
    row = outside.table.mailboxes[key_of(ASKED).mailbox_key].value
    assert row.last_asked == record(outside).chain.asked
    for _ in range(8):
        outside.pass_time(7 * DAY)
        deliver("follow-ups", outside)
    left = outside.table.mailboxes[key_of(ASKED).mailbox_key].value
    assert left == MailboxRow(last_asked=record(outside).chain.asked)


def test_what_nobody_confirmed_leaves_no_trace() -> None:
    outside = FakeOutside()
    for number in (1, 2, 3):
        sign_up(again(number, outside), outside)
        outside.pass_time(AN_HOUR)
    for _ in range(8):
        outside.pass_time(7 * DAY)
        deliver("follow-ups", outside)
    assert not outside.table.records
    assert not outside.table.mailboxes


def test_the_end_of_the_chain_goes_with_the_last_record() -> None:
    """Somebody else deleted the records: the mailbox's own row does not stay for ever."""
    outside = FakeOutside()
    press(link(sign_up(ASKED, outside)), outside)
    outside.table.records.clear()
    for _ in range(3):
        outside.pass_time(7 * DAY)
        deliver("follow-ups", outside)
    assert not outside.table.mailboxes
