"""A person is erased while somebody is just at work on the registration."""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared import double_opt_in
from shared.erasure import SETTLES_AFTER, InDataverse, erase
from shared.erasure_outcome import Erasure
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline, Receipt, SentMail, WrittenContact
from shared.promotion import LONGEST_HAND_OVER
from shared.values.contact import ContactWithConsents, TriggerCall
from shared.values.link_view import LinkState
from shared.values.mail import Mail
from shared.values.record_notes import WithdrawalNote
from shared.withdraw_link import withdraw_link
from tests.examples import registration
from tests.fakes.customer_insights import FakeCustomerInsights
from tests.fakes.mailer import FakeMailer
from tests.fakes.outside import CLAIM, FakeOutside
from tests.fakes.queues import FakeQueues
from tests.story.erasing import ANNA, erase_person, form_by_row, places_with
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored
from tests.told import names, told

ASKED = registration()
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _all_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@dataclass
class Visitor:
    """Comes once, and only where somebody waits for it."""

    meanwhile: Callable[[], None] | None = None

    def come(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()


@dataclass
class VisitedMailer(FakeMailer):
    """While it sends, something else happens."""

    visitor: Visitor = field(default_factory=Visitor)

    def send(self, mail: Mail, *, again: str | None) -> SentMail:
        self.visitor.come()
        return super().send(mail, again=again)


@dataclass
class VisitedDataverse(FakeCustomerInsights):
    """Before it writes, after it has written, before it fires, something else happens."""

    before_writing: Visitor = field(default_factory=Visitor)
    written: Visitor = field(default_factory=Visitor)
    firing: Visitor = field(default_factory=Visitor)

    def write(self, contact: ContactWithConsents, deadline: Deadline) -> WrittenContact:
        self.before_writing.come()
        written = super().write(contact, deadline)
        self.written.come()
        return written

    def fire(self, trigger: TriggerCall, contact_id: str, deadline: Deadline) -> None:
        self.firing.come()
        super().fire(trigger, contact_id, deadline)


@dataclass
class VisitedQueues(FakeQueues):
    """While a message is put into `promotions`, something else happens."""

    visitor: Visitor = field(default_factory=Visitor)

    def put(
        self, queue: str, body: str | bytes, *, visible_in: timedelta = timedelta(0)
    ) -> Receipt:
        if queue == "promotions":
            self.visitor.come()
        return super().put(queue, body, visible_in=visible_in)


def run_what_waits(outside: FakeOutside) -> None:
    for queue in ("registrations", "promotions", "follow-ups", "registrations"):
        deliver(queue, outside)


@pytest.mark.parametrize(
    "outcome",
    [
        None,
        TemporaryFailure("quota"),
        TemporaryFailure("no answer", may_have_happened=True),
        PermanentFailure("no such mailbox"),
        OSError("a bug"),
    ],
)
def test_while_a_worker_is_mailing(
    outcome: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    """It holds the claim; whatever becomes of its mail, it finds the record gone."""
    mailer = VisitedMailer()
    outside = FakeOutside(mailer=mailer)
    double_opt_in.register(ASKED, outside)
    [body] = outside.queues.take_all("registrations")
    outside.pass_time(SECOND)

    def erase_now() -> None:
        erase_person(outside)
        if isinstance(outcome, OSError):
            raise outcome
        if outcome:
            mailer.fail_next(outcome)

    mailer.visitor.meanwhile = erase_now
    try:
        redeliver("registrations", [body], outside)
    except OSError:
        redeliver("registrations", [body], outside)  # as the host does after a bug
    outside.pass_time(CLAIM + SECOND)
    run_what_waits(outside)
    assert stored(ASKED, outside) is None
    assert places_with(outside) == []
    assert len(mailer.sent) == (0 if outcome else 1)
    # A mail that was with the provider arrives; its links lead nowhere.
    for mail in mailer.sent:
        assert press(link(mail), outside).state is LinkState.GONE
    assert not [each for each in told(caplog) if each.event == "triggered_twice"]


def test_while_a_worker_died_at_mailing() -> None:
    mailer = VisitedMailer()
    outside = FakeOutside(mailer=mailer)
    double_opt_in.register(ASKED, outside)
    [body] = outside.queues.take_all("registrations")
    outside.pass_time(SECOND)

    def die() -> None:
        raise KeyboardInterrupt

    mailer.visitor.meanwhile = die
    with pytest.raises(KeyboardInterrupt):
        redeliver("registrations", [body], outside)
    erase_person(outside)
    outside.pass_time(CLAIM + SECOND)
    redeliver("registrations", [body], outside)
    assert stored(ASKED, outside) is None
    assert not mailer.sent
    assert places_with(outside) == []


def test_while_the_person_presses_the_button() -> None:
    queues = VisitedQueues()
    outside = FakeOutside(queues=queues)
    token = link(sign_up(ASKED, outside))
    queues.visitor.meanwhile = lambda: _erase(outside)
    assert press(token, outside).state is LinkState.GONE
    assert outside.queues.bodies("promotions") == []
    assert places_with(outside) == []


def test_while_the_person_withdraws() -> None:
    """The press is noted first: it must not be lost with the record."""
    queues = VisitedQueues()
    outside = FakeOutside(queues=queues)
    press(link(sign_up(ASKED, outside)), outside)
    found = stored(ASKED, outside)
    assert found is not None
    token = withdraw_link(found, outside).partition("?token=")[2]
    queues.visitor.meanwhile = lambda: _erase(outside)
    note = WithdrawalNote(at=outside.now())
    state = double_opt_in.withdraw(token, note, Deadline(10), outside).state
    assert state is LinkState.NOTHING_TO_WITHDRAW
    assert stored(ASKED, outside) is None


def _erase(outside: FakeOutside) -> None:
    erase_person(outside)


@dataclass
class Handing:
    """A worker hands over; at some moment of it the person is erased, in Dataverse, too.

    The worker goes on where it was: after the deletion, while the command waits.
    """

    outside: FakeOutside
    insights: VisitedDataverse
    done: Erasure = field(default_factory=Erasure)
    waited: list[timedelta] = field(default_factory=list)

    def erase_up_to_the_wait(self) -> None:
        """The command runs in another process: here it is stopped where it waits."""

        def pause(by: timedelta) -> None:
            self.waited.append(by)
            raise StopIteration

        where = InDataverse(outside=self.outside, pause=pause)
        with contextlib.suppress(StopIteration):
            erase(ANNA, self.outside, self.done, where)

    def go_on_after_the_wait(self) -> None:
        """What the command does then; asked for by its own next look, as it is written."""
        self.outside.pass_time(sum(self.waited, timedelta(0)))
        wanted = InDataverse(outside=self.outside, pause=self.waited.append)
        erase(ANNA, self.outside, self.done, wanted)


def handing(*, by_row: bool) -> Handing:
    insights = VisitedDataverse()
    outside = FakeOutside(customer_insights=insights)
    if by_row:
        outside.forms = {**outside.forms, "newsletter": form_by_row()}
    return Handing(outside=outside, insights=insights)


@pytest.mark.parametrize("by_row", [False, True], ids=["trigger", "row"])
@pytest.mark.parametrize("moment", ["before_writing", "written"])
def test_while_a_worker_writes_the_contact(
    moment: str, *, by_row: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The contact comes after the first deletion, and goes with the second."""
    world = handing(by_row=by_row)
    outside = world.outside
    token = link(sign_up(ASKED, outside))
    visitor: Visitor = getattr(world.insights, moment)
    visitor.meanwhile = world.erase_up_to_the_wait
    press(token, outside)
    assert world.waited == [SETTLES_AFTER]
    run_what_waits(outside)
    assert stored(ASKED, outside) is None
    left = {*places_with(outside)} & {"contacts", "consents", "journey rows"}
    assert bool(left) == (moment == "before_writing")
    events = told(caplog)
    assert "triggered_twice" not in names(events)
    [alarm] = [each for each in events if each.level == "ERROR"]
    assert alarm.event == "written_after_erasure"
    assert alarm.has(registration=ASKED.id)
    world.go_on_after_the_wait()
    assert places_with(outside) == []
    assert not world.insights.triggers


def test_while_a_worker_fires_the_trigger(caplog: pytest.LogCaptureFixture) -> None:
    world = handing(by_row=False)
    outside = world.outside
    token = link(sign_up(ASKED, outside))
    world.insights.firing.meanwhile = world.erase_up_to_the_wait
    press(token, outside)
    run_what_waits(outside)
    assert stored(ASKED, outside) is None
    assert places_with(outside) == []
    assert "triggered_twice" not in names(told(caplog))


def test_the_command_waits_itself_and_looks_again() -> None:
    """As it really runs: the worker writes while it waits."""
    insights = VisitedDataverse()
    outside = FakeOutside(customer_insights=insights)
    token = link(sign_up(ASKED, outside))
    insights.failures.append(TemporaryFailure("503"))
    press(token, outside)  # confirmed, and not handed over
    [promotion] = outside.queues.take_all("promotions")
    outside.pass_time(SECOND)
    waited = []

    def worker_writes(by: timedelta) -> None:
        waited.append(by)
        assert not outside.customer_insights.contacts
        insights.add_contact("derived", ANNA, {"firstname": "Anna"})

    done = Erasure()
    erase(ANNA, outside, done, InDataverse(outside=outside, pause=worker_writes))
    assert waited == [SETTLES_AFTER]
    assert done.dataverse is not None
    assert len(done.dataverse.contacts) == 1
    redeliver("promotions", [promotion], outside)
    assert places_with(outside) == []


def test_it_waits_for_longer_than_any_worker_hands_over() -> None:
    assert SETTLES_AFTER > LONGEST_HAND_OVER


@pytest.mark.parametrize("status", ["pending", "promoted"])
def test_it_does_not_wait_where_no_worker_can_be_writing(status: str) -> None:
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    if status == "promoted":
        press(link(mail), outside)

    def pause(_: timedelta) -> None:
        pytest.fail("it waits")

    done = Erasure()
    erase(ANNA, outside, done, InDataverse(outside=outside, pause=pause))
    assert done.erased
    assert not done.may_be_written


def test_who_ends_the_command_while_it_waits_waits_for_the_rest_the_next_time() -> None:
    outside = FakeOutside()
    token = link(sign_up(ASKED, outside))
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(token, outside)

    def interrupt(_: timedelta) -> None:
        outside.pass_time(timedelta(seconds=50))
        raise KeyboardInterrupt

    done = Erasure()
    with pytest.raises(KeyboardInterrupt):
        erase(ANNA, outside, done, InDataverse(outside=outside, pause=interrupt))
    assert done.erased
    assert done.may_be_written
    waited: list[timedelta] = []
    again = Erasure()
    erase(ANNA, outside, again, InDataverse(outside=outside, pause=waited.append))
    assert waited == [SETTLES_AFTER - timedelta(seconds=50)]
    assert not again.may_be_written


def test_without_dataverse_it_is_told_that_a_worker_may_be_writing() -> None:
    outside = FakeOutside()
    token = link(sign_up(ASKED, outside))
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(token, outside)
    assert erase_person(outside).may_be_written


def test_two_operators_at_once() -> None:
    """Each ends well; the record has one proof."""
    queues = VisitedQueues()
    outside = FakeOutside(queues=queues)
    press(link(sign_up(ASKED, outside)), outside)
    dones = [Erasure(), Erasure()]

    class Twice(FakeQueues):
        def put(
            self, queue: str, body: str | bytes, *, visible_in: timedelta = timedelta(0)
        ) -> Receipt:
            receipt = super().put(queue, body, visible_in=visible_in)
            other.come()
            return receipt

    other = Visitor(lambda: erase(ANNA, outside, dones[1]))
    outside.queues = Twice(messages=queues.messages)
    erase(ANNA, outside, dones[0])
    assert [one.registration_id for done in dones for one in done.erased] == [ASKED.id]
    assert len(outside.table.kept_proofs) == 1
    assert not outside.table.records
