"""A part of the report: what one benchmark has to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.finding import Finding


@dataclass(frozen=True, kw_only=True)
class Section:
    """`text` is Markdown without its heading; `plots` are SVG by file name."""

    title: str
    text: str
    plots: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()


def paragraphs(*parts: str) -> str:
    """Paragraphs, tables and pictures, with an empty line between them."""
    return "\n\n".join(part.strip() for part in parts if part.strip())


def demoted(report: str) -> Section:
    """A report of its own as a section: its heading becomes the title, the others go one down."""
    heading, _, text = report.partition("\n")
    lines = (f"#{line}" if line.startswith("#") else line for line in text.splitlines())
    return Section(title=heading.removeprefix("# "), text="\n".join(lines))
