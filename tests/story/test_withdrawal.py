"""Taking a consent back: at once, later, twice, and while everything else is under way."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared import double_opt_in
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline, Versioned, WrittenContact
from shared.values.contact import ContactWithConsents, TriggerCall
from shared.values.form import Form
from shared.values.link_view import LinkState
from shared.values.mail_budget import MailboxRow
from shared.values.opt_out import OptOut
from shared.values.record import Record, Status
from shared.values.record_notes import WithdrawalNote
from shared.values.registration import Registration
from shared.withdraw_link import withdraw_link
from tests.examples import NOON, key_of, registration
from tests.fakes.customer_insights import FakeCustomerInsights
from tests.fakes.outside import FakeOutside
from tests.fakes.records import FakeRecords
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored

ASKED = registration()
SECONDS = 10
AN_HOUR = timedelta(hours=1)


def confirmed(outside: FakeOutside, asked: Registration = ASKED) -> str:
    """Somebody who confirmed; with the token of the link to withdraw."""
    press(link(sign_up(asked, outside)), outside)
    return token_of(asked, outside)


def token_of(asked: Registration, outside: FakeOutside) -> str:
    return withdraw_link(record(asked, outside), outside).partition("?token=")[2]


def record(asked: Registration, outside: FakeOutside) -> Record:
    found = stored(asked, outside)
    assert found is not None
    return found


def withdraw(token: str, outside: FakeOutside, *, one_click: bool = False) -> LinkState:
    """An hour has passed; the person presses the button."""
    outside.pass_time(AN_HOUR)
    note = WithdrawalNote(
        at=outside.now(), address="198.51.100.9", user_agent="Phone/2.0", one_click=one_click
    )
    return double_opt_in.withdraw(token, note, Deadline(SECONDS), outside).state


def opted_in(outside: FakeOutside) -> list[bool]:
    return [row.opted_in for row in outside.customer_insights.consents.values()]


def again(number: int, outside: FakeOutside, **changes: object) -> Registration:
    """The same person signs up once more, now."""
    return registration(number=number).model_copy(update={"asked_at": outside.now(), **changes})


def test_a_consent_is_taken_back() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    assert opted_in(outside) == [True]
    assert double_opt_in.show_withdraw(token, outside).state is LinkState.WITHDRAW
    assert withdraw(token, outside) is LinkState.WITHDRAWN
    (row,) = outside.customer_insights.consents.values()
    assert (row.opted_in, row.reason) == (False, f"withdrawn {ASKED.id} 2026-11-22T13:00:00Z")
    assert double_opt_in.show_withdraw(token, outside).state is LinkState.WITHDRAWN
    assert outside.queues.bodies("promotions") == []


def test_the_record_keeps_its_status_and_notes_the_withdrawal() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    withdraw(token, outside)
    after = record(ASKED, outside)
    assert after.status is Status.PROMOTED
    (row,) = outside.customer_insights.consents.values()
    assert after.withdrawals == (
        WithdrawalNote(
            at=NOON + AN_HOUR,
            address="198.51.100.9",
            user_agent="Phone/2.0",
            opted_out_at=NOON + AN_HOUR,
            consent_ids=(row.id,),
        ),
    )


def test_how_it_was_withdrawn_is_told() -> None:
    outside = FakeOutside()
    withdraw(confirmed(outside), outside, one_click=True)
    (row,) = outside.customer_insights.consents.values()
    assert row.by_one_click
    assert record(ASKED, outside).withdrawals[0].one_click


def test_opening_the_link_changes_nothing() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    before = record(ASKED, outside)
    for _ in range(3):
        double_opt_in.show_withdraw(token, outside)
    assert record(ASKED, outside) == before
    assert opted_in(outside) == [True]


def test_pressing_again_does_nothing() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    withdraw(token, outside)
    before = (record(ASKED, outside), dict(outside.customer_insights.consents))
    outside.customer_insights.failures.append(TemporaryFailure("nobody should ask"))
    for _ in range(3):
        assert withdraw(token, outside) is LinkState.WITHDRAWN
    assert (record(ASKED, outside), outside.customer_insights.consents) == before
    assert outside.queues.bodies("promotions") == []


def test_a_token_serves_no_other_purpose() -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    press(link(mail), outside)
    for other in (link(mail), link(mail, "decline"), "", "x"):
        assert withdraw(other, outside) is LinkState.NOT_VALID
    token = token_of(ASKED, outside)
    assert double_opt_in.show_confirm(token, outside).state is LinkState.NOT_VALID
    assert double_opt_in.decline(token, outside).state is LinkState.NOT_VALID
    assert opted_in(outside) == [True]


def test_the_link_is_always_the_same() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.pass_time(timedelta(days=900))
    assert token_of(ASKED, outside) == token
    assert withdraw(token, outside) is LinkState.WITHDRAWN


def test_what_was_forgotten_or_never_confirmed_cannot_be_withdrawn() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.table.records.clear()
    assert double_opt_in.show_withdraw(token, outside).state is LinkState.NOTHING_TO_WITHDRAW
    assert withdraw(token, outside) is LinkState.NOTHING_TO_WITHDRAW
    sign_up(ASKED, outside)
    assert withdraw(token, outside) is LinkState.NOTHING_TO_WITHDRAW
    assert not outside.queues.bodies("promotions")
    with pytest.raises(ValueError, match="before the click"):
        token_of(ASKED, outside)


# Out of reach ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure", [TemporaryFailure("429", retry_after=60), PermanentFailure("403: no privilege")]
)
def test_the_press_is_kept_while_dataverse_is_down(failure: Exception) -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.customer_insights.failures.append(failure)  # type: ignore[arg-type] # both are known
    assert withdraw(token, outside) is LinkState.WITHDRAWN
    assert opted_in(outside) == [True]
    assert record(ASKED, outside).withdrawals[0].opted_out_at is None
    assert withdraw(token, outside) is LinkState.WITHDRAWN  # pressed again meanwhile
    outside.pass_time(AN_HOUR)
    assert len(deliver("promotions", outside)) == 1
    assert opted_in(outside) == [False]
    (note,) = record(ASKED, outside).withdrawals
    assert (note.at, note.opted_out_at) == (NOON + AN_HOUR, NOON + 3 * AN_HOUR)


def test_an_outage_is_waited_out() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.customer_insights.failures += [TemporaryFailure("503")] * 8
    withdraw(token, outside)
    for _ in range(7):
        deliver("promotions", outside)
        assert opted_in(outside) == [True]
    deliver("promotions", outside)
    assert opted_in(outside) == [False]
    assert not outside.queues.bodies("promotions-poison")


def test_a_refusal_for_good_waits_in_poison_and_can_be_replayed() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.customer_insights.failures += [PermanentFailure("403: no privilege")] * 2
    withdraw(token, outside)
    deliver("promotions", outside)
    (body,) = outside.queues.bodies("promotions-poison")
    assert "no privilege" in body
    assert ASKED.email not in body
    assert record(ASKED, outside).status is Status.PROMOTED
    redeliver("promotions", [body], outside)
    assert opted_in(outside) == [False]


def test_a_withdrawal_that_was_delivered_twice_is_noted_once() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    withdraw(token, outside)
    bodies = deliver("promotions", outside)
    before = record(ASKED, outside)
    outside.pass_time(AN_HOUR)
    redeliver("promotions", bodies * 3, outside)
    assert record(ASKED, outside) == before


def test_a_press_that_storage_did_not_take_is_asked_for_again() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.queues.down = True
    with pytest.raises(TemporaryFailure):
        withdraw(token, outside)
    outside.queues.down, outside.table.down = False, True
    with pytest.raises(TemporaryFailure):
        withdraw(token, outside)
    outside.table.down = False
    assert opted_in(outside) == [True]
    assert withdraw(token, outside) is LinkState.WITHDRAWN


def test_a_process_that_died_before_it_noted_the_press_has_withdrawn() -> None:
    class Dying(FakeRecords):
        def save(
            self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
        ) -> Versioned[Record]:
            if record.value.was_withdrawn and not record.value.withdrawals[0].opted_out_at:
                raise KeyboardInterrupt
            return super().save(record, mailbox)

    outside = FakeOutside(table=Dying())
    token = confirmed(outside)
    with contextlib.suppress(KeyboardInterrupt):
        withdraw(token, outside)
    deliver("promotions", outside)
    assert opted_in(outside) == [False]
    (note,) = record(ASKED, outside).withdrawals
    assert (note.at, note.address) == (NOON + AN_HOUR, None)


# Before the hand-over ------------------------------------------------------------------------


def test_who_withdraws_before_the_promotion_is_never_promoted() -> None:
    outside = FakeOutside()
    outside.customer_insights.failures += [TemporaryFailure("503")] * 2
    token = confirmed(outside)
    assert withdraw(token, outside) is LinkState.WITHDRAWN
    assert len(outside.queues.bodies("promotions")) == 2
    for _ in range(3):
        deliver("promotions", outside)
    assert outside.customer_insights.contacts == {}
    assert outside.customer_insights.triggers == []
    assert opted_in(outside) == [False]
    after = record(ASKED, outside)
    assert (after.status, after.promotion, after.answers) == (Status.CONFIRMED, None, None)
    assert after.withdrawals[0].opted_out_at


def test_whatever_the_order_in_which_the_messages_come() -> None:
    for first in (0, 1):
        outside = FakeOutside()
        outside.customer_insights.failures += [TemporaryFailure("503")] * 2
        token = confirmed(outside)
        withdraw(token, outside)
        bodies = outside.queues.take_all("promotions")
        redeliver("promotions", [bodies[first], bodies[1 - first]] * 2, outside)
        assert opted_in(outside) == [False]
        assert outside.customer_insights.triggers == []


def test_who_withdraws_before_the_trigger_starts_no_journey() -> None:
    outside = FakeOutside()
    outside.customer_insights.known_triggers = {}
    token = confirmed(outside)
    withdraw(token, outside)
    outside.customer_insights.known_triggers = None
    deliver("promotions", outside)
    assert outside.customer_insights.triggers == []
    assert opted_in(outside) == [False]


def test_a_promotion_that_was_replayed_after_the_withdrawal_does_nothing() -> None:
    outside = FakeOutside()
    outside.customer_insights.known_columns = ()
    token = confirmed(outside)
    deliver("promotions", outside)
    (body,) = outside.queues.bodies("promotions-poison")
    assert record(ASKED, outside).status is Status.FAILED
    withdraw(token, outside)
    outside.customer_insights.known_columns = None
    redeliver("promotions", [body], outside)
    assert outside.customer_insights.contacts == {}
    assert opted_in(outside) == [False]


@dataclass
class Interrupted(FakeCustomerInsights):
    """Something else happens, once: before a call does its work, or after."""

    before_write: Callable[[], object] | None = None
    after_write: Callable[[], object] | None = None
    before_fire: Callable[[], object] | None = None
    before_opt_out: Callable[[], object] | None = None

    def write(self, contact: ContactWithConsents, deadline: Deadline) -> WrittenContact:
        self._call("before_write")
        written = super().write(contact, deadline)
        self._call("after_write")
        return written

    def fire(self, trigger: TriggerCall, contact_id: str, deadline: Deadline) -> None:
        self._call("before_fire")
        super().fire(trigger, contact_id, deadline)

    def opt_out(self, opt_out: OptOut, deadline: Deadline) -> tuple[str, ...]:
        self._call("before_opt_out")
        return super().opt_out(opt_out, deadline)

    def _call(self, name: str) -> None:
        meanwhile = getattr(self, name)
        setattr(self, name, None)
        if meanwhile:
            meanwhile()


@dataclass
class World:
    """A person whose click is being handed over, by the queue."""

    insights: Interrupted = field(default_factory=Interrupted)
    outside: FakeOutside = field(init=False)
    token: str = ""

    def __post_init__(self) -> None:
        self.outside = FakeOutside(customer_insights=self.insights)
        self.insights.failures.append(TemporaryFailure("503"))
        self.token = confirmed(self.outside)

    def withdraw(self) -> None:
        assert withdraw(self.token, self.outside) is LinkState.WITHDRAWN

    def end(self) -> Record:
        for _ in range(4):
            deliver("promotions", self.outside)
        assert self.outside.queues.bodies("promotions") == []
        assert not self.outside.queues.bodies("promotions-poison")
        return record(ASKED, self.outside)


@pytest.mark.parametrize("moment", ["before_write", "after_write", "before_fire"])
def test_a_withdrawal_during_the_promotion_holds(moment: str) -> None:
    world = World()
    setattr(world.insights, moment, world.withdraw)
    after = world.end()
    assert opted_in(world.outside) == [False]
    assert after.withdrawals[0].opted_out_at
    # The trigger was on its way already in the last case only.
    assert len(world.insights.triggers) == (1 if moment == "before_fire" else 0)
    assert (after.status is Status.PROMOTED) == (moment == "before_fire")


@pytest.mark.parametrize("moment", ["before_write", "after_write"])
def test_a_withdrawal_during_the_promotion_holds_where_a_row_starts_the_journey(
    moment: str, row_form: Form
) -> None:
    world = World()
    world.outside.forms = {"newsletter": row_form}
    setattr(world.insights, moment, world.withdraw)
    world.end()
    assert opted_in(world.outside) == [False]


@pytest.fixture
def row_form() -> Form:
    form = FakeOutside().forms["newsletter"].model_dump(by_alias=True, mode="json")
    row = {"entitySet": "new_rows", "keyColumn": "new_id", "contact": "new_ContactId"}
    return Form.model_validate({**form, "trigger": None, "journeyRow": row})


def test_two_who_withdraw_at_once_note_it_once() -> None:
    outside = FakeOutside(customer_insights=(insights := Interrupted()))
    token = confirmed(outside)
    insights.before_opt_out = lambda: withdraw(token, outside)
    assert withdraw(token, outside) is LinkState.WITHDRAWN
    assert opted_in(outside) == [False]
    assert len(record(ASKED, outside).withdrawals) == 1
    assert outside.queues.bodies("promotions") == []


class RecordsWithVisitor(FakeRecords):
    """Between reading a record and writing it, somebody else presses, once."""

    visitor: Callable[[], object] | None = None

    def save(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> Versioned[Record]:
        visitor = self.visitor
        if record.value.was_withdrawn and visitor:
            self.visitor = None
            visitor()
        return super().save(record, mailbox)


def test_who_loses_the_race_to_note_it_leaves_nothing_behind() -> None:
    outside = FakeOutside(table=(records := RecordsWithVisitor()))
    token = confirmed(outside)
    records.visitor = lambda: withdraw(token, outside)
    assert withdraw(token, outside) is LinkState.WITHDRAWN
    assert len(record(ASKED, outside).withdrawals) == 1
    assert outside.queues.bodies("promotions") == []
    assert opted_in(outside) == [False]


# More than one registration --------------------------------------------------------------------


def test_who_signs_up_again_is_opted_in_again() -> None:
    outside = FakeOutside()
    withdraw(confirmed(outside), outside)
    outside.pass_time(AN_HOUR)
    confirmed(outside, again(2, outside))
    assert opted_in(outside) == [True]
    assert len(outside.customer_insights.triggers) == 2


def test_a_withdrawal_that_waited_does_not_undo_a_later_sign_up() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    withdraw(token, outside)
    outside.pass_time(AN_HOUR)
    confirmed(outside, again(2, outside))
    deliver("promotions", outside)
    assert opted_in(outside) == [True]
    assert record(ASKED, outside).withdrawals[0].opted_out_at


def test_a_promotion_that_waited_does_not_undo_a_later_withdrawal() -> None:
    outside = FakeOutside()
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    confirmed(outside)
    outside.pass_time(AN_HOUR)
    later = again(2, outside)
    withdraw(confirmed(outside, later), outside)
    deliver("promotions", outside)
    assert opted_in(outside) == [False]
    assert record(ASKED, outside).status is Status.PROMOTED


def test_an_old_link_works_again_after_a_new_sign_up() -> None:
    """Old mails lie in the inbox; whoever presses there wants no more mails."""
    outside = FakeOutside()
    old = confirmed(outside)
    withdraw(old, outside)
    outside.pass_time(AN_HOUR)
    confirmed(outside, again(2, outside))
    assert double_opt_in.show_withdraw(old, outside).state is LinkState.WITHDRAW
    assert withdraw(old, outside) is LinkState.WITHDRAWN
    assert opted_in(outside) == [False]
    assert len(record(ASKED, outside).withdrawals) == 2
    assert double_opt_in.show_withdraw(old, outside).state is LinkState.WITHDRAWN


def test_another_address_of_the_mailbox_is_not_concerned() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.pass_time(AN_HOUR)
    other = registration("anna+x@example.com", number=2)
    confirmed(outside, other.model_copy(update={"asked_at": outside.now()}))
    withdraw(token, outside)
    assert {key[0]: row.opted_in for key, row in outside.customer_insights.consents.items()} == {
        "anna@example.com": False,
        "anna+x@example.com": True,
    }


def test_where_the_form_is_gone_the_rows_that_were_written_end() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.forms = {}
    assert withdraw(token, outside) is LinkState.WITHDRAWN
    assert opted_in(outside) == [False]


def test_the_contact_gets_the_link_where_the_form_names_a_column() -> None:
    outside = FakeOutside()
    form = outside.forms["newsletter"].model_copy(update={"withdraw_link": "new_withdrawlink"})
    outside.forms = {"newsletter": form}
    token = confirmed(outside)
    contact = outside.customer_insights.contact_of(ASKED.email)
    assert contact is not None
    url = contact.columns["new_withdrawlink"]
    assert url == f"https://doi.contoso.example/api/withdraw?token={token}"
    assert len(str(url)) < 300


def test_the_key_of_the_record_is_all_that_the_message_says() -> None:
    outside = FakeOutside()
    token = confirmed(outside)
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    withdraw(token, outside)
    (body,) = outside.queues.bodies("promotions")
    assert key_of(ASKED).mailbox_key in body
    assert "anna" not in body
    assert "198.51.100.9" not in body
