"""What an environment stores about one address: its contacts, their consents, its journey rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.values.form import Form


@dataclass(frozen=True, kw_only=True)
class JourneyTable:
    """A table whose rows start journeys, and its column with the id of the registration."""

    entity_set: str
    key_column: str


@dataclass(frozen=True, kw_only=True)
class SoughtPerson:
    """An address, and the ids of its registrations, by which journey rows are found."""

    address: str
    registrations: tuple[str, ...]
    journey_tables: tuple[JourneyTable, ...]


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One row. `path` is its address below the Web API's root, `columns` those with a value."""

    path: str
    etag: str
    columns: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PersonRows:
    """All rows that were found; none where nobody knows the address."""

    contacts: tuple[PersonRow, ...] = ()
    consents: tuple[PersonRow, ...] = ()
    journey_rows: tuple[PersonRow, ...] = ()

    def __iter__(self) -> Iterator[PersonRow]:
        """Those that point to others come before these."""
        yield from self.journey_rows
        yield from self.consents
        yield from self.contacts

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def __add__(self, other: "PersonRows") -> "PersonRows":
        return PersonRows(
            contacts=self.contacts + other.contacts,
            consents=self.consents + other.consents,
            journey_rows=self.journey_rows + other.journey_rows,
        )


def journey_tables_of(forms: Iterable[Form]) -> tuple[JourneyTable, ...]:
    """Each table once, whatever the state of the forms: rows outlive them."""
    rows = [form.journey_row for form in forms if form.journey_row]
    tables = (JourneyTable(entity_set=row.entity_set, key_column=row.key_column) for row in rows)
    return tuple(dict.fromkeys(tables))
