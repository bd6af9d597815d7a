"""LinkedIn or storage fails at any one step, before or after its work: one mail all the same."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from functions import send_confirmation, take_in_lead
from shared.failures import TemporaryFailure
from shared.lead_reconciliation import reconcile
from shared.ports import Deadline
from shared.values.lead_row import LeadState
from shared.values.linkedin.symbols import LeadAction
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import LEAD, add_lead, connected, message, record_of, state_of

MOST_STEPS = 40
_SETTLE = {"linkedin-leads": take_in_lead.settle, "registrations": send_confirmation.settle}
_STEPS = {
    "leads": ("fetch",),
    "lead_rows": ("find", "save", "find_cursor", "save_cursor"),
    "queues": ("put",),
    "records": ("find", "save", "forget"),
}


@dataclass
class Fault:
    """The call with this number, counted over everything, fails; `after` its work was done."""

    number: int
    after: bool
    calls: int = 0
    names: list[str] = field(default_factory=list)

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def faulty(*given: Any, **named: Any) -> Any:
            self.calls += 1
            self.names.append(name)
            if self.calls != self.number:
                return call(*given, **named)
            if self.after:
                call(*given, **named)
            raise TemporaryFailure(f"{name}: no answer")

        return faulty


def world(fault: Fault) -> FakeOutside:
    outside = connected()
    add_lead(outside)
    for part, names in _STEPS.items():
        faked = getattr(outside, part)
        for name in names:
            setattr(faked, name, fault.around(f"{part}.{name}", getattr(faked, name)))
    return outside


def run_to_the_end(outside: FakeOutside) -> None:
    """As the host does: what a function could not settle comes again."""
    for _ in range(MOST_STEPS):
        outside.pass_time(timedelta(minutes=3))
        waiting = [(queue, body) for queue in _SETTLE for body in outside.queues.take_all(queue)]
        if not waiting:
            return
        for queue, body in waiting:
            _delivered(queue, body, outside)
    pytest.fail("it does not end")


def _delivered(queue: str, body: str, outside: FakeOutside) -> None:
    try:
        _SETTLE[queue](body.encode(), outside)
    except TemporaryFailure:
        _delivered(queue, body, outside)


def notified(outside: FakeOutside) -> None:
    """Twice, as LinkedIn does."""
    for _ in range(2):
        _delivered("linkedin-leads", message(outside).to_json(), outside)


def listed(outside: FakeOutside) -> None:
    for _ in range(2):
        reconcile(Deadline(60), outside)


WAYS = {"notified": notified, "listed": listed}


def each_fault(way: str) -> list[Fault]:
    """As many as there are calls when nothing fails, and both kinds of each."""
    quiet = Fault(number=0, after=False)
    outside = world(quiet)
    WAYS[way](outside)
    run_to_the_end(outside)
    assert quiet.calls > 5
    return [Fault(number=n, after=a) for n in range(1, quiet.calls + 1) for a in (False, True)]


@pytest.mark.parametrize("way", WAYS)
def test_a_lead_is_mailed_once(way: str) -> None:
    for fault in each_fault(way):
        outside = world(fault)
        WAYS[way](outside)
        run_to_the_end(outside)
        where = f"{fault.names[fault.number - 1]}, call {fault.number}, after={fault.after}"
        assert len(outside.mailer.sent) == 1, where
        assert state_of(outside) is LeadState.TAKEN_IN, where
        assert not [queue for queue in outside.queues.messages if "poison" in queue], where


def test_a_deleted_lead_leaves_nothing() -> None:
    def happens(outside: FakeOutside) -> None:
        _delivered("linkedin-leads", message(outside).to_json(), outside)
        outside.leads.stored.clear()
        deleted = message(outside, LEAD, LeadAction.DELETED)
        _delivered("linkedin-leads", deleted.to_json(), outside)
        run_to_the_end(outside)

    quiet = Fault(number=0, after=False)
    happens(world(quiet))
    for number in range(1, quiet.calls + 1):
        for after in (False, True):
            fault = Fault(number=number, after=after)
            outside = world(fault)
            happens(outside)
            where = f"{fault.names[number - 1]}, call {number}, after={after}"
            assert record_of(outside) is None, where
            assert row_state(outside) in (LeadState.DELETED, LeadState.PARKED), where


def row_state(outside: FakeOutside) -> LeadState:
    return outside.lead_rows.rows[LEAD].value.state
