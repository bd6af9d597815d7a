"""What has been seen of the environment: each thing is asked for once.

A failure is remembered as well, so that it is told wherever it keeps something from being checked.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from shared.dataverse.ports import DataverseInspection
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.dataverse.definitions import (
    Purpose,
    TableDefinition,
    Topic,
    TriggerDefinition,
)

T = TypeVar("T")

SECONDS = 60.0  # for each thing that is asked for


class Sight:
    """Raises nothing but what a question raised."""

    def __init__(self, dataverse: DataverseInspection) -> None:
        self.dataverse = dataverse
        self._seen: dict[tuple[str, str], Any] = {}

    def trigger(self, name: str) -> TriggerDefinition | None:
        """The trigger of this name."""
        return self._once("trigger", name, lambda: self.dataverse.trigger(name, self._time()))

    def trigger_names(self) -> tuple[str, ...]:
        """The names of all triggers."""
        return self._once("triggers", "", lambda: self.dataverse.trigger_names(self._time()))

    def table_of(self, entity_set: str) -> TableDefinition | None:
        """The table with this entity set name."""
        return self._once(
            "table", entity_set, lambda: self.dataverse.table_of(entity_set, self._time())
        )

    def purposes(self) -> Mapping[str, Purpose]:
        """All purposes."""
        return self._once("purposes", "", lambda: self.dataverse.purposes(self._time()))

    def topics(self) -> Mapping[str, Topic]:
        """All topics."""
        return self._once("topics", "", lambda: self.dataverse.topics(self._time()))

    def _once(self, kind: str, name: str, ask: Callable[[], T]) -> T:
        if (kind, name) not in self._seen:
            try:
                self._seen[kind, name] = ask()
            except (TemporaryFailure, PermanentFailure) as failure:
                self._seen[kind, name] = failure
        seen = self._seen[kind, name]
        if isinstance(seen, TemporaryFailure | PermanentFailure):
            raise seen
        found: T = seen
        return found

    def _time(self) -> Deadline:
        return Deadline(SECONDS)


def or_none(ask: Callable[..., T | None], *arguments: object) -> T | None:
    """What was asked for, or None where Dataverse did not say."""
    try:
        return ask(*arguments)
    except (TemporaryFailure, PermanentFailure):
        return None
