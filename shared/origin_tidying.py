"""Where people came from is forgotten after a while: the keys of those days are deleted.

What they sealed stays in the records, and in every copy of them, and nobody can open it any more.
"""

from shared import events
from shared.failures import Changed, TemporaryFailure
from shared.ports import Outside
from shared.values.event_catalogue import Event
from shared.values.evidence.origin import oldest_kept


def forget_origins(outside: Outside) -> None:
    """Never fails: what is not done today is done tomorrow, and no record opens it meanwhile."""
    first = oldest_kept(outside.now().date(), outside.rules.origins_kept)
    try:
        days = outside.origin_keys.delete_before(first)
    except (TemporaryFailure, Changed) as failure:
        reason = str(failure) or type(failure).__name__
        events.warn(Event.ORIGINS_NOT_FORGOTTEN, reason=reason)
    else:
        if days:
            events.note(Event.ORIGINS_FORGOTTEN, days=days)
