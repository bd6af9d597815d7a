"""LinkedIn and table `leads` in memory, for the same test cases as the real ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.linkedin.failures import OutOfTime
from shared.ports import Deadline, LeadPage, LeadWithForm, ListedLead, SignInEnd, Versioned
from shared.values.lead_cursor import LeadCursor
from shared.values.lead_row import LeadRow, LeadState
from shared.values.lead_tidying import LeadTidying
from shared.values.linkedin.symbols import LeadType
from tests.examples import NOON

PAGE = 100


@dataclass
class FakeLeads:
    """Implements ports.Leads.

    `failures` are raised by the next calls, one each. `breaks_after`: listing ends with a failure
    after so many leads. `dies_after`: so many listings succeed. `on_page` is called by each page.
    `fetched` has the ids that were asked for, `windows` what was listed.
    """

    stored: dict[str, LeadWithForm] = field(default_factory=dict)
    failures: list[TemporaryFailure | PermanentFailure] = field(default_factory=list)
    breaks_after: int | None = None
    dies_after: int | None = None
    on_page: Callable[[], None] = lambda: None
    unreadable: list[ListedLead] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    windows: list[tuple[str, LeadType, datetime, datetime]] = field(default_factory=list)
    sign_in_end: SignInEnd = field(
        default_factory=lambda: SignInEnd(ends_at=NOON + timedelta(days=300))
    )

    def fetch(self, lead: str, deadline: Deadline) -> LeadWithForm | None:
        self._begin(deadline)
        self.fetched.append(lead)
        return self.stored.get(lead)

    def since(
        self, owner: str, lead_type: LeadType, start: datetime, end: datetime, deadline: Deadline
    ) -> Iterator[ListedLead]:
        self._begin(deadline)
        if len(self.windows) == self.dies_after:
            raise TemporaryFailure("LinkedIn, reading leads: 500")
        self.on_page()
        self.windows.append((owner, lead_type, start, end))
        matching = [
            found.lead
            for found in self.stored.values()
            if found.lead.lead_type == lead_type
            and found.lead.owner
            and found.lead.owner.urn == owner
            and found.lead.submitted_at
            and start <= found.lead.submitted_at < end
        ]
        for number, lead in enumerate(matching):
            if number and number % PAGE == 0:
                _require_time(deadline)
                self.on_page()
            if number == self.breaks_after:
                raise TemporaryFailure("LinkedIn, reading leads: 429", retry_after=3600)
            version = lead.form_version
            yield ListedLead(id=lead.id, form=str(version) if version else None)
        for nameless in self.unreadable:
            if nameless.submitted_at is None or start <= nameless.submitted_at < end:
                yield nameless

    def sign_in(self, deadline: Deadline) -> SignInEnd:
        self._begin(deadline)
        return self.sign_in_end

    def _begin(self, deadline: Deadline) -> None:
        _require_time(deadline)
        if self.failures:
            raise self.failures.pop(0)


def _require_time(deadline: Deadline) -> None:
    if deadline.remaining() <= 0:
        raise OutOfTime("no time left")


@dataclass
class FakeLeadRows:
    """Implements ports.LeadRows, ETags included. `on_page` is called by each page."""

    rows: dict[str, Versioned[LeadRow]] = field(default_factory=dict)
    cursors: dict[tuple[str, LeadType], Versioned[LeadCursor]] = field(default_factory=dict)
    tidying: Versioned[LeadTidying] = field(
        default_factory=lambda: Versioned(value=LeadTidying(), etag=None)
    )
    on_page: Callable[[], None] = lambda: None
    damaged: frozenset[str] = frozenset()
    down: bool = False
    writes: int = 0

    def find(self, lead: str) -> Versioned[LeadRow] | None:
        self.reach()
        return self.rows.get(lead)

    def save(self, row: Versioned[LeadRow]) -> Versioned[LeadRow]:
        self.reach()
        stored = self.rows.get(row.value.lead)
        self._expect(stored.etag if stored else None, row.etag)
        self.rows[row.value.lead] = row.saved_as(str(self.writes))
        return self.rows[row.value.lead]

    def delete(self, row: Versioned[LeadRow]) -> None:
        self.reach()
        stored = self.rows.get(row.value.lead)
        if stored is not None:
            self._expect(stored.etag, row.etag)
            del self.rows[row.value.lead]

    def parked(self) -> Iterator[Versioned[LeadRow]]:
        self.reach()
        yield from [row for row in self.rows.values() if row.value.state is LeadState.PARKED]

    def page(self, after: str | None) -> LeadPage:
        self.reach()
        self.on_page()
        names = [name for name in sorted(self.rows) if name > (after or "")][:PAGE]
        return LeadPage(
            rows=tuple(self.rows[name] for name in names if name not in self.damaged),
            damaged=tuple(name for name in names if name in self.damaged),
            end=names[-1] if names else None,
        )

    def find_tidying(self) -> Versioned[LeadTidying]:
        self.reach()
        return self.tidying

    def save_tidying(self, tidying: Versioned[LeadTidying]) -> Versioned[LeadTidying]:
        self._expect(self.find_tidying().etag, tidying.etag)
        self.tidying = tidying.saved_as(str(self.writes))
        return self.tidying

    def find_cursor(self, owner: str, lead_type: LeadType) -> Versioned[LeadCursor]:
        self.reach()
        none_yet: Versioned[LeadCursor] = Versioned(value=LeadCursor(), etag=None)
        return self.cursors.get((owner, lead_type), none_yet)

    def save_cursor(self, owner: str, lead_type: LeadType, cursor: Versioned[LeadCursor]) -> None:
        self._expect(self.find_cursor(owner, lead_type).etag, cursor.etag)
        self.cursors[owner, lead_type] = cursor.saved_as(str(self.writes))

    def reach(self) -> None:
        if self.down:
            raise TemporaryFailure("table leads: down")

    def _expect(self, stored: str | None, given: str | None) -> None:
        if stored != given:
            raise Changed
        self.writes += 1
