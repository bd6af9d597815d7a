"""Checks one registration of a bundle against its chain."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from cli.evidence.check import Check, Subject
from cli.evidence.document import MailShown, OriginShown, RegistrationShown
from cli.evidence.public_key import bytes_of, is_as_written, signs
from cli.evidence.readable_mail import ReadableMail
from cli.evidence.sealed_facts import not_shown, shown_things, unproven
from shared.values.consent_text import version_of
from shared.values.evidence.chain import Chain, broken_link
from shared.values.evidence.facts import ORIGIN
from shared.values.evidence.origin import Origin, sealed_digest
from shared.values.evidence.origin_sealing import OriginDamaged, open_origin
from shared.values.evidence.record_origins import origin_name
from shared.values.evidence.signing import key_id_of


def registration_checks(
    one: RegistrationShown, files: Mapping[str, bytes], public_key: bytes
) -> Iterator[Check]:
    """All of them; `files` are those of the bundle."""
    subject = Subject(one.registration_id)
    yield from chain_checks(subject, one.registration_id, one.chain, public_key)
    yield from _entries(subject, one)
    yield from _texts(subject, one)
    for mail in one.mails:
        yield _mail(subject, mail, files)
    yield from _origins(subject, one)


def chain_checks(
    subject: Subject, registration_id: str, chain: Chain, public_key: bytes
) -> Iterator[Check]:
    """Its links, and the signature of its last entry."""
    if not chain.entries:
        yield subject.unknown("chain", "the registration is older than chains: nothing is sealed")
        return
    link = broken_link(chain)
    fault = f"entry {link.number} ({link.kind}): {link.reason}" if link else None
    yield subject.either(
        "chain", fault, f"{len(chain.entries)} entries, each bound to the one before"
    )
    yield subject.either(
        "signature",
        _signature_fault(registration_id, chain, public_key),
        f"of the last entry, by {chain.signed_by}",
    )


def _signature_fault(registration_id: str, chain: Chain, public_key: bytes) -> str | None:
    if chain.signature is None:
        return "the chain is not signed"
    if chain.signed_by != key_id_of(public_key):
        return f"the chain is signed by another installation, {chain.signed_by}"
    if not signs(chain.signature, chain.statement(registration_id), public_key):
        return "it is not of this chain: entries are missing at its end, or were changed"
    return None


def _entries(subject: Subject, one: RegistrationShown) -> Iterator[Check]:
    things = list(shown_things(one))
    for number, entry in enumerate(one.chain.entries, start=1):
        what = f"entry {number} ({entry.kind})"
        yield subject.either(what, not_shown(entry, things, one), "seals what is shown")
    for thing in unproven(things, one):
        yield subject.broken(f"{thing.kind}", "is shown, but no entry of the chain says so")
    if one.chain.entries and one.chain.asked is None:
        yield subject.unknown(
            "entries before", "the registration is older than chains: its beginning is not sealed"
        )


def _texts(subject: Subject, one: RegistrationShown) -> Iterator[Check]:
    for consent in one.consents:
        changed = version_of(consent.text) != consent.version
        fault = "the text does not have the SHA-256 of its version" if changed else None
        yield subject.either(f"text of {consent.id}", fault, "is that of its version")


def _mail(subject: Subject, mail: MailShown, files: Mapping[str, bytes]) -> Check:
    what = f"mail {mail.number}"
    if mail.file is None:
        return subject.unknown(what, "its bytes are not in the bundle: they cannot be rebuilt")
    content = files.get(mail.file)
    if content is None:
        return subject.broken(what, f"{mail.file} is missing")
    fault = None
    if mail.mime_digest != sha256(content).hexdigest():
        fault = f"{mail.file} is not the mail whose SHA-256 the entry has"
    elif mail.subject != ReadableMail.of(content).subject:
        fault = "the subject is not that of the mail"
    return subject.either(what, fault, f"{mail.file} has the SHA-256 that was sealed")


def _origins(subject: Subject, one: RegistrationShown) -> Iterator[Check]:
    sealed = {
        origin_name(entry): entry.facts[ORIGIN]
        for entry in one.chain.entries
        if entry.facts and ORIGIN in entry.facts
    }
    for name in sorted({*sealed, *one.origins}, key=str):
        what, shown = f"origin {name}", one.origins.get(name or "")
        if shown is None:
            yield subject.broken(what, "is sealed in the chain, but not in evidence.json")
        elif name in sealed and sealed[name] != sealed_digest(shown.sealed):
            yield subject.broken(what, "is not the one that the entry has sealed")
        elif name not in sealed and one.chain.asked:
            yield subject.broken(what, "is shown, but no entry of the chain has sealed it")
        else:
            yield _opened(subject, what, name or "", shown)


def _opened(subject: Subject, what: str, name: str, shown: OriginShown) -> Check:
    plain = Origin(address=shown.address, user_agent=shown.user_agent)
    if shown.key is None:
        fault = "is shown, though there is no key to open it" if plain.is_known else None
        return subject.broken(what, fault) if fault else subject.unknown(what, "cannot be opened")
    try:
        opened = open_origin(name, shown.sealed, bytes_of(shown.key))
    except OriginDamaged:
        return subject.broken(what, "does not open with the key beside it")
    same = opened == plain and is_as_written(shown.key)
    fault = None if same else "opens to something else than is shown"
    return subject.either(what, fault, "opens to what is shown")
