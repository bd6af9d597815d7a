"""Ports on which a call can fail in every way that a call over a network can, or be overtaken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.failures import Changed, PermanentFailure, TemporaryFailure


class Trouble(StrEnum):
    """What happens at a call."""

    REFUSED = "nothing is done, and the caller hears so"
    ANSWER_LOST = "it is done, but the caller hears of a failure"
    REPEATED = "it is done, its answer is lost, and the SDK's own repeat finds the row changed"
    FORBIDDEN = "it can never work"
    DIES_BEFORE = "the process is killed before the call"
    DIES_AFTER = "the process is killed after the call"
    OVERTAKEN = "before it is done, somebody else does something"
    OVERTAKEN_LATE = "the same, at the first mail, trigger or opt-out, whichever call that is"


_EFFECTS = frozenset({"send", "fire", "opt_out"})


class Died(BaseException):
    """The process was killed. Nothing in the product may catch it."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call that did its work; `after_trouble`: at it or after it something went wrong."""

    name: str
    arguments: tuple[Any, ...]


@dataclass
class Faults:
    """At most one trouble in each step, at its call number `at` (from 0).

    `mailer` is the provider that a mail without an answer went to.
    """

    mailer: str = "fake"
    trouble: Trouble | None = None
    at: int = 0
    meanwhile: Callable[[], object] | None = None
    seen: list[Call | Trouble] = field(default_factory=list)
    _number: int = 0

    def begin(self, trouble: Trouble | None, at: int, meanwhile: Callable[[], object]) -> None:
        """Another step."""
        self.trouble, self.at, self.meanwhile = trouble, at, meanwhile
        self.seen, self._number = [], 0

    def end(self) -> None:
        """No more trouble."""
        self.trouble = None

    def call(
        self, name: str, work: Callable[[], Any], arguments: tuple[Any, ...], *, locked: bool
    ) -> Any:
        """Do the work, or not, as was planned. Nobody overtakes a call that is `locked`."""
        if self.trouble is Trouble.OVERTAKEN_LATE and name in _EFFECTS:
            self.trouble, self.at = Trouble.OVERTAKEN, self._number
        if locked and self.trouble is Trouble.OVERTAKEN:
            return self._done(name, work, arguments)
        trouble = self._next()
        if trouble is None:
            return self._done(name, work, arguments)
        if trouble is Trouble.OVERTAKEN:
            if self.meanwhile:
                self.meanwhile()
            self.seen.append(trouble)
            return self._done(name, work, arguments)
        return self._troubled(trouble, name, work, arguments)

    def _next(self) -> Trouble | None:
        late = self.trouble is Trouble.OVERTAKEN_LATE
        due = self.trouble if self._number == self.at and not late else None
        self._number += 1
        if due:
            self.trouble = None
        return due

    def _troubled(
        self, trouble: Trouble, name: str, work: Callable[[], Any], arguments: tuple[Any, ...]
    ) -> Any:
        if name == "take_back" and trouble not in {Trouble.DIES_BEFORE, Trouble.DIES_AFTER}:
            return None  # never fails, but may not have worked
        if trouble is Trouble.FORBIDDEN and name in {*_EFFECTS, "write"}:
            self.seen.append(trouble)
            raise PermanentFailure("forbidden")
        if trouble is Trouble.DIES_BEFORE:
            self.seen.append(trouble)
            raise Died
        if trouble in {Trouble.REFUSED, Trouble.FORBIDDEN}:
            self.seen.append(trouble)
            raise TemporaryFailure("refused")
        self._done(name, work, arguments)
        self.seen.append(trouble)
        if trouble is Trouble.DIES_AFTER:
            raise Died
        if trouble is Trouble.REPEATED and name in {"save", "save_mailbox", "forget"}:
            raise Changed
        by = self.mailer if name == "send" else None
        raise TemporaryFailure("no answer", may_have_happened=True, by=by)

    def _done(self, name: str, work: Callable[[], Any], arguments: tuple[Any, ...]) -> Any:
        result = work()
        self.seen.append(Call(name=name, arguments=arguments))
        return result


class Flaky:
    """A port, each of whose calls `faults` can disturb.

    `locked`: it is called while one thread is let in at a time; ours would wait for itself.
    """

    def __init__(self, port: object, faults: Faults, *, locked: bool = False) -> None:
        self._port = port
        self._locked = locked
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def disturbed(*arguments: Any, **named: Any) -> Any:
            return self._faults.call(
                name, lambda: found(*arguments, **named), arguments, locked=self._locked
            )

        return disturbed
