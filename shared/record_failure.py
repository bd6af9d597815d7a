"""Noting in the record itself why it cannot go on, so that an operator finds it there, too."""

from shared import events
from shared.newest import change_newest
from shared.ports import Outside
from shared.values.event_catalogue import Event
from shared.values.record import Record, RecordKey, Status


def note_mail_failure(key: RecordKey, number: int, reason: str, outside: Outside) -> None:
    """The mail was refused. Of no matter once the person has confirmed: another one arrived."""

    def failed(record: Record) -> Record | None:
        return None if record.was_confirmed else record.refuse_mail(number).failed(reason)

    stored = outside.records.find(key)
    if stored and change_newest(stored, failed, outside):
        events.warn(Event.FAILED, stored.value.about, step="mail", reason=reason)


def note_promotion_failure(key: RecordKey, reason: str, outside: Outside) -> None:
    """Dataverse refused for good."""

    def failed(record: Record) -> Record | None:
        return None if record.status is Status.PROMOTED else record.failed(reason)

    stored = outside.records.find(key)
    if stored and change_newest(stored, failed, outside):
        events.warn(Event.FAILED, stored.value.about, step="promotion", reason=reason)
