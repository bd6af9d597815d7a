"""Table `funnel` in memory, for the same test cases as the real one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from shared.failures import Changed, TemporaryFailure
from shared.ports import Versioned
from shared.values.funnel import ALL, FunnelRow

_Key = tuple[date, str, str]


@dataclass
class FakeFunnel:
    """Implements ports.FunnelRows; `writes` counts the requests that write."""

    rows: dict[_Key, tuple[FunnelRow, str]] = field(default_factory=dict)
    down: bool = False
    writes: int = 0

    def save(self, rows: Sequence[FunnelRow]) -> None:
        self._write()
        for row in rows:
            self.rows[_key(row)] = (row, str(self.writes))

    def since(self, day: date) -> list[FunnelRow]:
        self.reach()
        return [row for row, _ in self.rows.values() if row.day >= day]

    def unfolded_before(self, day: date) -> list[FunnelRow]:
        self.reach()
        return [row for row, _ in self.rows.values() if row.day < day and row.by != ALL]

    def folded(self, day: date, form: str) -> Versioned[FunnelRow]:
        self.reach()
        none_yet = FunnelRow(day=day, form=form, by=ALL)
        row, etag = self.rows.get(_key(none_yet), (none_yet, None))
        return Versioned(value=row, etag=etag)

    def fold(self, together: Versioned[FunnelRow], parts: Sequence[FunnelRow]) -> None:
        if len(parts) > 99:
            raise ValueError("a transaction has 100 operations at most")
        stored = self.folded(together.value.day, together.value.form)
        if stored.etag != together.etag or any(_key(part) not in self.rows for part in parts):
            raise Changed
        for part in parts:
            del self.rows[_key(part)]
        self.save([together.value])

    def delete_before(self, day: date) -> None:
        self._write()
        self.rows = {key: row for key, row in self.rows.items() if key[0] >= day}

    def reach(self) -> None:
        if self.down:
            raise TemporaryFailure("table funnel: down")

    def _write(self) -> None:
        self.reach()
        self.writes += 1


def _key(row: FunnelRow) -> _Key:
    return row.day, row.form, row.by
