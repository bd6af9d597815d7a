"""Compares contacts, consents, triggers and mails with the confirmations, one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.chaos.broken import Broken, Promise
from local.chaos.forms import BY_ROW
from shared.values.link_view import LinkState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from local.chaos.aftermath import Aftermath
    from local.chaos.experience import Experience
    from local.chaos.sign_ups import ConsentKey, SignUp
    from local.chaos.simulator import Fired


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """Registrations by id that were confirmed, by the page shown or by the click in the record."""

    registrations: Mapping[str, SignUp]

    @property
    def consents(self) -> dict[str, set[ConsentKey]]:
        """What Dataverse has to hold for each address."""
        wanted: defaultdict[str, set[ConsentKey]] = defaultdict(set)
        for sign_up in self.registrations.values():
            wanted[sign_up.email] |= sign_up.consents
        return dict(wanted)


def confirmed_in(experiences: Mapping[SignUp, Experience], aftermath: Aftermath) -> Confirmed:
    found: dict[str, SignUp] = {}
    for sign_up, seen in experiences.items():
        registration_id = seen.registration_id
        record = aftermath.records.get(registration_id) if registration_id else None
        clicked = record is not None and record.clicked
        if registration_id and (LinkState.CONFIRMED in seen.pages or clicked):
            found[registration_id] = sign_up
    return Confirmed(registrations=found)


def broken_effects(
    experiences: Mapping[SignUp, Experience], aftermath: Aftermath
) -> Iterator[Broken]:
    """Everything that is missing, doubled, or should not be there."""
    confirmed = confirmed_in(experiences, aftermath)
    yield from _contacts(confirmed, aftermath)
    yield from _consents(confirmed, aftermath)
    yield from _journeys(confirmed, aftermath)
    yield from _mails(experiences, aftermath)
    yield from _repeated_after_the_note(aftermath)
    if aftermath.naming_lines:
        yield Broken(
            promise=Promise.NAMELESS,
            about="the app's log",
            reason=f"names people in {aftermath.naming_lines} lines",
        )


def _contacts(confirmed: Confirmed, aftermath: Aftermath) -> Iterator[Broken]:
    counts = Counter(contact.address for contact in aftermath.stored.contacts)
    for address in confirmed.consents:
        if counts[address] != 1:
            yield Broken(
                promise=Promise.ONCE, about=address, reason=f"has {counts[address]} contacts"
            )
    for address in counts.keys() - confirmed.consents.keys():
        yield _unconfirmed(address, "has a contact, but nobody confirmed")


def _consents(confirmed: Confirmed, aftermath: Aftermath) -> Iterator[Broken]:
    counts = Counter((consent.address, consent.key) for consent in aftermath.stored.consents)
    wanted = {(address, key) for address, keys in confirmed.consents.items() for key in keys}
    for address, key in wanted:
        if (count := counts[address, key]) != 1:
            yield Broken(
                promise=Promise.ONCE, about=address, reason=f"has {count} rows for consent {key}"
            )
    for address, key in counts.keys() - wanted:
        yield _unconfirmed(address, f"has the consent {key}, which nobody gave")


def _journeys(confirmed: Confirmed, aftermath: Aftermath) -> Iterator[Broken]:
    """A trigger fires at least once; a row starts its journey exactly once."""
    contact_of = {contact.address: contact.id for contact in aftermath.stored.contacts}
    triggers = _contacts_by_registration(aftermath.stored.triggers)
    journeys = _contacts_by_registration(aftermath.stored.journeys)
    for registration_id, sign_up in confirmed.registrations.items():
        fired, started = triggers.pop(registration_id, []), journeys.pop(registration_id, [])
        by_row, own = sign_up.form == BY_ROW, contact_of.get(sign_up.email)
        if set(fired) != (set() if by_row else {own}):
            reason = f"fired triggers for the contacts {fired}, though the person's own is {own}"
            yield Broken(promise=Promise.ONCE, about=registration_id, reason=reason)
        if started != ([own] if by_row else []):
            reason = f"started journeys by row for {started}, though the person's own is {own}"
            yield Broken(promise=Promise.ONCE, about=registration_id, reason=reason)
    for registration_id in triggers.keys() | journeys.keys():
        yield _unconfirmed(registration_id, "started a journey, but was not confirmed")


def _contacts_by_registration(fired: Iterable[Fired]) -> dict[str, list[str]]:
    contacts: defaultdict[str, list[str]] = defaultdict(list)
    for each in fired:
        contacts[each.registration_id].append(each.contact_id)
    return dict(contacts)


def _mails(experiences: Mapping[SignUp, Experience], aftermath: Aftermath) -> Iterator[Broken]:
    mailed = {mail.registration_id for mail in aftermath.mails}
    for sign_up, seen in experiences.items():
        registration_id = seen.registration_id
        record = aftermath.records.get(registration_id) if registration_id else None
        if (
            registration_id
            and record
            and registration_id not in mailed
            and record.status != "failed"
        ):
            reason = f"is {record.status}, but no mail reached sign-up {sign_up.number}"
            yield Broken(promise=Promise.KEPT, about=registration_id, reason=reason)
    for registration_id in mailed - {seen.registration_id for seen in experiences.values()}:
        yield _unconfirmed(registration_id, "was mailed, but the website never heard of it")


def _repeated_after_the_note(aftermath: Aftermath) -> Iterator[Broken]:
    """A second mail or trigger is excused only as long as nobody could note the first one."""
    for noted, count in aftermath.noted.items():
        if count > 1:
            what = f"{noted.event} {noted.mail_number or ''}".strip()
            yield Broken(
                promise=Promise.ONCE,
                about=noted.registration_id,
                reason=f"was noted as '{what}' {count} times",
            )


def _unconfirmed(about: str, reason: str) -> Broken:
    return Broken(promise=Promise.UNCONFIRMED, about=about, reason=reason)
