"""Dataverse and CIJ in memory, for the same test cases as the real ones."""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline, WrittenContact
from shared.values.column_value import ColumnValue
from shared.values.consent_reason import word_in
from shared.values.contact import ConsentRow, ContactWithConsents, TriggerCall
from shared.values.journey_row import NewJourneyRow
from shared.values.mailbox import canonical
from shared.values.opt_out import EndedConsent, OptOut

ConsentKey = tuple[str, str, str | None]


@dataclass
class StoredContact:
    """A contact; `modified` rises with every change to any contact."""

    id: str
    email: str
    columns: dict[str, ColumnValue]
    modified: int
    active: bool = True


@dataclass
class StoredConsent:
    """A consent row for e-mail. `by_one_click` tells how it was opted out."""

    id: str
    opted_in: bool
    reason: str
    by_one_click: bool = False


@dataclass(frozen=True, kw_only=True)
class FiredTrigger:
    """A trigger call as CIJ received it."""

    name: str
    contact_id: str
    binding_id: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class StoredJourneyRow:
    """A row whose creation started a journey."""

    contact_id: str
    columns: Mapping[str, ColumnValue]


@dataclass(frozen=True, kw_only=True)
class KnownTable:
    """A table for journey rows: its alternate key, its lookup to contacts, its columns."""

    key_column: str
    contact: str
    columns: Collection[str]


@dataclass
class FakeCustomerInsights:
    """Implements ports.CustomerInsights.

    `failures` are raised by the next calls, one each; so many of the following calls as
    `lost_answers` says do their work and fail all the same. What the environment knows is
    checked where it is given; `known_triggers` maps names to attributes, `known_tables` entity
    sets to tables. `journey_rows` are by address; `journey_starts` has the contact of each start.
    """

    contacts: dict[str, StoredContact] = field(default_factory=dict)
    consents: dict[ConsentKey, StoredConsent] = field(default_factory=dict)
    triggers: list[FiredTrigger] = field(default_factory=list)
    journey_rows: dict[str, StoredJourneyRow] = field(default_factory=dict)
    journey_starts: list[str] = field(default_factory=list)
    failures: list[TemporaryFailure | PermanentFailure] = field(default_factory=list)
    lost_answers: int = 0
    known_columns: Collection[str] | None = None
    known_purposes: Collection[str] | None = None
    known_triggers: Mapping[str, Collection[str]] | None = None
    known_tables: Mapping[str, KnownTable] | None = None
    _modified: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, contact: ContactWithConsents, deadline: Deadline) -> WrittenContact:
        """See ports.CustomerInsights."""
        with self._lock:
            self._begin(deadline)
            self._check(contact)
            written = self._written(contact)
            self._end()
            return written

    def fire(self, trigger: TriggerCall, contact_id: str, deadline: Deadline) -> None:
        """See ports.CustomerInsights."""
        with self._lock:
            self._begin(deadline)
            if self.known_triggers is not None:
                if trigger.name not in self.known_triggers:
                    raise PermanentFailure(f"no trigger {trigger.name}")
                if set(trigger.attributes) != set(self.known_triggers[trigger.name]):
                    raise PermanentFailure(f"trigger {trigger.name} has other attributes")
            self.triggers.append(
                FiredTrigger(
                    name=trigger.name,
                    contact_id=contact_id,
                    binding_id=trigger.binding_id,
                    attributes=dict(trigger.attributes),
                )
            )
            self._end()

    def opt_out(self, opt_out: OptOut, deadline: Deadline) -> tuple[str, ...]:
        """See ports.CustomerInsights."""
        with self._lock:
            self._begin(deadline)
            self._check_purposes(consent.purpose_id for consent in opt_out.consents)
            address = canonical(opt_out.email)
            rows = [
                row
                for key, row in self.consents.items()
                if key[0] == address and row.id in opt_out.row_ids
            ]
            for consent in opt_out.consents:
                if consent.spares_topics and self._has_another_topic(address, consent, opt_out):
                    continue
                none_yet = StoredConsent(id=consent.new_id, opted_in=True, reason="")
                key = (address, consent.purpose_id, consent.topic_id)
                rows.append(self.consents.setdefault(key, none_yet))
            ids = tuple(row.id for row in rows if _says_no(row, opt_out))
            self._end()
            return ids

    def add_contact(
        self,
        contact_id: str,
        email: str,
        columns: Mapping[str, ColumnValue],
        *,
        active: bool = True,
    ) -> None:
        """A contact that somebody else made."""
        self._modified += 1
        self.contacts[contact_id] = StoredContact(
            id=contact_id,
            email=email,
            columns=dict(columns),
            modified=self._modified,
            active=active,
        )

    def contact_of(self, email: str) -> StoredContact | None:
        """The active contact with this address that was modified last."""
        matching = [
            contact
            for contact in self.contacts.values()
            if contact.active and canonical(contact.email) == canonical(email)
        ]
        return max(matching, key=lambda contact: contact.modified, default=None)

    def _begin(self, deadline: Deadline) -> None:
        if deadline.remaining() <= 0:
            raise TemporaryFailure("no time left")
        if self.failures:
            raise self.failures.pop(0)

    def _end(self) -> None:
        if self.lost_answers:
            self.lost_answers -= 1
            raise TemporaryFailure("no answer")

    def _check(self, contact: ContactWithConsents) -> None:
        if self.known_columns is not None and set(contact.columns) - set(self.known_columns):
            raise PermanentFailure("the environment has no such column")
        self._check_purposes(consent.purpose_id for consent in contact.consents)
        if self.known_tables is not None and contact.journey_row:
            _check_row(contact.journey_row, self.known_tables.get(contact.journey_row.entity_set))

    def _check_purposes(self, purposes: Iterable[str]) -> None:
        if self.known_purposes is not None and set(purposes) - set(self.known_purposes):
            raise PermanentFailure("the environment has no such purpose")

    def _written(self, contact: ContactWithConsents) -> WrittenContact:
        row = contact.journey_row
        if row and row.address in self.journey_rows:
            return self._written_before(contact, self.journey_rows[row.address])
        stored = self.contact_of(contact.email)
        consent_ids = tuple(self._opted_in(contact, consent) for consent in contact.consents)
        if stored is None:
            taken = contact.new_id in self.contacts
            new_id = str(uuid5(UUID(contact.new_id), "1")) if taken else contact.new_id
            self.add_contact(new_id, contact.email, contact.columns)
        else:
            new_id = stored.id
            self._modified += 1
            stored.modified = self._modified
            stored.columns.update(contact.columns)
        if row:
            self.journey_rows[row.address] = StoredJourneyRow(
                contact_id=new_id, columns=dict(row.columns)
            )
            self.journey_starts.append(new_id)
        return WrittenContact(contact_id=new_id, created=stored is None, consent_ids=consent_ids)

    def _written_before(
        self, contact: ContactWithConsents, row: StoredJourneyRow
    ) -> WrittenContact:
        keys = [_key(contact, consent) for consent in contact.consents]
        ids = tuple(self.consents[key].id for key in keys if key in self.consents)
        return WrittenContact(contact_id=row.contact_id, created=False, consent_ids=ids)

    def _opted_in(self, contact: ContactWithConsents, consent: ConsentRow) -> str:
        row = self.consents.setdefault(
            _key(contact, consent),
            StoredConsent(id=consent.new_id, opted_in=True, reason=consent.reason),
        )
        said, last = word_in(consent.reason), word_in(row.reason)
        later = (
            said
            and last
            and (last.said_at > said.said_at or (last.said_at == said.said_at and not last.yes))
        )
        if row.reason != consent.reason and not later:  # else an earlier attempt wrote it
            row.opted_in, row.reason = True, consent.reason
        return row.id

    def _has_another_topic(self, address: str, consent: EndedConsent, opt_out: OptOut) -> bool:
        ended = {one.topic_id for one in opt_out.consents if one.purpose_id == consent.purpose_id}
        return any(
            row.opted_in and topic and topic not in ended
            for (whose, purpose, topic), row in self.consents.items()
            if (whose, purpose) == (address, consent.purpose_id)
        )


def _key(contact: ContactWithConsents, consent: ConsentRow) -> ConsentKey:
    return (canonical(contact.email), consent.purpose_id, consent.topic_id)


def _says_no(row: StoredConsent, opt_out: OptOut) -> bool:
    """Make it say no, unless the person said yes since."""
    last, at = word_in(row.reason), opt_out.withdrawal.at
    if last and last.yes and last.said_at > at:
        return False
    if last and not last.yes and last.said_at >= at.replace(microsecond=0) and not row.opted_in:
        return True
    row.opted_in, row.reason = False, opt_out.reason
    row.by_one_click = opt_out.withdrawal.one_click
    return True


def _check_row(row: NewJourneyRow, table: KnownTable | None) -> None:
    if table is None:
        raise PermanentFailure(f"the environment has no table {row.entity_set}")
    if (row.key_column, row.contact) != (table.key_column, table.contact):
        raise PermanentFailure(f"table {row.entity_set}: another key or lookup")
    if set(row.columns) - set(table.columns):
        raise PermanentFailure(f"table {row.entity_set} has no such column")
