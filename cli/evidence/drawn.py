"""evidence.pdf from evidence.json and the mails: always the same, so that it can be compared."""

import unicodedata
import zlib
from collections.abc import Callable, Mapping
from importlib.metadata import version

from cli.evidence.account import account_of
from cli.evidence.document import Evidence
from cli.evidence.manifest import EVIDENCE
from cli.evidence.paper import Paper
from cli.evidence.pdf import pdf_of

Draw = Callable[[Evidence, Mapping[str, bytes]], bytes]

# Whoever changes what is written, or where it stands, gives it the next number.
LAYOUT = 1
_DRAWN_BY = ("fpdf2", "fonttools", "uharfbuzz", "weblate-fonts", "babel")


def drawn(evidence: Evidence, files: Mapping[str, bytes]) -> bytes:
    """The PDF. `files` has evidence.json and the mails. Raises LookupError for one missing."""
    return pdf_of(paper_of(evidence, files), evidence.made_at)


def paper_of(evidence: Evidence, files: Mapping[str, bytes]) -> Paper:
    """What it says. Raises LookupError likewise."""
    mails = [mail.file for one in evidence.registrations for mail in one.mails if mail.file]
    beside = {name: files[name] for name in (EVIDENCE, *mails)}
    return account_of(evidence, beside)


def drawn_with() -> str:
    """Everything that the bytes of the PDF depend on, such as "layout 1, fpdf2 2.8.9, …"."""
    programs = [f"{name} {version(name)}" for name in _DRAWN_BY]
    built_in = [f"Unicode {unicodedata.unidata_version}", f"zlib {zlib.ZLIB_RUNTIME_VERSION}"]
    return ", ".join([f"layout {LAYOUT}", *programs, *built_in])
