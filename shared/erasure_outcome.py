"""What an erasure has done so far."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.person_messages import Swept
from shared.values.dataverse.person_rows import PersonRows
from shared.values.record import Record


@dataclass(kw_only=True)
class Erasure:
    """What was done so far; filled as it goes, so that it tells also where a failure ended it.

    `until` is when the last of it is forgotten, `others` are addresses of the mailbox that stay.
    `may_be_written`: a worker may have been handing a record over to Dataverse just then.
    """

    erased: list[Record] = field(default_factory=list)
    until: datetime | None = None
    others: tuple[str, ...] = ()
    may_be_written: bool = False
    opted_out: int = 0
    poison: Swept = field(default_factory=Swept)
    dataverse: PersonRows | None = None

    @property
    def did_anything(self) -> bool:
        """Whether something of the person was there."""
        return bool(self.erased or self.poison.dropped or self.dataverse)
