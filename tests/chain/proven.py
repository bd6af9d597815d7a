"""That a record's chain says what the record says: nothing more, nothing less, nothing changed."""

from collections import Counter
from collections.abc import Iterable

from shared.values.evidence import facts as made
from shared.values.evidence.chain import broken_link
from shared.values.evidence.entry import Entry, EntryKind, Facts
from shared.values.evidence.facts import ORIGIN, SALT
from shared.values.evidence.origin import sealed_digest
from shared.values.evidence.record_origins import origin_name
from shared.values.evidence.signing import is_chain_signed
from shared.values.record import Record
from tests.fakes.outside import SIGNING_KEY

_SEALED_WITH = frozenset({SALT, ORIGIN})


def assert_proven(record: Record) -> None:
    """Of a record as it stands in the table, or as it was read."""
    chain = record.chain
    assert broken_link(chain) is None
    assert chain.entries
    assert is_chain_signed(chain, record.registration_id, SIGNING_KEY.public_key)
    assert chain.signed_by == SIGNING_KEY.key_id
    assert _told(chain.entries) == _expected(record)
    for entry in chain.entries:
        sealed = record.origins.get(origin_name(entry) or "")
        assert entry.facts is not None
        assert entry.facts.get(ORIGIN) == (sealed_digest(sealed) if sealed else None)
    salts = [entry.facts[SALT] for entry in chain.entries if entry.facts]
    assert len(set(salts)) == len(salts)


def kinds(record: Record) -> list[str]:
    """What happened, oldest first."""
    return [entry.kind.value for entry in record.chain.entries]


def assert_linear(records: Iterable[Record]) -> None:
    """No two registrations of a mailbox build on the same one before."""
    previous = [record.chain.previous for record in records]
    assert len(set(previous)) == len(previous)


def _told(entries: Iterable[Entry]) -> Counter[str]:
    return Counter(
        _line(entry.kind, {n: f for n, f in (entry.facts or {}).items() if n not in _SEALED_WITH})
        for entry in entries
    )


def _expected(record: Record) -> Counter[str]:
    lines = [_line(EntryKind.ASKED, made.asked_facts(record.registration_id, record))]
    for mail in record.mails:
        if mail.sent_at:
            lines.append(_line(EntryKind.MAILED, made.mailed_facts(mail)))
        if mail.report:
            lines.append(_line(EntryKind.REPORTED, made.reported_facts(mail.number, mail.report)))
    if record.click:
        lines.append(_line(EntryKind.CONFIRMED, made.confirmed_facts(record.click)))
    if record.promotion:
        lines.append(_line(EntryKind.WRITTEN, made.written_facts(record.promotion)))
    if record.promotion and record.promotion.triggered_at:
        lines.append(_line(EntryKind.TRIGGERED, made.triggered_facts(record.promotion)))
    for note in record.withdrawals:
        lines.append(_line(EntryKind.WITHDRAWN, made.withdrawn_facts(note)))
        if note.opted_out_at:
            known = made.opted_out_facts(note.at, note.consent_ids)
            lines.append(_line(EntryKind.OPTED_OUT, known))
    return Counter(lines)


def _line(kind: EntryKind, facts: Facts) -> str:
    return f"{kind.value} {sorted(facts.items())}"
