"""The HTML part of a mail, as a tree that rules can ask."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# https://html.spec.whatwg.org/multipage/syntax.html#void-elements
_VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()  # noqa: SIM905 - a list of words
)
_BLOCK = re.compile(
    "address|article|blockquote|body|br|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr"
    "|html|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_UNSEEN = frozenset({"head", "script", "style", "template"})
_READ_ALOUD = ("alt", "title", "aria-label", "placeholder")
_EDGE = "\x1e"  # between two blocks, since a line break inside one is no more than a space


@dataclass(eq=False)
class Element:
    """A tag with its attributes (names in lower case) and what is inside it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    def walk(self) -> "Iterator[Element]":
        """This element and all inside it, in the order of the source."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def ancestors(self) -> "Iterator[Element]":
        """The elements around it, the nearest first."""
        if self.parent is not None:
            yield self.parent
            yield from self.parent.ancestors()

    @property
    def text(self) -> str:
        """The characters inside, as in the source."""
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def style(self) -> dict[str, str]:
        """The declarations of its style attribute, in lower case, without `!important`."""
        return declarations(self.attributes.get("style", ""))


@dataclass(frozen=True, kw_only=True)
class HtmlPart:
    """`comments` are the texts between `<!--` and `-->`: Outlook shows some of them."""

    root: Element
    comments: tuple[str, ...]

    def elements(self, *tags: str) -> list[Element]:
        """All elements, or those with one of the tags."""
        return [each for each in self.root.walk() if not tags or each.tag in tags]

    @property
    def style_sheets(self) -> list[str]:
        """The text of each `<style>`."""
        return [each.text for each in self.elements("style")]

    def blocks(self) -> list[str]:
        """What a person sees or is read aloud, block by block, white space collapsed."""
        aloud = [
            each.attributes[name]
            for each in self.elements()
            for name in _READ_ALOUD
            if each.attributes.get(name)
        ]
        seen = _seen_text(self.root).split(_EDGE)
        return [block for block in map(collapsed, [*seen, *aloud]) if block]


def parse_html(html: str) -> HtmlPart:
    """The tree of a document. What is not closed ends with its parent, as in a browser."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return HtmlPart(root=builder.root, comments=tuple(builder.comments))


def declarations(style: str) -> dict[str, str]:
    """CSS declarations by property; the last one counts."""
    found = {}
    for part in style.lower().split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def collapsed(text: str) -> str:
    """With every run of white space as one space, as HTML shows it."""
    return " ".join(text.split())


def _seen_text(element: Element) -> str:
    if element.tag in _UNSEEN:
        return ""
    edge = _EDGE if _BLOCK.fullmatch(element.tag) else ""
    parts = (each if isinstance(each, str) else _seen_text(each) for each in element.children)
    return edge + "".join(parts) + edge


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element(tag="", attributes={})
        self.comments: list[str] = []
        self._open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes: dict[str, str] = {}
        for name, value in attrs:
            attributes.setdefault(name, value or "")  # of two with a name the first counts
        element = Element(tag=tag, attributes=attributes, parent=self._open)
        self._open.children.append(element)
        if tag not in _VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for element in (self._open, *self._open.ancestors()):
            if element.tag == tag and element.parent is not None:
                self._open = element.parent
                return

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def unknown_decl(self, data: str) -> None:
        """`<![if …]>` of Outlook: what is inside is seen by every program."""
        self.comments.append(re.sub(r"^if.*|^endif.*", "", data))
