"""Compares what a bundle shows with what its chain has sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cli.evidence.document import MailShown, RegistrationShown, WithdrawalShown
from shared.values.evidence.entry import Entry, EntryKind, Facts, utc_text
from shared.values.evidence.facts import (
    ORIGIN,
    SALT,
    asked_facts,
    confirmed_facts,
    mailed_facts,
    opted_out_facts,
    reported_facts,
    triggered_facts,
    withdrawn_facts,
    written_facts,
)
from shared.values.record import MOST_WITHDRAWALS

# What sealing adds to the facts of the record.
_ADDED = frozenset({SALT, ORIGIN})


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A thing that the bundle shows: what an entry about it has to say, and when it was."""

    kind: EntryKind
    at: datetime
    facts: Facts

    def is_said_by(self, entry: Entry) -> bool:
        """Whether that entry has sealed exactly this."""
        if entry.kind is not self.kind or entry.at != self.at or entry.facts is None:
            return False
        return {k: v for k, v in entry.facts.items() if k not in _ADDED} == self.facts


def shown_things(one: RegistrationShown) -> Iterator[Shown]:
    """Everything shown that an entry has to prove."""
    asked = asked_facts(one.registration_id, one)
    yield Shown(kind=EntryKind.ASKED, at=one.asked_at, facts=asked)
    for mail in one.mails:
        yield from _mail(mail)
    if confirmed := one.confirmation:
        facts = confirmed_facts(confirmed.note)
        yield Shown(kind=EntryKind.CONFIRMED, at=confirmed.at, facts=facts)
    if done := one.hand_over:
        facts = written_facts(done.note)
        yield Shown(kind=EntryKind.WRITTEN, at=done.written_at, facts=facts)
        if done.triggered_at:
            facts = triggered_facts(done.note)
            yield Shown(kind=EntryKind.TRIGGERED, at=done.triggered_at, facts=facts)
    for withdrawal in one.withdrawals:
        yield from _withdrawal(withdrawal)


def _mail(mail: MailShown) -> Iterator[Shown]:
    if mail.sent_at:
        yield Shown(kind=EntryKind.MAILED, at=mail.sent_at, facts=mailed_facts(mail.note))
    if mail.report and mail.reported_at:
        facts = reported_facts(mail.number, mail.report)
        yield Shown(kind=EntryKind.REPORTED, at=mail.reported_at, facts=facts)


def _withdrawal(one: WithdrawalShown) -> Iterator[Shown]:
    yield Shown(kind=EntryKind.WITHDRAWN, at=one.at, facts=withdrawn_facts(one.note))
    if one.opted_out_at:
        facts = opted_out_facts(one.at, one.consent_ids)
        yield Shown(kind=EntryKind.OPTED_OUT, at=one.opted_out_at, facts=facts)


def not_shown(entry: Entry, things: list[Shown], one: RegistrationShown) -> str | None:
    """Why what the entry says is not what the bundle shows; None when it is."""
    if entry.facts is None:
        return "it has no facts, though the registration was not erased"
    if any(thing.is_said_by(entry) for thing in things) or _may_be_left_out(entry, one):
        return None
    if any(thing.kind is entry.kind for thing in things):
        return "evidence.json shows something else than this entry has sealed"
    return "evidence.json does not show what this entry has sealed"


def _may_be_left_out(entry: Entry, one: RegistrationShown) -> bool:
    """The record keeps the latest report of each mail, and the latest withdrawals only."""
    facts = entry.facts or {}
    match entry.kind:
        case EntryKind.REPORTED:
            mail = next((mail for mail in one.mails if mail.number == facts.get("number")), None)
            return bool(mail and mail.reported_at and mail.reported_at > entry.at)
        case EntryKind.WITHDRAWN:
            return _is_crowded_out(utc_text(entry.at), one)
        case EntryKind.OPTED_OUT:
            return _is_crowded_out(str(facts.get("withdrawnAt")), one)
        case _:
            return False


def _is_crowded_out(withdrawn_at: str, one: RegistrationShown) -> bool:
    known = {utc_text(each.at) for each in one.withdrawals}
    return len(known) >= MOST_WITHDRAWALS and withdrawn_at not in known


def unproven(things: list[Shown], one: RegistrationShown) -> list[Shown]:
    """What is shown, and should be in the chain, but is not.

    A chain that does not begin with `asked` is of a record that is older than chains: what was
    before its first entry stands there without a proof.
    """
    entries = one.chain.entries
    begins = None if one.chain.asked else entries[0].at if entries else None
    if not entries:
        return []
    return [
        thing
        for thing in things
        if not any(thing.is_said_by(entry) for entry in entries)
        and (begins is None or thing.at >= begins)
    ]
