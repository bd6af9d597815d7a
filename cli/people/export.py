"""`doi export`: everything that is stored about somebody (GDPR Art. 15 and 20)."""

import json as to_json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.exit_codes import NOTHING_FOUND
from cli.people.given import Address, Json, checked_address, failures_told
from cli.printing import note, print_json, say
from shared.known_person import KnownPerson, known_person, sought
from shared.person_export import export_of
from shared.ports import Deadline

if TYPE_CHECKING:
    from shared.dataverse.ports import OutsideWithPeople

_SECONDS = 90.0


def export(
    context: typer.Context,
    address: Address,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A new file, which only you can read.  [default: stdout]"
        ),
    ] = None,
    *,
    dataverse: Annotated[
        bool, typer.Option("--dataverse", help="Contact and consents in Dataverse, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Everything that is stored about an address, as JSON for the person.

    Of exactly this address, and of nobody else. With --out the file has the
    document, and what is printed sums it up.
    """
    outside: OutsideWithPeople = context.obj()
    wanted = checked_address(address)
    with failures_told():
        person = known_person(wanted, outside)
        rows = (
            outside.dataverse_people.known(sought(person, outside), Deadline(_SECONDS))
            if dataverse
            else None
        )
        document = export_of(person, outside, rows)
    if not _says_anything(document):
        note("Nothing is stored about this address.")
        _tell_others(person)
        raise typer.Exit(NOTHING_FOUND)
    if out:
        _write(document, out)
    summary = _summary(document)
    if out is None:
        print_json(document)
    elif json:
        print_json({"file": str(out), **summary})
    for name, count in summary.items():
        (note if out is None or json else say)(f"{count:>6} {name}")
    if out and not json:
        say(f"Written to {out}.")
    _tell_others(person)
    if not dataverse:
        note("Dataverse was not asked: --dataverse.")


def _says_anything(document: dict[str, Any]) -> bool:
    rows = (document["dataverse"] or {}).values()
    lists = ("registrations", "leftOfErased", "messages")
    return any(document[name] for name in lists) or any(rows)


def _summary(document: dict[str, Any]) -> dict[str, int]:
    registrations = document["registrations"]
    counts = {
        "registrations": len(registrations),
        "mails": sum(len(one["mails"]) for one in registrations),
        "proofs of erased registrations": len(document["leftOfErased"]),
        "messages in queues": len(document["messages"]),
        "leads of LinkedIn": len(document["leads"]),
    }
    rows = document["dataverse"]
    return counts | {f"{name} in Dataverse": len(found) for name, found in (rows or {}).items()}


def _tell_others(person: KnownPerson) -> None:
    if person.others:
        note(
            f"{len(person.other_addresses)} more of the mailbox's addresses have signed up"
            " (anna+x@…). Whether they are the same person's, only the person can say."
        )


def _write(document: dict[str, Any], out: Path) -> None:
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(to_json.dumps(document, ensure_ascii=False, indent=2) + "\n")
