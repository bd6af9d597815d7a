"""The table for journey rows: what it lacks, and making that.

Nothing that is there is ever changed or taken away.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from shared.dataverse.ports import DataverseAdministration, DataverseInspection
from shared.dataverse.sight import SECONDS
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.dataverse.definitions import (
    CONTACT,
    ColumnDefinition,
    KeyStatus,
    TableDefinition,
)
from shared.values.dataverse.registration_table import NewColumn, NewTable

_BETWEEN_LOOKS = 3.0  # seconds


@dataclass(frozen=True, kw_only=True)
class TablePlan:
    """What has to be made. `key` is None where there is no alternate key yet."""

    wanted: NewTable
    is_there: bool
    columns: tuple[NewColumn, ...]
    lookup: bool
    key: KeyStatus | None

    def for_solution(self, solution: str | None, language: int) -> "TablePlan":
        """With what the definitions have to carry: the solution, and the language of labels."""
        return replace(self, wanted=replace(self.wanted, solution=solution, language=language))

    @property
    def is_complete(self) -> bool:
        """Nothing to make, and nothing to wait for."""
        return (
            self.is_there
            and not self.columns
            and not self.lookup
            and (self.key is KeyStatus.ACTIVE)
        )


def plan_table(wanted: NewTable, dataverse: DataverseInspection) -> TablePlan:
    """Raises PermanentFailure where what is there cannot become what is wanted."""
    table = dataverse.table_of(wanted.entity_set, Deadline(SECONDS))
    if table is None:
        _refuse_other_table(wanted, dataverse.table(wanted.name, Deadline(SECONDS)))
        return TablePlan(
            wanted=wanted,
            is_there=False,
            columns=(wanted.key_column, *wanted.columns),
            lookup=True,
            key=None,
        )
    wanted = replace(wanted, name=table.name)
    columns = (wanted.key_column, *wanted.columns)
    names = [column.definition.name for column in columns]
    known = dataverse.columns(table.name, names, Deadline(SECONDS))
    for column in columns:
        _refuse_other_column(column.definition, known.get(column.definition.name))
    lookup = table.lookup_by(wanted.contact)
    if lookup is not None and lookup.target != CONTACT:
        raise PermanentFailure(
            f"{wanted.contact} of {table.name} leads to {lookup.target}, not to contact: choose"
            " another name in the form's journeyRow"
        )
    key = table.key_of(wanted.key_column.definition.name)
    return TablePlan(
        wanted=wanted,
        is_there=True,
        columns=tuple(column for column in columns if column.definition.name not in known),
        lookup=lookup is None,
        key=key.status if key else None,
    )


def make_table(
    plan: TablePlan, administration: DataverseAdministration, tell: Callable[[str], None]
) -> None:
    """Make what the plan says. `tell` is told each thing once it is there.

    Safe to repeat with a new plan. Raises TemporaryFailure and PermanentFailure.
    """
    table = plan.wanted
    if not plan.is_there:
        administration.create_table(table, Deadline(SECONDS))
        tell(f"table {table.name}")
    for column in plan.columns:
        administration.add_column(table, column, Deadline(SECONDS))
        tell(f"column {column.definition.name}")
    if plan.lookup:
        administration.add_lookup(table, Deadline(SECONDS))
        tell(f"lookup {table.contact}")
    if plan.key is None:
        administration.add_key(table, Deadline(SECONDS))
        tell(f"alternate key {table.key_name}")
    administration.publish(table.name, Deadline(SECONDS))
    tell("published")


def wait_for_key(
    wanted: NewTable,
    dataverse: DataverseInspection,
    deadline: Deadline,
    sleep: Callable[[float], None],
) -> None:
    """Until the alternate key is active.

    Raises TemporaryFailure when the time is over, PermanentFailure when the index has failed.
    """
    while True:
        table = dataverse.table_of(wanted.entity_set, deadline)
        key = table.key_of(wanted.key_column.definition.name) if table else None
        if key is not None and key.status is KeyStatus.ACTIVE:
            return
        if key is not None and key.status is KeyStatus.FAILED:
            raise PermanentFailure(
                f"the alternate key {key.name} could not be built: rows have the same"
                f" {wanted.key_column.definition.name}; delete them, then run this again"
            )
        if deadline.remaining() <= _BETWEEN_LOOKS:
            raise TemporaryFailure("the alternate key is not active yet; look again later")
        sleep(_BETWEEN_LOOKS)


def rebuild_failed_key(
    plan: TablePlan, dataverse: DataverseInspection, administration: DataverseAdministration
) -> None:
    """Where the index has failed, build it once more. Raises as above."""
    table = dataverse.table_of(plan.wanted.entity_set, Deadline(SECONDS))
    key = table.key_of(plan.wanted.key_column.definition.name) if table else None
    if table is not None and key is not None and key.status is KeyStatus.FAILED:
        administration.rebuild_key(table.name, key.name, Deadline(SECONDS))


def _refuse_other_table(wanted: NewTable, table: TableDefinition | None) -> None:
    if table is not None:
        raise PermanentFailure(
            f"table {wanted.name} is there, with the entity set {table.entity_set}: name that in"
            " the form's journeyRow"
        )


def _refuse_other_column(wanted: ColumnDefinition, there: ColumnDefinition | None) -> None:
    """A column is never changed: too short or of another type, somebody has to decide."""
    if there is None:
        return
    same_kind = (there.kind, there.date_only) == (wanted.kind, wanted.date_only) or {
        there.kind,
        wanted.kind,
    } == {"String", "Memo"}
    if not same_kind:
        raise PermanentFailure(
            f"column {wanted.name} is there as {there.kind}, and has to be {wanted.kind}:"
            " choose another column in the form's journeyRow"
        )
