"""People say yes and no, again and again, while Dataverse comes and goes: the last word counts.

Hypothesis makes up who confirms and who withdraws when, which message is delivered late or twice,
what overtakes what, and where a process dies. At the end all trouble ends.
"""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from shared import double_opt_in
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from shared.values.link_view import LinkState
from shared.values.mailbox import canonical
from shared.values.record import Record, RecordKey, Status
from shared.values.record_notes import WithdrawalNote
from shared.withdraw_link import withdraw_link
from tests.examples import registration
from tests.properties.flaky import Died, Trouble
from tests.properties.hosted import Hosted
from tests.story.journey import SECONDS, link, press

# Two addresses of one mailbox.
ADDRESSES = ["anna@example.com", "anna+x@example.com"]
A_DAY = timedelta(days=1)  # more than a mailbox's mails of a day would be too many for one
MOST_DELIVERIES = 500
PROMOTIONS = "promotions"

anyone = st.integers(min_value=0, max_value=20)
# From the first call on up to the last of a press.
troubles = st.one_of(
    st.none(), st.tuples(st.sampled_from(Trouble), st.integers(min_value=0, max_value=8))
)
Plan = tuple[Trouble, int] | None


class LastWords(RuleBasedStateMachine):
    """`shown` has the records whose withdrawal was acknowledged."""

    def __init__(self) -> None:
        super().__init__()
        self.hosted = Hosted()
        self.outside = self.hosted.outside
        self.hosted.start()
        self.asked = 0
        self.shown: set[RecordKey] = set()

    def teardown(self) -> None:
        try:
            self.everything_comes_to_its_end()
        finally:
            self.hosted.stop()

    # What happens -------------------------------------------------------------------------

    @rule(address=st.sampled_from(ADDRESSES), plan=troubles, which=anyone)
    def sign_up_and_confirm(self, address: str, plan: Plan, which: int) -> None:
        self._pass(A_DAY)
        self.asked += 1
        asked = registration(address, number=self.asked)
        double_opt_in.register(
            asked.model_copy(update={"asked_at": self.outside.now()}), self.outside
        )
        for queue, waiting in self.hosted.visible():
            if queue == "registrations":
                self.hosted.deliver(queue, waiting)
        token = link(self.hosted.mailer.sent[-1])
        self._with(plan, lambda: press(token, self.outside), which)

    @precondition(lambda self: self._confirmed())
    @rule(plan=troubles, which=anyone)
    def withdraw(self, plan: Plan, which: int) -> None:
        """With the newest link as a rule, now and then with an older one."""
        self._with(plan, lambda: self._press(which), which)

    @precondition(lambda self: self.hosted.visible())
    @rule(plan=troubles, which=anyone)
    def deliver(self, plan: Plan, which: int) -> None:
        visible = self.hosted.visible()
        queue, waiting = visible[which % len(visible)]
        self._with(plan, lambda: self.hosted.deliver(queue, waiting), which)

    @precondition(lambda self: self.hosted.delivered)
    @rule(plan=troubles, which=anyone)
    def deliver_again(self, plan: Plan, which: int) -> None:
        queue, body = self.hosted.delivered[-1 - which % len(self.hosted.delivered)]
        self._with(plan, lambda: self.hosted.deliver_again(queue, body), which)

    @rule(seconds=st.sampled_from([0, 1, 31, 200, 5000]))
    def wait(self, seconds: int) -> None:
        self._pass(timedelta(seconds=seconds))

    # How it happens -----------------------------------------------------------------------

    def _press(self, which: int) -> None:
        found = self._confirmed()
        newest_first = sorted(found, key=_said_yes_at, reverse=True)
        record = newest_first[0 if which % 3 else which % len(found)]
        token = withdraw_link(record, self.outside).partition("?token=")[2]
        note = WithdrawalNote(at=self.outside.now())
        view = double_opt_in.withdraw(token, note, Deadline(SECONDS), self.outside)
        assert view.state is LinkState.WITHDRAWN
        self.shown.add(record.key)

    def _with(self, plan: Plan, action: Callable[[], Any], which: int) -> None:
        """With trouble at one of its calls; or somebody else does something at that call."""
        trouble, at = plan or (None, 0)
        self.hosted.faults.begin(trouble, at, lambda: self._meanwhile(which))
        with contextlib.suppress(TemporaryFailure, Died):  # who pressed is asked to press again
            action()
        self.hosted.faults.end()
        self._check_nothing_is_lost()

    def _meanwhile(self, which: int) -> None:
        if which % 2 and self._confirmed():
            self._press(which)
        else:
            for body in self.hosted.queues.bodies(PROMOTIONS):
                self.hosted.deliver_again(PROMOTIONS, body)

    def _pass(self, time: timedelta) -> None:
        self.hosted.note_due_times()
        self.outside.pass_time(time)

    def _records(self) -> list[Record]:
        return [stored.value for stored in self.hosted.records.records.values()]

    def _confirmed(self) -> list[Record]:
        return [record for record in self._records() if record.was_confirmed]

    # What must hold -----------------------------------------------------------------------

    def _check_nothing_is_lost(self) -> None:
        for record in self._confirmed():
            done = record.status is Status.PROMOTED or record.was_withdrawn
            carried_out = all(note.opted_out_at for note in record.withdrawals)
            assert (done and carried_out) or self.hosted.is_waiting(
                record.registration_id, PROMOTIONS, f"{PROMOTIONS}-poison"
            )
            assert record.was_withdrawn or record.key not in self.shown

    def everything_comes_to_its_end(self) -> None:
        self.hosted.replay_poison()
        for _ in range(MOST_DELIVERIES):
            due = self.hosted.next_due()
            if due is None:
                break
            self.outside.clock = max(self.outside.clock, due)
            for queue, waiting in self.hosted.visible():
                self.hosted.deliver(queue, waiting)
        assert not self.hosted.queues.bodies(PROMOTIONS)
        assert not self.hosted.queues.bodies(f"{PROMOTIONS}-poison")
        self._check_nothing_is_lost()
        said = {
            address: row.opted_in for (address, _, _), row in self.hosted.insights.consents.items()
        }
        assert said == {
            address: _last_word(self._confirmed(), address)
            for address in {canonical(record.email) for record in self._confirmed()}
        }


def _last_word(records: list[Record], address: str) -> bool:
    """In the same second it is no."""
    own = [record for record in records if canonical(record.email) == address]
    no = [note.at.replace(microsecond=0) for record in own for note in record.withdrawals]
    return not no or max(map(_said_yes_at, own)).replace(microsecond=0) > max(no)


def _said_yes_at(record: Record) -> datetime:
    assert record.click is not None
    return record.click.at


TestLastWords = LastWords.TestCase
TestLastWords.settings = settings(max_examples=300, stateful_step_count=25)
