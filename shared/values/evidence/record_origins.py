"""The origins in a record's values: taken out for the table, put back on reading."""

from collections.abc import Mapping

from shared.values.evidence.entry import Entry, EntryKind
from shared.values.evidence.origin import ASKED, CONFIRMED, Origin, withdrawn_name
from shared.values.record import Record

_NOTHING = {"address": None, "user_agent": None}


def origin_name(entry: Entry) -> str | None:
    """Under which name the origin of this entry is kept; None for one that no person caused."""
    if entry.kind is EntryKind.WITHDRAWN:
        return withdrawn_name(entry.at)
    return {EntryKind.ASKED: ASKED, EntryKind.CONFIRMED: CONFIRMED}.get(entry.kind)


def origins_in(record: Record) -> dict[str, Origin]:
    """By their names; of what happened without a known origin, an empty one."""
    asked = Origin(address=record.asked_from, user_agent=record.user_agent)
    origins = {ASKED: asked}
    if record.click:
        click = record.click
        origins[CONFIRMED] = Origin(address=click.address, user_agent=click.user_agent)
    return origins | {
        withdrawn_name(note.at): Origin(address=note.address, user_agent=note.user_agent)
        for note in record.withdrawals
    }


def without_origins(record: Record) -> Record:
    """The record as the table has it: whatever it says of origins is in `origins`."""
    changes = {
        "asked_from": None,
        "user_agent": None,
        "click": record.click.model_copy(update=_NOTHING) if record.click else None,
        "withdrawals": tuple(note.model_copy(update=_NOTHING) for note in record.withdrawals),
    }
    return record.model_copy(update=changes)


def with_origins(record: Record, opened: Mapping[str, Origin]) -> Record:
    """The record with those that could be opened, by their names, where they belong."""
    known = {name: origin.model_dump() for name, origin in opened.items()}
    changes: dict[str, object] = {
        "withdrawals": tuple(
            note.model_copy(update=known.get(withdrawn_name(note.at), {}))
            for note in record.withdrawals
        )
    }
    if asked := opened.get(ASKED):
        changes |= {"asked_from": asked.address, "user_agent": asked.user_agent}
    if record.click:
        changes["click"] = record.click.model_copy(update=known.get(CONFIRMED, {}))
    return record.model_copy(update=changes)
