"""What `doi verify` finds in files."""

from collections.abc import Mapping

from cli.evidence.check import Check, Outcome
from cli.evidence.document import Evidence
from cli.evidence.drawn import Draw, paper_of
from cli.evidence.manifest import MANIFEST, Manifest
from cli.evidence.paper import words_of
from cli.evidence.verification import Expected, verify
from shared.values.evidence.signing import SigningKey
from tests.examples import PEPPER

KEY = SigningKey(PEPPER)
OTHER_KEY = SigningKey("the pepper of somebody else, 32 bytes long")
OURS = Expected(fingerprint=KEY.key_id, source="a letter")


def words(evidence: Evidence, files: Mapping[str, bytes]) -> bytes:
    """What stands in the PDF, without drawing it, which takes a second."""
    return words_of(paper_of(evidence, files)).encode()


def checks_of(
    files: Mapping[str, bytes], expected: Expected | None = OURS, draw: Draw = words
) -> list[Check]:
    return list(verify(files, expected, draw))


def broken(
    files: Mapping[str, bytes], expected: Expected | None = OURS, draw: Draw = words
) -> list[Check]:
    """Those that do not hold."""
    return [check for check in checks_of(files, expected, draw) if check.outcome is Outcome.BROKEN]


def first_broken(
    files: Mapping[str, bytes], expected: Expected | None = OURS, draw: Draw = words
) -> str:
    """Which check fails first, and how; looks no further. Empty where all holds."""
    return next(
        (
            f"{check.about}, {check.what}: {check.found}"
            for check in verify(files, expected, draw)
            if check.outcome is Outcome.BROKEN
        ),
        "",
    )


def with_file(files: Mapping[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """Changed, and the manifest left as it was."""
    return {**files, name: content}


def signed_again(files: Mapping[str, bytes], key: SigningKey = KEY) -> dict[str, bytes]:
    """With a manifest of these very files, as who has this key could make it."""
    listed = {name: content for name, content in files.items() if name != MANIFEST}
    return {**listed, MANIFEST: Manifest.of(listed, key).to_bytes()}
