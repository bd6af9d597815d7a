"""Whether the table of a form's journey row takes the row."""

from collections.abc import Iterator, Mapping

from shared.dataverse.sight import SECONDS, Sight
from shared.doctor.form_place import FormPlace
from shared.ports import Deadline
from shared.values.check import Check, missing, ok
from shared.values.dataverse.definitions import (
    CONTACT,
    ColumnDefinition,
    KeyStatus,
    TableDefinition,
)
from shared.values.dataverse.registration_table import written_by
from shared.values.dataverse.written_value import LONGEST_ID, misfit
from shared.values.form import Form
from shared.values.form_journey_row import JourneyRow

_MAKE = "an administrator runs: doi dataverse table --create (az login, DOI_CREDENTIAL=azure-cli)"


def check_row(form: Form, row: JourneyRow, place: FormPlace, sight: Sight) -> Iterator[Check]:
    """Raises TemporaryFailure and PermanentFailure."""
    table = sight.table_of(row.entity_set)
    if table is None:
        yield missing(
            place.name("journey row"),
            f"there is no table with the entity set {row.entity_set}",
            f"{_MAKE}; or {place.correct('/journeyRow/entitySet')}",
        )
        return
    names = [row.key_column, *row.columns]
    known = sight.dataverse.columns(table.name, names, Deadline(SECONDS))
    problems = [
        *_key_problems(row, table, known.get(row.key_column), place),
        *_lookup_problems(row, table, place),
        *_column_problems(form, row, table, known, place),
    ]
    yield from problems or [ok(place.name("journey row"), f"{row.entity_set}, key active")]


def _key_problems(
    row: JourneyRow, table: TableDefinition, column: ColumnDefinition | None, place: FormPlace
) -> Iterator[Check]:
    name = place.name("key of the journey row")
    correct = place.correct("/journeyRow/keyColumn")
    if column is None:
        yield missing(
            name, f"{table.name} has no column {row.key_column}", f"{_MAKE}; or {correct}"
        )
        return
    if column.kind != "String" or (column.max_length or 0) < LONGEST_ID:
        yield missing(
            name,
            f"{row.key_column} is no text column of at least {LONGEST_ID} characters",
            correct,
        )
    key = table.key_of(row.key_column)
    if key is None:
        yield missing(
            name, f"{row.key_column} has no alternate key of its own", f"{_MAKE}; or {correct}"
        )
    elif key.status is KeyStatus.FAILED:
        yield missing(
            name,
            f"the alternate key {key.name} is Failed: Dataverse could not build its index",
            f"delete rows with the same {row.key_column}, then {_MAKE}",
        )
    elif key.status is not KeyStatus.ACTIVE:
        yield missing(
            name,
            f"the alternate key {key.name} is not active yet ({key.status})",
            "wait until Dataverse has built its index: minutes, with many rows longer"
            f" (make.powerapps.com → Tables → {table.name} → Keys)",
        )


def _lookup_problems(row: JourneyRow, table: TableDefinition, place: FormPlace) -> Iterator[Check]:
    name = place.name("contact of the journey row")
    correct = place.correct("/journeyRow/contact")
    lookup = table.lookup_by(row.contact)
    if lookup is not None and lookup.target == CONTACT:
        return
    there = [one.navigation for one in table.lookups if one.target == CONTACT]
    if lookup is None:
        found = f"{table.name} has no lookup with the navigation property {row.contact}"
    else:
        found = f"{row.contact} of {table.name} leads to {lookup.target}, not to contact"
    has = f"; it has {', '.join(there)} (upper and lower case count)" if there else ""
    yield missing(name, f"{found}{has}", f"{correct}; or {_MAKE}")


def _column_problems(
    form: Form,
    row: JourneyRow,
    table: TableDefinition,
    known: Mapping[str, ColumnDefinition],
    place: FormPlace,
) -> Iterator[Check]:
    for column, source in row.columns.items():
        name = place.name(f"column {column} of the journey row")
        correct = place.correct(f"/journeyRow/columns/{column}")
        definition = known.get(column)
        if definition is None:
            yield missing(name, f"{table.name} has no column {column}", f"{_MAKE}; or {correct}")
            continue
        if not definition.can_be_written or definition.secured:
            yield missing(name, f"{column} cannot be written by the app", correct)
            continue
        for written in written_by(source, form):
            if reason := misfit(written, definition):
                yield missing(name, f"{column} {reason}", correct)
