"""Noting in the record itself why it cannot go on."""

from shared import events
from shared.ports import Changed, Outside, Versioned
from shared.values.record import RecordKey


def note_failure(key: RecordKey, reason: str, outside: Outside) -> None:
    """Move the record to `failed` with the reason, so that an operator finds it there too."""
    stored = outside.records.find(key)
    if stored is None:
        return
    try:
        outside.records.save(Versioned(value=stored.value.failed(reason), etag=stored.etag))
    except Changed:
        # Whoever moved it knows more than we do; the poison message carries the reason anyway.
        events.warn("changed_while_failing", key.registration_id)
