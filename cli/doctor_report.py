"""How `doi doctor` shows what was found: by group for people, one list for programs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from rich.console import Console
from rich.text import Text

from cli.printing import print_json
from shared.doctor.groups import Examined, Group
from shared.values.check import State

_MARKS: Final[Mapping[State, tuple[str, str]]] = {
    State.OK: ("ok", "green"),
    State.WARNING: ("WARNING", "yellow"),
    State.MISSING: ("MISSING", "bold red"),
    State.UNKNOWN: ("?", "magenta"),
}
_WORDS: Final[Mapping[State, tuple[str, str]]] = {
    State.OK: ("ok", "ok"),
    State.WARNING: ("warning", "warnings"),
    State.MISSING: ("missing", "missing"),
    State.UNKNOWN: ("unknown", "unknown"),
}


class Report:
    """Shows each check as it comes, or all of them as JSON at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._all: list[Examined] = []
        self._group: Group | None = None
        # Never wrapped: the steps are there to be copied.
        self._console = Console(markup=False, highlight=False, soft_wrap=True)

    @property
    def has_faults(self) -> bool:
        """Whether something is missing or could not be asked."""
        return any(each.check.state in (State.MISSING, State.UNKNOWN) for each in self._all)

    def add(self, found: Iterable[Examined]) -> None:
        """Show them, one after another."""
        for each in found:
            self._all.append(each)
            if not self._as_json:
                self._show(each)

    def finish(self) -> None:
        """The JSON; or the counts, such as "12 ok, 1 warning, 2 missing"."""
        if self._as_json:
            print_json([each.as_json() for each in self._all])
            return
        counts = Counter(each.check.state for each in self._all)
        told = [
            f"{counts[state]} {one if counts[state] == 1 else more}"
            for state, (one, more) in _WORDS.items()
            if counts[state]
        ]
        self._console.print(Text(f"\n{', '.join(told)}", style="bold"))

    def _show(self, each: Examined) -> None:
        if each.group is not self._group:
            self._group = each.group
            self._console.print(Text(f"\n{each.group}", style="bold"))
        mark, style = _MARKS[each.check.state]
        line = Text.assemble((f"  {mark:8}", style), f"{each.check.name}: {each.check.found}")
        self._console.print(line)
        if each.check.mend:
            self._console.print(f"          → {each.check.mend}")
