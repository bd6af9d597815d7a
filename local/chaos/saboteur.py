"""Strikes the blows of the plan, one after the other, and counts them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from local.chaos.blows import Blow, DataverseFault, Kill, MailTrouble, Strike

if TYPE_CHECKING:
    from local.chaos.queues import Queues
    from local.chaos.simulator import Simulator
    from local.chaos.stack import ChaosStack
    from local.stack.stop_request import StopRequest

# The ends of outages are no blows, and the simulator counts its own.
COUNTED_ELSEWHERE = frozenset(
    {
        Strike.STORAGE_RETURNS,
        Strike.STORAGE_THAWS,
        Strike.MAIL_SERVER_RETURNS,
        Strike.DATAVERSE_STOPS,
        Strike.DATAVERSE_RETURNS,
    }
)


class Saboteur:
    """Each blow is counted by its name: faults on request only once something ran into them."""

    def __init__(
        self, stack: ChaosStack, simulator: Simulator, queues: Queues, stop: StopRequest
    ) -> None:
        self.kills = 0
        self._storage_is_away = False
        self._struck: Counter[str] = Counter()
        self._stack = stack
        self._simulator = simulator
        self._queues = queues
        self._stop = stop

    @property
    def struck(self) -> Counter[str]:
        """Complete after `end_faults`."""
        mail = Counter({each.value: count for each, count in self._stack.mail_server.met.items()})
        return self._struck + self._simulator.met + mail

    def strike(self, blow: Blow) -> None:
        """Raises Problem where a process was not in the state that the plan expects, Stopped."""
        match blow:
            case DataverseFault():
                self._simulator.ask_fault(blow.name, blow.fault)
            case MailTrouble():
                self._stack.mail_server.trouble(blow)
            case Strike.COPY_MESSAGES:
                self._copy_messages()
            case Kill():
                self._kill(blow)
            case _:
                self._stop_or_return(blow)
                self._struck[blow.value] += blow not in COUNTED_ELSEWHERE

    def put_away_the_knife(self) -> None:
        """Nothing new from now on; Dataverse goes on failing where nothing ran into it yet.

        The mail server does not: the app would leave it alone for longer and longer.
        """
        self._stack.mail_server.end_troubles()
        self._stack.functions.wait_until_it_answers(self._stop)

    def end_faults(self) -> None:
        """Everything works from now on."""
        self._simulator.end_faults()

    def _kill(self, kill: Kill) -> None:
        functions = self._stack.functions
        # Only a host that works can be killed at its work. It need not answer: storage may be away.
        if functions.wait_until_it_listens(self._stack.addresses.functions, self._stop):
            self._stop.sleep(kill.after)
        functions.kill()
        functions.start()
        self.kills += 1
        self._struck[kill.name] += 1
        self._copy_messages()  # what waits until the new one fetches can be seen

    def _copy_messages(self) -> None:
        if not self._storage_is_away:
            self._struck[Strike.COPY_MESSAGES.value] += self._queues.copy_waiting_messages()

    def _stop_or_return(self, strike: Strike) -> None:
        azurite, mail_server = self._stack.azurite, self._stack.mail_server
        match strike:
            # Never SIGKILL: this emulator forgets what it acknowledged in its last seconds.
            case Strike.STORAGE_STOPS:
                self._storage_is_away = True
                azurite.end_gently()
            case Strike.STORAGE_RETURNS:
                azurite.start()
                azurite.wait_until_it_answers(self._stop)
                self._storage_is_away = False
            case Strike.STORAGE_FREEZES:
                self._storage_is_away = True
                azurite.freeze()
            case Strike.STORAGE_THAWS:
                azurite.thaw()
                self._storage_is_away = False
            case Strike.MAIL_SERVER_STOPS:
                mail_server.refuse_connections()
            case Strike.MAIL_SERVER_RETURNS:
                mail_server.listen()
            case Strike.DATAVERSE_STOPS:
                self._simulator.stop_answering()
            case Strike.DATAVERSE_RETURNS:
                self._simulator.answer_again()
