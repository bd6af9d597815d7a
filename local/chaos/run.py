"""One chaos run from the first sign-up to the account."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from local.chaos.accounting import account
from local.chaos.aftermath import (
    Aftermath,
    find_records,
    found_mails,
    lines_naming_people,
    noted_in,
)
from local.chaos.blows import TimedBlow
from local.chaos.drain import left_to_do, wait_until_quiet
from local.chaos.duplicates import duplicates_in
from local.chaos.experience import Experience
from local.chaos.queues import BROOMS, Queues
from local.chaos.saboteur import Saboteur
from local.chaos.sign_ups import Behaviour
from local.chaos.simulator import Simulator
from local.chaos.stack import ChaosStack
from local.chaos.table import Result
from local.chaos.visitors import Visitors
from local.chaos.website import Website
from local.stack.console import say

if TYPE_CHECKING:
    from pathlib import Path

    from local.chaos.plan import Plan
    from local.chaos.sign_ups import SignUp
    from local.stack.stop_request import StopRequest

# The safety net of a click lies thirty seconds, a dead worker's claim twenty.
DRAIN_SECONDS = 120.0
DRAIN_SECONDS_PER_SIGN_UP = 0.5


class ChaosRun:
    """The parts of one run, and the steps that it takes."""

    def __init__(self, plan: Plan, stack: ChaosStack, queues: Queues, stop: StopRequest) -> None:
        self.experiences = {sign_up: Experience() for sign_up in plan.sign_ups}
        self.simulator = Simulator(stack.dataverse_url)
        self.saboteur = Saboteur(stack, self.simulator, queues, stop)
        self.website = Website(stack.functions_url, self.experiences)
        self.visitors = Visitors(stack.mail_server, self.experiences)
        self._plan = plan
        self._stack = stack
        self._queues = queues
        self._stop = stop

    def close(self) -> None:
        self.website.close()
        self.visitors.close()

    def suffer(self) -> None:
        """Sign-ups and blows, each at its time. Raises Problem and Stopped."""
        self._stack.mail_server.reject(
            sign_up.email
            for sign_up in self._plan.sign_ups
            if sign_up.behaviour is Behaviour.UNREACHABLE
        )
        started = time.monotonic()
        events: list[SignUp | TimedBlow] = [*self._plan.sign_ups, *self._plan.blows]
        for event in sorted(events, key=lambda event: event.at):
            self._stop.sleep(max(0.0, started + event.at - time.monotonic()))
            if isinstance(event, TimedBlow):
                self.saboteur.strike(event.blow)
            else:
                self.website.sign_up(event)
        self.saboteur.put_away_the_knife()

    def drain(self) -> None:
        """Until nobody acts and no message waits. Raises Problem, naming what is left."""

        def look() -> dict[str, int]:
            self._stack.functions.require_alive()
            busy = {"calls of the website": self.website.busy, "people": self.visitors.busy}
            return left_to_do(self._queues, busy)

        seconds = DRAIN_SECONDS + DRAIN_SECONDS_PER_SIGN_UP * len(self._plan.sign_ups)
        wait_until_quiet(look, seconds=seconds, stop=self._stop)

    def aftermath(self) -> Aftermath:
        return Aftermath(
            records=find_records(self._stack.addresses.storage),
            poison=tuple(self._queues.poison()),
            mails=found_mails(self._stack.mail_server.caught),
            stored=self.simulator.stored(),
            noted=noted_in(self._stack.functions.log),
            naming_lines=lines_naming_people(self._stack.functions.log),
        )


def run_chaos(plan: Plan, data: Path, stop: StopRequest) -> Result:
    """`data` is an empty folder, which keeps storage and logs. Raises Problem and Stopped."""
    begin = time.monotonic()
    with (
        ChaosStack(data, stop) as stack,
        closing(Queues(stack.addresses.storage)) as queues,
        closing(ChaosRun(plan, stack, queues, stop)) as run,
    ):
        say(f"Everything runs; {plan.seconds:.0f} s of faults begin (data and logs: {data}).")
        ready = time.monotonic()
        run.suffer()
        suffered = time.monotonic()
        say("No more kills and outages; waiting until everything has drained …")
        run.drain()
        run.saboteur.end_faults()
        poisoned = queues.poison()
        say(
            f"All faults have ended. Putting back {len(poisoned)} poison messages, and "
            f"{len(queues.copied)} old copies, which must change nothing …"
        )
        queues.replay_poison()
        queues.deliver_copies_again()
        run.drain()
        aftermath = run.aftermath()
        drained = time.monotonic()
        seen = run.experiences.values()
        return Result(
            plan=plan,
            kills=run.saboteur.kills,
            struck=run.saboteur.struck,
            account=account(run.experiences, aftermath),
            duplicates=duplicates_in(aftermath),
            found={
                "contacts": len(aftermath.stored.contacts),
                "consents": len(aftermath.stored.consents),
                "triggers": len(aftermath.stored.triggers),
                "journeys started by a row": len(aftermath.stored.journeys),
                "mails": len(aftermath.mails),
                "poison messages that were put back": len(poisoned),
                "… of these moved there by the host": sum(not each.failure for each in poisoned),
                "old copies that were delivered at the end": len(queues.copied),
                "brooms waiting in follow-ups": queues.waiting(BROOMS),
            },
            retries={
                "register: 503": sum(each.statuses.count(503) for each in seen),
                "register: no answer": sum(each.calls_without_answer for each in seen),
                "confirm, decline: no answer or 503": sum(
                    each.presses_without_page for each in seen
                ),
            },
            seconds={
                "to start": ready - begin,
                "of faults": suffered - ready,
                "to drain": drained - suffered,
            },
        )
