"""Gathers what is stored about an address into a bundle's files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.evidence.document import (
    FORMAT,
    VERSION,
    Evidence,
    Installation,
)
from cli.evidence.drawn import Draw, drawn, drawn_with
from cli.evidence.manifest import EVIDENCE, MANIFEST, PAPER, Manifest
from cli.evidence.public_key import pem_of
from cli.evidence.shown_registration import mail_file, shown_erased, shown_registration
from cli.evidence.wording import Language
from shared.values.erased import address_digest
from shared.values.evidence.signing import SigningKey
from shared.values.kept_mail import MailNotKept
from shared.values.mailbox import canonical, mailbox_key

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.erased import ErasureProof
    from shared.values.record import Record


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """The files by their names, what they say, and which mails could not be written once more."""

    files: Mapping[str, bytes]
    evidence: Evidence
    lost: tuple[str, ...]


def gather(
    address: str, language: Language, outside: "Outside", draw: Draw = drawn
) -> Bundle | None:
    """Everything about this very address, oldest first; None where there is nothing.

    Raises TemporaryFailure.
    """
    stored = outside.records.in_mailbox(mailbox_key(address, outside.rules.pepper))
    own = (each.value for each in stored if canonical(each.value.email) == canonical(address))
    records = sorted(own, key=lambda record: (record.asked_at, record.registration_id))
    erased = tuple(map(shown_erased, _proofs(address, outside)))
    if not records and not erased:
        return None
    key = SigningKey(outside.rules.pepper)
    mails, lost = _mails(records, outside)
    evidence = Evidence(
        format=FORMAT,
        version=VERSION,
        made_at=outside.now().replace(microsecond=0),
        made_with=drawn_with(),
        language=language,
        address=records[-1].email if records else address,
        installation=Installation(
            url=outside.rules.public_url,
            public_key=pem_of(key.public_key),
            fingerprint=key.key_id,
        ),
        registrations=tuple(shown_registration(record, mails, outside) for record in records),
        erased=erased,
    )
    files = {EVIDENCE: evidence.to_bytes(), **mails}
    files[PAPER] = draw(evidence, files)
    files[MANIFEST] = Manifest.of(files, key).to_bytes()
    return Bundle(files=files, evidence=evidence, lost=lost)


def _proofs(address: str, outside: "Outside") -> "list[ErasureProof]":
    """What is left of the registrations of this very address that were erased, oldest first."""
    pepper = outside.rules.pepper
    stored = outside.records.proofs(mailbox_key(address, pepper))
    digest = address_digest(address, pepper)
    own = (each.value for each in stored if each.value.address == digest)
    return sorted(own, key=lambda proof: (proof.asked_at, proof.registration_id))


def _mails(records: "list[Record]", outside: "Outside") -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Those that can be written once more, by the names of their files; and why others cannot."""
    mails: dict[str, bytes] = {}
    lost = []
    for record in records:
        for note in record.mails:
            if note.sent_at is None:
                continue
            try:
                mails[mail_file(record, note)] = outside.kept_mails.rebuild(record, note.number)
            except MailNotKept as reason:
                lost.append(f"{record.registration_id}: {reason}")
    return mails, tuple(lost)
