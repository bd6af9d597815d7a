"""What the PDF says at its end: what the proof rests on, how to check it, and its limits."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from cli.evidence.document import Evidence
from cli.evidence.paper import Block, Facts, Grid, Heading, Paragraph, Points
from cli.evidence.wording import Wording
from shared.values.evidence.chain import Chain
from shared.values.evidence.entry import utc_text

_RESTS = ("hash", "chain", "signature", "origin")
_CHECK = ("verify", "by_hand", "fingerprint")
_LIMITS = (
    *("person", "holder", "clock", "page", "network", "mail", "report", "linkedin"),
    "letters",
)


def grounds(evidence: Evidence, files: Mapping[str, bytes], words: Wording) -> Iterator[Block]:
    """Its blocks."""
    yield Heading(text=words("rests"), level=1)
    for name in _RESTS:
        yield Paragraph(words(f"rests.{name}"))
    yield Facts.of(
        {
            words("rests.installation"): evidence.installation.url,
            words("rests.made"): words.time(evidence.made_at),
        },
        exact={words("rests.fingerprint"): evidence.installation.fingerprint},
    )
    yield Heading(text=words("rests.files"))
    yield Grid(
        columns=(words("rests.file"), words("rests.digest")),
        widths=(70, 100),
        rows=tuple((name, sha256(content).hexdigest()) for name, content in files.items()),
        exact=frozenset({0, 1}),
    )
    chains = [one.chain for one in evidence.registrations] + [one.chain for one in evidence.erased]
    for number, chain in enumerate(chains, start=1):
        yield from _chain(number, chain, words)
    yield Heading(text=words("check"), level=1)
    yield Points(tuple(words(f"check.{name}") for name in _CHECK))
    yield Heading(text=words("limits"), level=1)
    yield Points(tuple(words(f"limits.{name}") for name in _LIMITS))


def _chain(number: int, chain: Chain, words: Wording) -> Iterator[Block]:
    yield Heading(text=words("chain", number=number))
    if not chain.entries:
        yield Paragraph(words("chain.none"))
        return
    rows = tuple(
        (
            str(place),
            words(f"chain.kind.{entry.kind}"),
            utc_text(entry.at)[:19].replace("T", " "),
            entry.hash or words("chain.no_hash"),
        )
        for place, entry in enumerate(chain.entries, start=1)
    )
    yield Grid(
        columns=tuple(words(f"chain.{name}") for name in ("number", "what", "at", "hash")),
        widths=(8, 30, 34, 98),
        rows=rows,
        exact=frozenset({3}),
    )
    yield Facts.of(
        {},
        exact={
            words("chain.previous"): chain.previous or words("chain.first"),
            words("chain.signature"): chain.signature or words("chain.no_signature"),
        },
    )
