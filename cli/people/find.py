"""`doi find`: how far somebody's registrations have come."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import NOTHING_FOUND
from cli.people.find_report import show_states
from cli.people.given import Json, checked_address, failures_told, registration_id
from cli.printing import note
from shared.known_person import known_person
from shared.person_messages import messages_of, waiting_for
from shared.registration_state import RegistrationState, states_of

if TYPE_CHECKING:
    from shared.ports import Outside


def find(
    context: typer.Context,
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS|REGISTRATION", help="An e-mail address, or a registration's id."
        ),
    ],
    *,
    json: Json = False,
) -> None:
    """How far registrations have come, what waits, and what there is to do.

    By an address: also those of other addresses that land in the same mailbox
    (anna+x@…), without naming these. By an id the whole table is gone
    through, which takes minutes where there are many rows.
    """
    outside: Outside = context.obj()
    with failures_told():
        id_ = registration_id(wanted)
        found = _by_id(id_, outside) if id_ else _by_address(checked_address(wanted), outside)
    if not found:
        note("Nothing is stored about it, as far as can be seen: see docs/operations.md.")
        raise typer.Exit(NOTHING_FOUND)
    show_states(found, as_json=json)


def _by_address(address: str, outside: "Outside") -> list[RegistrationState]:
    person = known_person(address, outside)
    records = [(stored.value, True) for stored in person.records]
    others = [(record, False) for record in person.others]
    ids = {record.registration_id for record in person.others}
    messages = [*messages_of(person, outside), *waiting_for(ids, outside)]
    return states_of([*records, *others], person.proofs, messages)


def _by_id(id_: str, outside: "Outside") -> list[RegistrationState]:
    note("Looking through the whole table; an address is found at once.")
    records = [(stored.value, True) for stored in outside.records.with_id(id_)]
    proofs = [stored.value for stored in outside.records.proofs_with_id(id_)]
    return states_of(records, proofs, waiting_for({id_}, outside))
