"""How fast one network may cause mails: at once within an hour's budget, then slowly.

Nobody is refused: a trade-show stand signs up hundreds behind one address. What goes beyond
the budget gets a time of its own, spaced so that the hour's budget is kept from then on.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from heapq import nlargest

from shared.values.base import Value

HOUR = timedelta(hours=1)
# A row's property holds 32,768 characters; an entry takes about 30.
MOST_SOURCES = 400
_NAME_LENGTH = 16
# However large a flood was: its network's next honest person is mailed within a day, and the
# mail quota still holds the flood.
LONGEST_WAIT = timedelta(days=1)


class SourceSlots(Value):
    """Until when (Unix seconds) each network's budget is spoken for.

    Names are the beginnings of keyed hashes of networks. The generic cell rate algorithm (ITU-T
    I.371, annex A): one time says all there is to know.
    """

    busy_until: Mapping[str, int] = {}

    def slot(self, source: str, now: datetime) -> datetime:
        """When the registration that was taken last may be mailed: `now`, or later."""
        busy_until = self.busy_until[source[:_NAME_LENGTH]]
        return max(now, datetime.fromtimestamp(busy_until, UTC) - HOUR)

    def take(self, source: str, count: int, per_hour: int, now: datetime) -> "SourceSlots":
        """`count` registrations less in the budget of `source`."""
        name, second = source[:_NAME_LENGTH], int(now.timestamp())
        begins = max(second, self.busy_until.get(name, second))
        costs = round(count * HOUR.total_seconds() / per_hour)
        longest = second + int((LONGEST_WAIT + HOUR).total_seconds())
        taken = {**self._still_busy(second), name: min(begins + costs, longest)}
        # Those who lose their entry are the least busy: they had the most budget left anyway.
        kept = nlargest(MOST_SOURCES, taken, key=lambda key: taken[key])
        return SourceSlots(busy_until={key: taken[key] for key in {*kept, name}})

    def _still_busy(self, second: int) -> dict[str, int]:
        return {name: until for name, until in self.busy_until.items() if until > second}
