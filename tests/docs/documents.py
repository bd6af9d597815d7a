"""The documents, and what stands in them: headings, links, code."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.examples import ROOT

_FENCE = re.compile(r"^ *```(?P<language>\w*)\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:^(?: {4,}\S.*)?\n)+", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Block:
    """Code that stands by itself; `language` is empty where none is named."""

    language: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A Markdown file of the repository; `name` is its path from the root."""

    name: str
    text: str

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Fenced code and, outside of lists, indented code."""
        fenced = [
            Block(language=found["language"], code=found["code"])
            for found in _FENCE.finditer(self.text)
        ]
        rest = _FENCE.sub("", self.text)
        indented = [
            Block(language="", code=found.group())
            for found in _INDENTED.finditer(rest)
            if found.group().strip()
        ]
        return (*fenced, *indented)

    @cached_property
    def prose(self) -> str:
        """Without code that stands by itself."""
        return _INDENTED.sub("\n", _FENCE.sub("", self.text))

    @cached_property
    def inline_code(self) -> tuple[str, ...]:
        """What stands between backticks; also where a line break came into it."""
        return tuple(_INLINE.findall(re.sub(r"(?<=\S)\n *(?=\S)", " ", self.prose)))

    @cached_property
    def links(self) -> tuple[str, ...]:
        return tuple(_LINK.findall(self.prose))

    @cached_property
    def anchors(self) -> frozenset[str]:
        """As GitHub makes them of headings."""
        seen: Counter[str] = Counter()
        found = set()
        for heading in _HEADING.findall(_FENCE.sub("", self.text)):
            words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
            slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
        return frozenset(found)


def document(path: Path) -> Document:
    return Document(name=path.relative_to(ROOT).as_posix(), text=path.read_text(encoding="utf-8"))


def documents() -> Iterator[Document]:
    """README.md and everything in docs/."""
    yield document(ROOT / "README.md")
    for path in sorted((ROOT / "docs").glob("*.md")):
        yield document(path)


ALL = {each.name: each for each in documents()}
