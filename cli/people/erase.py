"""`doi erase`: delete everything of somebody (GDPR Art. 17)."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import NOT_ALL_DONE, NOTHING_FOUND
from cli.people.erase_report import show_done, show_plan
from cli.people.given import Address, Json, Yes, checked_address, failures_told
from cli.printing import note
from shared.erasure import InDataverse
from shared.erasure import erase as erase_person
from shared.erasure_outcome import Erasure
from shared.failures import PermanentFailure, TemporaryFailure
from shared.known_person import known_person, sought
from shared.person_messages import messages_of
from shared.ports import Deadline
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from shared.dataverse.ports import OutsideWithPeople

_SECONDS = 90.0
_GOES_ON = "The same command goes on where this one ended."


def erase(
    context: typer.Context,
    address: Address,
    *,
    dataverse: Annotated[
        bool,
        typer.Option("--dataverse", help="Contacts, consents and journey rows in Dataverse, too."),
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Delete everything that is stored about an address, for ever.

    Of exactly this address, at whatever status; what of it is still in a queue
    is dropped when it comes out. Left is what proves that all was right:
    a keyed digest of the address, and hashes, for DOI_PROOF_DAYS.
    """
    outside: OutsideWithPeople = context.obj()
    wanted = checked_address(address)
    with failures_told("Nothing was deleted."):
        person = known_person(wanted, outside)
        rows = (
            outside.dataverse_people.known(sought(person, outside), Deadline(_SECONDS))
            if dataverse
            else None
        )
        messages = messages_of(person, outside)
        show_plan(person, messages, rows)
    if not yes:
        typer.confirm(
            "Delete this for ever, and whatever of it is on its way?", abort=True, err=True
        )

    def pause(by: timedelta) -> None:
        seconds = round(by.total_seconds())
        note(f"A worker may just be handing it over to Dataverse: looking again in {seconds} s.")
        outside.pause(by)

    done = Erasure()
    queued = [one for one in messages if one.queue in list(QueueName)]
    failure: TemporaryFailure | PermanentFailure | None = None
    try:
        erase_person(
            wanted, outside, done, InDataverse(outside=outside, pause=pause) if dataverse else None
        )
    except (TemporaryFailure, PermanentFailure) as failed:
        failure = failed
    except KeyboardInterrupt:
        show_done(done, InterruptedError("interrupted"), queued=queued, as_json=json)
        note(_GOES_ON)
        raise typer.Exit(NOT_ALL_DONE) from None
    show_done(done, failure, queued=queued, as_json=json)
    if failure:
        with failures_told(_GOES_ON):
            raise failure
    if not done.did_anything and not queued:
        raise typer.Exit(NOTHING_FOUND)
