"""What is found when all is quiet: records, poison, mails, Dataverse, and what the log noted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure.data.tables import TableClient

from local.chaos.links import token_in
from local.chaos.sign_ups import DOMAIN, FAMILY
from local.event_lines import events_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from local.chaos.caught_mail import CaughtMail
    from local.chaos.queues import PoisonMessage
    from local.chaos.simulator import Stored

_NOTED = ("mailed", "promoted")


@dataclass(frozen=True, kw_only=True)
class FoundRecord:
    """A row of the table; `clicked` when it keeps a confirmation."""

    registration_id: str
    address: str
    form: str
    status: str
    clicked: bool


@dataclass(frozen=True, kw_only=True)
class FoundMail:
    """A mail that reached a mailbox; `answered`: the app was told so in time."""

    registration_id: str
    answered: bool


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A log line that says an effect was noted in the record: from then on it must not repeat."""

    event: str
    registration_id: str
    mail_number: int | None = None


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """`naming_lines` are lines of the app's log that name a person."""

    records: Mapping[str, FoundRecord]
    poison: tuple[PoisonMessage, ...]
    mails: tuple[FoundMail, ...]
    stored: Stored
    noted: Counter[Noted]
    naming_lines: int


def find_records(connection_string: str) -> dict[str, FoundRecord]:
    """By registration id."""
    with TableClient.from_connection_string(connection_string, "registrations") as table:
        rows = [row for row in table.list_entities() if "status" in row]
    return {
        row["RowKey"]: FoundRecord(
            registration_id=row["RowKey"],
            address=row["email"],
            form=row["form"],
            status=row["status"],
            clicked=bool(row.get("click")),
        )
        for row in rows
    }


def found_mails(caught: Iterable[CaughtMail]) -> tuple[FoundMail, ...]:
    """By the token of their link."""
    return tuple(
        FoundMail(registration_id=token_in(mail).key.registration_id, answered=mail.answered)
        for mail in caught
    )


def noted_in(log: Path) -> Counter[Noted]:
    """How often the app said that it noted an effect."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return Counter(
        Noted(
            event=event["event"],
            registration_id=event["registration"],
            mail_number=event.get("number"),
        )
        for event in events_in(lines)
        if event["event"] in _NOTED
    )


def lines_naming_people(log: Path) -> int:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return sum(DOMAIN in line or FAMILY in line for line in lines)
