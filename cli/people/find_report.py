"""How `doi find` shows registrations: a few lines for each, or JSON. No address."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from cli.printing import print_json, say
from shared.registration_state import RegistrationState
from shared.values.record import Record
from shared.values.record_notes import MailNote


def show_states(states: Iterable[RegistrationState], *, as_json: bool) -> None:
    """On stdout, the oldest first; the JSON is a list."""
    if as_json:
        print_json([_as_json(state) for state in states])
        return
    for state in states:
        say(
            " ".join(
                filter(None, (state.registration_id, _form(state), state.status, _whose(state)))
            )
        )
        for name, text in _lines(state):
            say(f"  {name:<10} {text}")


def _as_json(state: RegistrationState) -> dict[str, Any]:
    record, proof = state.record, state.proof
    latest = record.withdrawals[-1] if record and record.withdrawals else None
    return {
        "registration": state.registration_id,
        "otherAddress": not state.own,
        "form": _form(state),
        "status": state.status,
        "askedAt": _iso(known.asked_at) if (known := record or proof) else None,
        "mails": [_mail(note) for note in record.mails] if record else [],
        "confirmedAt": _iso(_confirmed_at(state)),
        "promotedAt": _iso(_promoted_at(state)),
        "withdrawnAt": _iso(latest.at if latest else None),
        "failure": record.failure if record else None,
        "erasedAt": _iso(proof.erased_at if proof else None),
        "keptUntil": _iso(proof.until if proof else None),
        "waits": [
            {"queue": one.queue, "since": _iso(one.message.put_at), "failure": one.failure}
            for one in state.waits
        ],
        "advice": state.advice,
    }


def _mail(note: MailNote) -> dict[str, Any]:
    return {
        "number": note.number,
        "kind": note.kind.value,
        "sentAt": _iso(note.sent_at),
        "provider": note.provider,
        "report": note.report,
        "reportedAt": _iso(note.reported_at),
    }


def _lines(state: RegistrationState) -> Iterator[tuple[str, str]]:
    record, proof = state.record, state.proof
    if proof and not record:
        yield "asked", _minute(proof.asked_at)
    if record:
        yield "asked", _minute(record.asked_at)
        yield from (("mail", _told(note)) for note in record.mails)
    if confirmed_at := _confirmed_at(state):
        yield "confirmed", _minute(confirmed_at)
    if promoted_at := _promoted_at(state):
        yield "promoted", _minute(promoted_at)
    if record:
        yield from _withdrawals(record)
        if record.failure:
            yield "failure", record.failure
    if proof and not record:
        yield "erased", f"{_minute(proof.erased_at)}; hashes are kept until {proof.until:%Y-%m-%d}"
    for one in state.waits:
        failure = f": {one.failure}" if one.failure else ""
        yield "waits", f"in {one.queue} since {_minute(one.message.put_at)}{failure}"
    if state.advice:
        yield "→", state.advice


def _withdrawals(record: Record) -> Iterator[tuple[str, str]]:
    for note in record.withdrawals:
        known = f", in Dataverse {_minute(note.opted_out_at)}" if note.opted_out_at else ""
        yield "withdrawn", f"{_minute(note.at)}{' by one click' * note.one_click}{known}"


def _told(note: MailNote) -> str:
    if note.sent_at is None:
        return f"{note.number} {note.kind.value}: has not left"
    report = f": {note.report} {_minute(note.reported_at)}" if note.reported_at else ""
    return f"{note.number} {note.kind.value} {_minute(note.sent_at)} by {note.provider}{report}"


def _form(state: RegistrationState) -> str | None:
    known = state.record or state.proof
    return known.form if known else None


def _whose(state: RegistrationState) -> str:
    return "" if state.own else "(of another address of the mailbox)"


def _confirmed_at(state: RegistrationState) -> datetime | None:
    if state.record:
        return state.record.click.at if state.record.click else None
    return state.proof.confirmed_at if state.proof else None


def _promoted_at(state: RegistrationState) -> datetime | None:
    if state.record:
        return state.record.promotion.triggered_at if state.record.promotion else None
    return state.proof.promoted_at if state.proof else None


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} (UTC)" if at else ""
