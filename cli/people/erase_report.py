"""How `doi erase` tells what will go, and what is gone."""

from collections.abc import Sequence
from typing import Any

from cli.printing import counted, note, print_json, say
from shared.erasure_outcome import Erasure
from shared.known_person import KnownPerson
from shared.person_messages import QueuedMessage
from shared.values.dataverse.person_rows import PersonRows


def show_plan(
    person: KnownPerson, messages: Sequence[QueuedMessage], rows: PersonRows | None
) -> None:
    """On stderr: what is there, before anybody says yes."""
    for stored in person.records:
        record = stored.value
        asked = f"{record.asked_at:%Y-%m-%d %H:%M}"
        note(f"  {record.registration_id} {record.form} {record.status.value}, asked {asked} (UTC)")
    for one in messages:
        note(f"  a message in {one.queue}: {one.registration or one.message.id}")
    if rows is not None:
        for row in rows:
            note(f"  in Dataverse: {row.path}")
    if not (person.records or messages or rows):
        note("Nothing is stored about this address, as far as can be seen.")
    for proof in person.proofs:
        note(f"  {proof.registration_id} was erased before, on {proof.erased_at:%Y-%m-%d}.")


def show_done(
    done: Erasure,
    failure: Exception | None,
    *,
    queued: Sequence[QueuedMessage],
    as_json: bool,
) -> None:
    """On stdout, also where a failure ended it. `queued` were in queues that are not poison."""
    if as_json:
        print_json(_as_json(done, failure) | {"queued": [_message(one) for one in queued]})
    else:
        _say(done, failure, len(queued))
    if done.others:
        note(
            "Left, since these are other addresses of the same mailbox; erase each by its own name:"
        )
        for address in done.others:
            note(f"  {address}")
    for one in done.poison.unreadable:
        note(
            f"A message in {one.queue} can be read by no function, and nothing in it names the"
            f" address: {one.message.id}. Look at it, and drop it if it is of no use."
        )
    if done.may_be_written:
        note(
            "A registration may just have been handed over to Dataverse: repeat this with"
            " --dataverse in some minutes."
        )


def _say(done: Erasure, failure: Exception | None, queued: int) -> None:
    if done.did_anything:
        registrations = counted(len(done.erased), "registration")
        say(f"Erased: {registrations}, {counted(len(done.poison.dropped), 'message')}.")
        for record in done.erased:
            say(f"  {record.registration_id} {record.form}")
    if done.opted_out:
        withdrawals = counted(done.opted_out, "withdrawal")
        say(f"First carried out, since Dataverse did not know of it yet: {withdrawals}.")
    if done.dataverse is not None:
        found = done.dataverse
        say(
            f"In Dataverse: {counted(len(found.contacts), 'contact')},"
            f" {counted(len(found.consents), 'consent')},"
            f" {counted(len(found.journey_rows), 'journey row')}."
        )
    if failure:
        return
    if queued:
        say(f"Still in a queue, and dropped when it comes out of it: {counted(queued, 'message')}.")
    elif not done.did_anything:
        say("There is nothing to erase.")
    if done.until:
        say(
            f"Until {done.until:%Y-%m-%d} a keyed digest of the address stays, so that nothing"
            " of it that is on its way is taken in."
        )
    if done.dataverse is None:
        say("Dataverse was not touched: --dataverse erases there, too.")


def _as_json(done: Erasure, failure: Exception | None) -> dict[str, Any]:
    found = done.dataverse
    return {
        "erased": [record.registration_id for record in done.erased],
        "keptUntil": done.until.isoformat() if done.until else None,
        "otherAddresses": list(done.others),
        "withdrawalsCarriedOut": done.opted_out,
        "messages": [_message(one) for one in done.poison.dropped],
        "unreadableMessages": [_message(one) for one in done.poison.unreadable],
        "dataverse": None
        if found is None
        else {
            "contacts": [row.path for row in found.contacts],
            "consents": [row.path for row in found.consents],
            "journeyRows": [row.path for row in found.journey_rows],
        },
        "mayBeWritten": done.may_be_written,
        "failure": str(failure) if failure else None,
    }


def _message(one: QueuedMessage) -> dict[str, Any]:
    return {"queue": one.queue, "id": one.message.id, "registration": one.registration}
