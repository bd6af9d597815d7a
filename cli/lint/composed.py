"""A confirmation mail as the app composes it, and what a rule says about it."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum

from cli.lint.html_part import HtmlPart, collapsed, parse_html
from cli.lint.links import Link, links_in_html, links_in_text
from cli.lint.words import Words
from shared.texts.catalogue import MailText
from shared.values.form import Form
from shared.values.mail import Mail
from shared.values.record import Record
from shared.values.record_notes import MailKind


class Part(StrEnum):
    """Where in the mail something stands."""

    SUBJECT = "subject"
    SENDER = "sender"
    TEXT = "text part"
    HTML = "HTML part"
    HEADERS = "headers"


@dataclass(frozen=True, kw_only=True)
class Hit:
    """What a rule found: the part, the piece of it, and the very words that are at fault."""

    part: Part
    excerpt: str
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One paragraph in the company's own words, white space collapsed."""

    part: Part
    text: str
    is_imprint: bool = False

    def hit(self, words: str) -> Hit:
        """The words with what stands around them."""
        return Hit(part=self.part, excerpt=around(self.text, words), words=words)


@dataclass(frozen=True, kw_only=True)
class ComposedMail:
    """One mail with all that it was made from.

    `wire` is the message as it travels over SMTP; without one `refusal` says why no provider would
    take the mail. The record is a sample: `canaries` are its answers and whatever else a stranger
    could have typed.
    """

    form: Form
    record: Record
    kind: MailKind
    mail: Mail
    wire: bytes
    texts: MailText
    public_url: str
    canaries: Mapping[str, str]
    words: Words | None
    allowed_words: tuple[str, ...] = ()
    refusal: str | None = None

    @property
    def language(self) -> str:
        """The language that it is written in, as a BCP 47 tag."""
        return self.mail.language

    @property
    def imprint(self) -> str:
        """Who is responsible, as the form says it in the mail's language."""
        return self.form.company.imprint[self.language]

    @functools.cached_property
    def html(self) -> HtmlPart:
        """The HTML part, parsed."""
        return parse_html(self.mail.html)

    @functools.cached_property
    def message(self) -> EmailMessage:
        """What a mail program makes of the bytes."""
        message = message_from_bytes(self.wire, policy=default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - the policy's own class
        return message

    @functools.cached_property
    def paragraphs(self) -> Mapping[Part, list[str]]:
        """What is said, piece by piece, white space collapsed."""
        return {
            Part.SUBJECT: [collapsed(self.mail.subject)],
            Part.SENDER: [collapsed(self.mail.sender_name or "")],
            Part.TEXT: [collapsed(each) for each in self.mail.text.split("\n\n") if each.strip()],
            Part.HTML: self.html.blocks(),
        }

    @functools.cached_property
    def passages(self) -> tuple[Passage, ...]:
        """What the company says in its own words: all but the consents, which are quoted."""
        consents = {collapsed(given.text) for given in self.record.consents}
        imprint = collapsed(self.imprint)
        text = self.mail.text
        for given in self.record.consents:
            text = text.replace(f"\n{given.text}\n", "\n")
        told = {**self.paragraphs, Part.TEXT: [collapsed(each) for each in text.split("\n\n")]}
        return tuple(
            Passage(part=part, text=each, is_imprint=bool(imprint) and imprint in each)
            for part, paragraphs in told.items()
            for each in paragraphs
            if each and not (part is Part.HTML and each in consents)
        )

    @functools.cached_property
    def links(self) -> Mapping[Part, list[Link]]:
        """Every address that the mail leads to, or that a mail program makes a link of."""
        return {
            Part.TEXT: links_in_text(self.mail.text),
            Part.HTML: links_in_html(self.html),
        }


def around(text: str, words: str, width: int = 40) -> str:
    """The words with up to `width` characters on both sides, cut at spaces where it can be."""
    start = text.find(words)
    if start < 0:
        return words
    end = start + len(words)
    left, right = max(0, start - width), min(len(text), end + width)
    before = text[left:start] if left == 0 else "…" + text[left:start].partition(" ")[2]
    after = text[end:right] if right == len(text) else text[end:right].rpartition(" ")[0] + "…"
    return before + words + after
