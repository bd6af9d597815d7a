"""Noting in the record itself why it cannot go on, so that an operator finds it there, too."""

from shared import events
from shared.ports import Changed, Outside, Versioned
from shared.values.record import Record, RecordKey, Status


def note_mail_failure(key: RecordKey, number: int, reason: str, outside: Outside) -> None:
    """The mail was refused. Of no matter once the person has confirmed: another one arrived."""
    stored = outside.records.find(key)
    if stored and not stored.value.was_confirmed:
        _save(stored, stored.value.release_mail(number).failed(reason), outside)


def note_promotion_failure(key: RecordKey, reason: str, outside: Outside) -> None:
    """Dataverse refused for good."""
    stored = outside.records.find(key)
    if stored and stored.value.status is not Status.PROMOTED:
        _save(stored, stored.value.failed(reason), outside)


def _save(stored: Versioned[Record], failed: Record, outside: Outside) -> None:
    try:
        outside.records.save(stored.moved_to(failed))
    except Changed:
        # Whoever moved it knows more than we do; the poison message carries the reason anyway.
        events.warn("changed_while_failing", failed.registration_id)
