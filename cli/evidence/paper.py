"""What stands on paper, one block under the other: the words, not how they are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Of a part (level 1) or of a section in it (level 2)."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list whose order says nothing."""

    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of a form: a label and what stands beside it. `exact`: letter by letter."""

    label: str
    value: str
    exact: bool = False


@dataclass(frozen=True)
class Facts:
    """Lines of a form."""

    rows: tuple[Fact, ...]

    @classmethod
    def of(
        cls, plain: Mapping[str, str | None], *, exact: Mapping[str, str | None] | None = None
    ) -> Self:
        """Values by their labels, without those that are not there; then those to be exact."""
        rows = [(plain, False), (exact or {}, True)]
        return cls(
            tuple(
                Fact(label=label, value=value, exact=is_exact)
                for part, is_exact in rows
                for label, value in part.items()
                if value
            )
        )


@dataclass(frozen=True)
class Quote:
    """Somebody else's words, exactly as they were. `exact`: with every letter as wide."""

    text: str
    exact: bool = False


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table. `widths` are shares of the line; columns in `exact` are set letter by letter."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    exact: frozenset[int] = frozenset()


Block = Heading | Paragraph | Points | Facts | Quote | Grid


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A whole document. `page` takes {page} and {pages}; `language` is a BCP 47 tag."""

    title: str
    subtitle: str
    footer: str
    page: str
    language: str
    blocks: tuple[Block, ...]


def words_of(paper: Paper) -> str:
    """All of its text, a line for each piece."""
    return "\n".join([paper.title, paper.subtitle, *map(_words, paper.blocks)])


def _words(block: Block) -> str:
    match block:
        case Facts(rows):
            return "\n".join(f"{row.label}\n{row.value}" for row in rows)
        case Points(texts):
            return "\n".join(texts)
        case Grid(columns=columns, rows=rows):
            return "\n".join("\n".join(row) for row in (columns, *rows))
        case Heading(text=text) | Paragraph(text=text) | Quote(text=text):
            return text
