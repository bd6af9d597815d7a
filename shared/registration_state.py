"""How far a registration has come, for who answers a question about it. Names nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.person_messages import QueuedMessage
from shared.values.erased import ErasureProof
from shared.values.record import Record, Status

_BY_STATUS: Mapping[Status, str] = {
    Status.FAILED: "it is in no poison queue that can be seen from here: doi poison list",
    Status.CONFIRMED: "it waits for Dataverse, and goes on by itself: doi doctor --only dataverse",
    Status.MAILING: "its mail has not left, and is tried again by itself: doi doctor --only mail",
}


@dataclass(frozen=True, kw_only=True)
class RegistrationState:
    """One registration. `record` is None before it was stored, and once it was erased.

    `own` is False for another address of the same mailbox.
    """

    registration_id: str
    record: Record | None = None
    proof: ErasureProof | None = None
    waits: tuple[QueuedMessage, ...] = ()
    own: bool = True

    @property
    def status(self) -> str:
        """The record's, "queued" before there is one, "erased" afterwards."""
        if self.record:
            return self.record.status.value
        return "erased" if self.proof else "queued"

    @property
    def advice(self) -> str | None:
        """What there is to do, or to know; None where all is well."""
        if self.record is None:
            return None
        poison = [one.queue for one in self.waits if one.queue.endswith("-poison")]
        if poison:
            queue = poison[0].removesuffix("-poison")
            return (
                f"mend what the failure names, then: doi poison replay {queue}"
                f" --id {self.registration_id}"
            )
        return _advice(self.record)


def states_of(
    records: Iterable[tuple[Record, bool]],
    proofs: Iterable[ErasureProof],
    messages: Iterable[QueuedMessage],
) -> list[RegistrationState]:
    """The oldest first; each with what waits for it. `records` come with whether they are own."""
    waiting: dict[str, list[QueuedMessage]] = {}
    for message in messages:
        if message.registration:
            waiting.setdefault(message.registration, []).append(message)

    def waits(registration_id: str) -> tuple[QueuedMessage, ...]:
        return tuple(waiting.pop(registration_id, ()))

    found = {
        record.registration_id: RegistrationState(
            registration_id=record.registration_id,
            record=record,
            own=own,
            waits=waits(record.registration_id),
        )
        for record, own in sorted(records, key=lambda one: one[0].asked_at)
    }
    for proof in sorted(proofs, key=lambda one: one.asked_at):
        if proof.registration_id not in found:
            found[proof.registration_id] = RegistrationState(
                registration_id=proof.registration_id,
                proof=proof,
                waits=waits(proof.registration_id),
            )
    queued = [
        RegistrationState(registration_id=one, waits=tuple(rest)) for one, rest in waiting.items()
    ]
    return [*found.values(), *queued]


def _advice(record: Record) -> str | None:
    if any(note.opted_out_at is None for note in record.withdrawals):
        return "the withdrawal waits for Dataverse: doi doctor --only dataverse"
    if record.bounced and not record.was_confirmed:
        return "no mail arrives there: look for a typing error in the address"
    if record.status is Status.PENDING:
        return f"the button was not pressed; forgotten on {record.forget_at:%Y-%m-%d}"
    return None if record.was_withdrawn else _BY_STATUS.get(record.status)
