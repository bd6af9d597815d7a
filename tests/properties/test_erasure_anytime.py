"""Whatever is under way, and whatever goes wrong: who was erased is gone, and nobody else.

Hypothesis makes up journeys of two addresses of one mailbox. Any call of a worker or a visitor may
be overtaken by `doi erase`, any call of `doi erase` by a worker or a visitor; calls fail in every
way of `Trouble`. What was asked for before an erasure that ended well may never be stored again.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from local.event_lines import event_in
from shared import double_opt_in
from shared.erasure import InDataverse, erase
from shared.erasure_outcome import Erasure
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.mailbox import canonical
from shared.values.record import Record
from shared.values.record_notes import WithdrawalNote
from shared.withdraw_link import withdraw_link
from tests.chain.proven import assert_linear
from tests.examples import registration
from tests.fakes.people import FakePeople
from tests.properties.flaky import Died, Flaky, Trouble
from tests.properties.hosted import Hosted
from tests.story.erasing import ANNA, places_with
from tests.story.journey import SECONDS, link, press

if TYPE_CHECKING:
    from shared.values.mail import Mail
    from shared.values.registration import Registration

TAGGED = "anna+x@example.com"
MOST_DELIVERIES = 2000
troubles = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from([*Trouble, Trouble.OVERTAKEN, Trouble.OVERTAKEN_LATE]),
        st.integers(min_value=0, max_value=12),
    ),
)
anyone = st.integers(min_value=0, max_value=50)
Plan = tuple[Trouble, int] | None


class Alarms(logging.Handler):
    """Which contacts the app said that it had written too late."""

    def __init__(self) -> None:
        super().__init__()
        self.contacts: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        event = event_in(record.getMessage())
        if event and event["event"] == "written_after_erasure":
            self.contacts.add(str(event["contact"]))


class Erasures(RuleBasedStateMachine):
    """`erased_at`: when the last erasure that ended well had begun. `is_half_done`: one failed."""

    def __init__(self) -> None:
        super().__init__()
        self.hosted, self.alarms = Hosted(), Alarms()
        self.outside = self.hosted.outside
        # So that what is left ends within few deliveries.
        self.outside.rules = replace(self.outside.rules, proof=timedelta(days=30))
        people = Flaky(FakePeople(self.hosted.insights), self.hosted.faults)
        self.outside.dataverse_people = cast("FakePeople", people)
        self.hosted.start()
        logging.getLogger("doi").addHandler(self.alarms)
        self.asked: list[Registration] = []
        self.erased_at: datetime | None = None
        self.is_half_done = False
        self.others: dict[str, Record] = {}

    def teardown(self) -> None:
        try:
            self.in_the_end_nothing_is_left()
        finally:
            self.hosted.stop()
            logging.getLogger("doi").removeHandler(self.alarms)

    # What happens -------------------------------------------------------------------------

    @initialize()
    def begin(self) -> None:
        self.sign_up(ANNA, None)
        self.sign_up(TAGGED, None)

    @rule(address=st.sampled_from([ANNA, "Anna@example.com", TAGGED]), plan=troubles)
    def sign_up(self, address: str, plan: Plan) -> None:
        self.outside.pass_time(timedelta(seconds=1))
        asked = registration(address, number=len(self.asked) + 1)
        self.asked.append(asked.model_copy(update={"asked_at": self.outside.now()}))
        self._step(lambda: double_opt_in.register(self.asked[-1], self.outside), plan, self._erase)
        self.deliver_whatever_is_due()

    @precondition(lambda self: self.hosted.visible())
    @rule(which=anyone, plan=troubles)
    def deliver(self, which: int, plan: Plan) -> None:
        visible = self.hosted.visible()
        queue, waiting = visible[which % len(visible)]
        self._step(lambda: self.hosted.deliver(queue, waiting), plan, self._erase)

    @rule()
    def deliver_whatever_is_due(self) -> None:
        for queue, waiting in self.hosted.visible():
            self._step(partial(self.hosted.deliver, queue, waiting))

    @precondition(lambda self: self.hosted.delivered)
    @rule(which=anyone, plan=troubles)
    def deliver_again(self, which: int, plan: Plan) -> None:
        queue, body = self.hosted.delivered[-1 - which % len(self.hosted.delivered)]
        self._step(lambda: self.hosted.deliver_again(queue, body), plan, self._erase)

    @precondition(lambda self: self.hosted.mailer.sent)
    @rule(which=anyone, plan=troubles)
    def confirm(self, which: int, plan: Plan) -> None:
        self._step(lambda: self._press(which), plan, self._erase)

    @precondition(lambda self: self._confirmed())
    @rule(which=anyone, plan=troubles)
    def withdraw(self, which: int, plan: Plan) -> None:
        found = self._confirmed()
        token = withdraw_link(found[which % len(found)], self.outside).partition("?token=")[2]
        note = WithdrawalNote(at=self.outside.now())
        self._step(
            lambda: double_opt_in.withdraw(token, note, Deadline(SECONDS), self.outside),
            plan,
            self._erase,
        )

    @rule(which=anyone, plan=troubles)
    def erase(self, which: int, plan: Plan) -> None:
        self.outside.pass_time(timedelta(seconds=1))
        self._step(self._erase, plan, lambda: self._somebody_does_something(which))

    @rule(hours=st.sampled_from([0.01, 0.05, 1, 25, 73]))
    def wait(self, hours: float) -> None:
        self.hosted.note_due_times()
        self.outside.pass_time(timedelta(hours=hours))

    @rule()
    def replay_poison(self) -> None:
        self.hosted.replay_poison()

    # How it happens -----------------------------------------------------------------------

    def _erase(self) -> None:
        began, self.is_half_done = self.outside.now(), True
        self.alarms.contacts.clear()

        def pause(by: timedelta) -> None:
            self.hosted.note_due_times()
            self.outside.pass_time(by)

        try:
            erase(ANNA, self.outside, Erasure(), InDataverse(outside=self.outside, pause=pause))
        except (TemporaryFailure, PermanentFailure):
            return
        self.erased_at, self.is_half_done = began, False

    def _press(self, which: int) -> None:
        sent: list[Mail] = self.hosted.mailer.sent
        press(link(sent[-1 - which % len(sent)]), self.outside)

    def _somebody_does_something(self, which: int) -> None:
        visible = self.hosted.visible()
        if visible and which % 2:
            self.hosted.deliver(*visible[which % len(visible)])
        elif self.hosted.mailer.sent:
            self._press(which)

    def _confirmed(self) -> list[Record]:
        records = [stored.value for stored in self.hosted.records.records.values()]
        return [record for record in records if record.was_confirmed]

    def _step(
        self,
        action: Callable[[], object],
        plan: Plan = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        trouble, at = plan or (None, 0)
        self.hosted.faults.begin(trouble, at, meanwhile)
        with contextlib.suppress(TemporaryFailure, Died):  # a page asks to try again
            action()
        self.hosted.faults.end()
        self._check()

    # What must hold -----------------------------------------------------------------------

    def _check(self) -> None:
        records = [stored.value for stored in self.hosted.records.records.values()]
        mine = [record for record in records if canonical(record.email) == ANNA]
        if self.erased_at:
            late = [record for record in mine if record.asked_at <= self.erased_at]
            assert not late, "stored again after the erasure"
        theirs = {one.registration_id: one for one in records if canonical(one.email) == TAGGED}
        for registration_id, record in self.others.items():
            still = registration_id in theirs or not record.was_confirmed
            assert still, "another address lost what it had confirmed"
        self.others = theirs
        assert_linear(records)
        self._check_proofs()
        confirmed = any(record.was_confirmed for record in mine)
        if self.erased_at and not self.is_half_done and not confirmed:
            contacts = [one for one in self.hosted.insights.contacts.values() if one.email == ANNA]
            told = {one.id for one in contacts} <= self.alarms.contacts
            assert told, "a contact was written after the erasure, and nobody was told"

    def _check_proofs(self) -> None:
        for proof in self.hosted.records.kept_proofs.values():
            assert all(entry.facts is None for entry in proof.value.chain.entries)
            waiting = self.hosted.is_waiting(proof.value.registration_id, "follow-ups")
            assert waiting, "nothing would ever end the proof"
        for stored in self.hosted.records.mailboxes.values():
            if stored.value.erased:
                assert any("endProof" in body for body in self.hosted.queues.bodies("follow-ups"))

    def in_the_end_nothing_is_left(self) -> None:
        """All trouble ends, the operator runs the command once more, everything has its turn."""
        self.hosted.faults.end()
        self.outside.pass_time(timedelta(seconds=1))
        self._erase()
        assert self.erased_at
        self.hosted.replay_poison()
        for _ in range(MOST_DELIVERIES):
            due = self.hosted.next_due()
            if due is None:
                break
            self.outside.clock = max(self.outside.clock, due)
            for queue, waiting in self.hosted.visible():
                self._step(partial(self.hosted.deliver, queue, waiting))
        assert not any(self.hosted.queues.messages.values()), "something never ends"
        assert places_with(self.outside, ANNA) == []
        assert not self.hosted.records.kept_proofs
        assert all(not one.value.erased for one in self.hosted.records.mailboxes.values())
        kept = {record.mailbox_key for record in self.others.values()}
        assert self.hosted.records.mailboxes.keys() == kept
        confirmed = {one for one, record in self.others.items() if record.was_confirmed}
        assert confirmed == set(self.others)


TestErasures = Erasures.TestCase
