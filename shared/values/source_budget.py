"""How fast one network may cause mails: at once within an hour's budget, then slowly.

Nobody is refused: a trade-show stand signs up hundreds behind one address. What goes beyond
the budget gets a time of its own, spaced so that the hour's budget is kept from then on.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from heapq import nlargest

from shared.values.base import Value

HOUR = timedelta(hours=1)
# A row's property holds 32,768 characters; an entry takes about 60.
MOST_SOURCES = 400


class SourceSlots(Value):
    """Until when each network's budget is spoken for; keys are keyed hashes of networks.

    The generic cell rate algorithm (ITU-T I.371, annex A): one time says all there is to know.
    """

    busy_until: Mapping[str, datetime] = {}

    def slot(self, source: str, now: datetime) -> datetime:
        """When the registration that was taken last may be mailed: `now`, or later."""
        return max(now, self.busy_until[source] - HOUR)

    def take(self, source: str, count: int, per_hour: int, now: datetime) -> "SourceSlots":
        """`count` registrations less in the budget of `source`."""
        begins = max(now, self.busy_until.get(source, now))
        taken = {**self._still_busy(now), source: begins + count * HOUR / per_hour}
        # Those who lose their entry are the least busy: they had the most budget left anyway.
        kept = nlargest(MOST_SOURCES, taken, key=lambda key: taken[key])
        return SourceSlots(busy_until={key: taken[key] for key in {*kept, source}})

    def _still_busy(self, now: datetime) -> dict[str, datetime]:
        return {key: until for key, until in self.busy_until.items() if until > now}
