"""Deleting one record, and leaving its proof."""

from datetime import datetime

from shared.end_of_proof import schedule_end
from shared.erasure_outcome import Erasure
from shared.failures import RACES, Changed, TemporaryFailure
from shared.ports import Deadline, Outside, Versioned
from shared.values.erased import ErasureProof
from shared.values.messages import WithdrawalMessage
from shared.values.record import Record
from shared.withdrawal import opt_out

_SECONDS = 90


def erase_record(
    stored: Versioned[Record],
    address: str,
    outside: Outside,
    done: Erasure,
    *,
    everywhere: bool,
) -> None:
    """Whoever else writes it at the same time; `address` is the digest of the exact one.

    Without `everywhere`, a withdrawal that Dataverse does not know of yet is carried out before.
    Raises TemporaryFailure and PermanentFailure.
    """
    now = outside.now()
    until = now + outside.rules.proof
    newest: Versioned[Record] | None = stored
    schedule_end(stored.value.key, until, outside)
    record = stored.value
    for _ in range(RACES):
        if newest is None:
            if _is_ours(record, now, outside):
                done.erased.append(record)
            return  # else declined or forgotten meanwhile
        record = newest.value
        if not everywhere and _carry_out_withdrawals(newest, outside, done):
            newest = outside.records.find(record.key)
            continue
        proof = ErasureProof.of(record, address, now, until)
        try:
            outside.records.forget(newest, proof=proof)
        except Changed:
            newest = outside.records.find(record.key)
            continue
        done.erased.append(record)
        return
    raise TemporaryFailure("the record is contended")


def _is_ours(record: Record, erased_at: datetime, outside: Outside) -> bool:
    """Storage had done it before its answer got lost, and then refused the repeat."""
    proof = outside.records.find_proof(record.key)
    return proof is not None and proof.value.erased_at == erased_at


def _carry_out_withdrawals(stored: Versioned[Record], outside: Outside, done: Erasure) -> bool:
    """The record is all that knows of it. Whether there was any."""
    waiting = [note for note in stored.value.withdrawals if note.opted_out_at is None]
    for note in waiting:
        message = WithdrawalMessage(
            mailbox_key=stored.value.mailbox_key,
            registration_id=stored.value.registration_id,
            withdrawn_at=note.at,
            one_click=note.one_click,
        )
        opt_out(stored, message, Deadline(_SECONDS), outside)
        done.opted_out += 1
    return bool(waiting)
