"""Whether a bundle is what an installation has made: nothing missing, nothing changed.

Asks nothing outside, and needs no setting.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from cli.evidence.check import Check, Subject
from cli.evidence.document import FORMAT as EVIDENCE_FORMAT
from cli.evidence.document import VERSION as EVIDENCE_VERSION
from cli.evidence.document import ErasedShown, Evidence
from cli.evidence.drawn import Draw, drawn, drawn_with
from cli.evidence.manifest import (
    EVIDENCE,
    FORMAT,
    MANIFEST,
    PAPER,
    VERSION,
    Manifest,
    signed_text,
)
from cli.evidence.public_key import key_in, signs
from cli.evidence.reading import read_document
from cli.evidence.registration_checks import chain_checks, registration_checks
from shared.values.evidence.entry import EntryKind
from shared.values.evidence.signing import key_id_of
from shared.values.mailbox import canonical


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Whose bundle it should be: the fingerprint of a key, and where that was said."""

    fingerprint: str
    source: str


def verify(
    files: Mapping[str, bytes], expected: Expected | None, draw: Draw = drawn
) -> Iterator[Check]:
    """All checks, the first that is broken first of all that build on it.

    `files` are those of the folder by their names. Ends early where nothing more can be told.
    Raises UnknownVersion.
    """
    manifest, checks = read_document(files, MANIFEST, Manifest, FORMAT, VERSION)
    yield from checks
    if manifest is None:
        return
    key, checks = _signer(manifest)
    yield from checks
    if key is None:
        return
    yield _installation(key_id_of(key), expected)
    yield from _files(manifest, files)
    evidence, checks = read_document(files, EVIDENCE, Evidence, EVIDENCE_FORMAT, EVIDENCE_VERSION)
    yield from checks
    if evidence is None:
        return
    try:
        yield from _said(evidence, manifest, files, key)
        if PAPER in files:
            yield _paper(evidence, files, draw)
    except OverflowError:
        yield Subject(EVIDENCE).broken("content", "has a time that UTC has no year for")


def _said(
    evidence: Evidence, manifest: Manifest, files: Mapping[str, bytes], key: bytes
) -> Iterator[Check]:
    yield from _whole(evidence, manifest)
    for one in evidence.registrations:
        yield from registration_checks(one, files, key)
    for erased in evidence.erased:
        yield from _erased(erased, key)


def _signer(manifest: Manifest) -> tuple[bytes | None, list[Check]]:
    subject = Subject(MANIFEST)
    try:
        key = key_in(manifest.public_key)
    except ValueError as error:
        return None, [subject.broken("public key", f"cannot be read: {error}")]
    if key_id_of(key) != manifest.fingerprint:
        return None, [subject.broken("fingerprint", "is not that of the public key")]
    signed = signs(manifest.signature, signed_text(manifest.files), key)
    fault = None if signed else "does not fit: the list of files or the key was changed"
    return key, [subject.either("signature", fault, "the list of files is signed")]


def _installation(fingerprint: str, expected: Expected | None) -> Check:
    subject = Subject("installation")
    if expected is None:
        return subject.unknown(
            "key",
            f"{fingerprint} is the bundle's own: compare it with what the company says elsewhere",
        )
    if fingerprint != expected.fingerprint:
        return subject.broken(
            "key",
            f"the bundle is from another installation: {fingerprint}; {expected.source} has "
            f"{expected.fingerprint}",
        )
    return subject.holds("key", f"{fingerprint}, as {expected.source} says")


def _files(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[Check]:
    for name in (EVIDENCE, PAPER):
        if name not in manifest.files:
            yield Subject(name).broken("file", "is not in the list of files")
    for name, digest in sorted(manifest.files.items()):
        if name not in files:
            yield Subject(name).broken("file", "is missing")
            continue
        changed = sha256(files[name]).hexdigest() != digest
        fault = "was changed: its SHA-256 is another" if changed else None
        yield Subject(name).either("file", fault, "unchanged")
    for name in sorted(set(files) - set(manifest.files) - {MANIFEST}):
        yield Subject(name).unknown("file", "is not of this bundle; nothing is known of it")


def _whole(evidence: Evidence, manifest: Manifest) -> Iterator[Check]:
    """What binds the parts of evidence.json together."""
    subject = Subject(EVIDENCE)
    said = evidence.installation
    same = (said.public_key, said.fingerprint) == (manifest.public_key, manifest.fingerprint)
    yield subject.either("key", None if same else "is not that of manifest.json", "as in manifest")
    others = [
        one.registration_id
        for one in evidence.registrations
        if canonical(one.email) != canonical(evidence.address)
    ]
    fault = f"is not that of {', '.join(others)}" if others else None
    yield subject.either("address", fault, "is that of each registration")
    ids = [one.registration_id for one in evidence.registrations]
    ids += [one.registration_id for one in evidence.erased]
    counts = Counter(ids)
    twice = [each for each, count in counts.items() if count > 1]
    if twice:
        yield subject.broken("registrations", f"stand there twice: {', '.join(twice)}")
    mentioned = {mail.file for one in evidence.registrations for mail in one.mails if mail.file}
    if stray := sorted(set(manifest.files) - mentioned - {EVIDENCE, PAPER}):
        yield subject.broken("files", f"of no registration: {', '.join(stray)}")


def _erased(one: ErasedShown, key: bytes) -> Iterator[Check]:
    subject = Subject(one.registration_id)
    yield from chain_checks(subject, one.registration_id, one.chain, key)
    times = {entry.kind: entry.at for entry in reversed(one.chain.entries)}
    for kind, at in ((EntryKind.ASKED, one.asked_at), (EntryKind.CONFIRMED, one.confirmed_at)):
        if one.chain.asked and times.get(kind) != at:
            yield subject.broken(kind, "the time shown is not that of the chain")
    if any(entry.facts for entry in one.chain.entries):
        yield subject.broken("entries", "have facts, though the registration was erased")


def _paper(evidence: Evidence, files: Mapping[str, bytes], draw: Draw) -> Check:
    """Drawn once more, and compared: where the same programs are at hand."""
    subject, what = Subject(PAPER), "what it says"
    if evidence.made_with != drawn_with():
        return subject.unknown(
            what,
            f"not compared with {EVIDENCE}: it was drawn with {evidence.made_with}, and here is "
            f"{drawn_with()}",
        )
    try:
        same = draw(evidence, files) == files[PAPER]
    except LookupError:  # a mail is missing, which was said before
        return subject.unknown(what, f"cannot be compared with {EVIDENCE}: a mail is missing")
    fault = None if same else f"is not what {EVIDENCE} says"
    return subject.either(what, fault, f"what {EVIDENCE} says, letter by letter")
