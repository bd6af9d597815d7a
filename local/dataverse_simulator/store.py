"""Everything stored, in memory: rows by table, fired triggers, started journeys; transactions."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from local.dataverse_simulator.definitions import Table, Tables, Value
from local.dataverse_simulator.errors import duplicate_key, not_simulated

FIRST_VERSION = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: `values` by column name, `version` rises with every change (its ETag)."""

    id: str
    version: int
    values: Mapping[str, Value]

    @property
    def etag(self) -> str:
        return f'W/"{self.version}"'


@dataclass(frozen=True, kw_only=True)
class FiredTrigger:
    name: str
    parameters: Mapping[str, Value]
    received_at: str


@dataclass(frozen=True, kw_only=True)
class JourneyStart:
    """A journey that the creation of a row started, for one contact."""

    trigger: str
    entity_set: str
    row_id: str
    contact_id: str
    started_at: str


@dataclass(frozen=True, kw_only=True)
class Customization:
    """A table as somebody made or changed it; `solution` is the unique name that it was done in."""

    table: Table
    solution: str = ""


def collated(text: str) -> str:
    """Text as an environment compares it: neither case nor accents count (`CI_AI` collations).

    Most base languages have such a collation, English and German among them:
    https://learn.microsoft.com/power-platform/admin/language-collations.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def folded(value: Value) -> Value:
    """A value in the form in which equal values are equal; SQL ignores trailing blanks."""
    return collated(value).rstrip(" ") if isinstance(value, str) else value


class Store:
    """Rows are replaced, never changed in place: whoever holds one keeps a consistent view."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.customizations: list[Customization] = []
        self.triggers: list[FiredTrigger] = []
        self.journey_starts: list[JourneyStart] = []
        self.last_version = FIRST_VERSION
        self._rows: dict[str, dict[str, Row]] = {t.entity_set_name: {} for t in tables.all}
        self._indexes: dict[tuple[str, tuple[str, ...]], dict[tuple[Value, ...], set[str]]] = {}
        for table in tables.all:
            self._build_indexes(table)
        self._undo: list[Callable[[], None]] | None = None

    def rows(self, table: Table) -> Iterable[Row]:
        return self._rows[table.entity_set_name].values()

    def get(self, table: Table, row_id: str) -> Row | None:
        return self._rows[table.entity_set_name].get(row_id)

    def has_index(self, table: Table, column: str) -> bool:
        return (table.entity_set_name, (column,)) in self._indexes

    def find(self, table: Table, wanted: Mapping[str, Value]) -> list[Row]:
        """Rows whose columns have these values. Raise KeyError where no index covers them."""
        index = self._indexes[table.entity_set_name, tuple(sorted(wanted))]
        ids = index.get(tuple(folded(wanted[name]) for name in sorted(wanted)), set())
        rows = self._rows[table.entity_set_name]
        return sorted((rows[row_id] for row_id in ids), key=lambda row: row.version)

    def put(self, table: Table, row_id: str, values: Mapping[str, Value]) -> Row:
        """Insert or replace. Raise DataverseError (412) where an alternate key is taken."""
        self._refuse_taken_keys(table, row_id, values)
        self.last_version += 1
        row = Row(id=row_id, version=self.last_version, values=values)
        self._set(table, row_id, row)
        return row

    def restore(self, table: Table, row: Row) -> None:
        """Put a row back as it was, its version included."""
        self._set(table, row.id, row)

    def remove(self, table: Table, row_id: str) -> None:
        self.last_version += 1
        self._set(table, row_id, None)

    def define(self, customization: Customization) -> None:
        """Make a table, or change the one with its name. Rows of a changed table stay.

        Raise DataverseError (501) inside a transaction.
        """
        if self._undo is not None:
            raise not_simulated("definitions in a $batch")
        self._redefine(customization)

    def _redefine(self, customization: Customization) -> None:
        table = customization.table
        self.tables = self.tables.replaced(table)
        self._rows.setdefault(table.entity_set_name, {})
        self._build_indexes(table)
        self.last_version += 1
        name = table.logical_name
        others = [one for one in self.customizations if one.table.logical_name != name]
        self.customizations = [*others, customization]

    def settle_keys(self, now: str) -> None:
        """Let the keys be active whose index is built by now."""
        for customization in self.customizations:
            table = customization.table
            due = [key for key in table.keys if key.active_from and key.active_from <= now]
            if due:
                keys = tuple(
                    key.model_copy(update={"active_from": ""}) if key in due else key
                    for key in table.keys
                )
                settled = table.changed(keys=keys)
                self._redefine(replace(customization, table=settled))

    def fire(self, trigger: FiredTrigger) -> None:
        self.last_version += 1
        self.triggers.append(trigger)
        if self._undo is not None:
            self._undo.append(self._take_back_trigger)

    def start_journey(self, start: JourneyStart) -> None:
        self.last_version += 1
        self.journey_starts.append(start)
        if self._undo is not None:
            self._undo.append(self._take_back_journey)

    def _take_back_trigger(self) -> None:
        self.triggers.pop()

    def _take_back_journey(self) -> None:
        self.journey_starts.pop()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: an exception inside takes back every change made inside."""
        undo: list[Callable[[], None]] = []
        self._undo = undo
        try:
            yield
        except BaseException:
            self._undo = None
            for take_back in reversed(undo):
                take_back()
            raise
        finally:
            self._undo = None

    def _build_indexes(self, table: Table) -> None:
        for columns in _indexed_columns(table):
            index: dict[tuple[Value, ...], set[str]] = {}
            for row in self.rows(table):
                index.setdefault(_entry(row.values, columns), set()).add(row.id)
            self._indexes[table.entity_set_name, columns] = index

    def _set(self, table: Table, row_id: str, row: Row | None) -> None:
        rows = self._rows[table.entity_set_name]
        before = rows.get(row_id)
        if before is not None:
            self._unindex(table, before)
        if row is None:
            rows.pop(row_id, None)
        else:
            rows[row_id] = row
            self._index(table, row)
        if self._undo is not None:
            self._undo.append(lambda: self._set(table, row_id, before))

    def _index(self, table: Table, row: Row) -> None:
        for columns in _indexed_columns(table):
            index = self._indexes[table.entity_set_name, columns]
            index.setdefault(_entry(row.values, columns), set()).add(row.id)

    def _unindex(self, table: Table, row: Row) -> None:
        for columns in _indexed_columns(table):
            index = self._indexes[table.entity_set_name, columns]
            ids = index[_entry(row.values, columns)]
            ids.discard(row.id)
            if not ids:
                del index[_entry(row.values, columns)]

    def _refuse_taken_keys(self, table: Table, row_id: str, values: Mapping[str, Value]) -> None:
        for key in table.keys:
            if key.failed:
                continue
            wanted = {name: values.get(name) for name in key.columns}
            if None in wanted.values():
                continue  # rows without a key value don't take part in its uniqueness
            if any(row.id != row_id for row in self.find(table, wanted)):
                raise duplicate_key(", ".join(key.columns), key.name)


def _indexed_columns(table: Table) -> list[tuple[str, ...]]:
    single = {(column.name,) for column in table.columns if column.indexed}
    return sorted(single | {tuple(sorted(key.columns)) for key in table.keys})


def _entry(values: Mapping[str, Value], columns: tuple[str, ...]) -> tuple[Value, ...]:
    return tuple(folded(values.get(name)) for name in columns)
