"""Rules about what the mail has to say."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from cli.lint.composed import ComposedMail, Hit, Part
from cli.lint.html_part import collapsed

_BODIES = (Part.TEXT, Part.HTML)
_LINKEDIN = "linkedin.com"
_ZONE = re.compile(r"\b(?:UTC|GMT|[CEW]ES?T|[+-]\d\d:?\d\d)\b|[+-]\d\d:\d\d")


def date_and_time(mail: ComposedMail) -> Iterator[Hit]:
    """When somebody signed up: day, time of day to the second, and the zone, in one sentence."""
    asked_at = _asked_at(mail)
    for part in _BODIES:
        if not any(_tells(each, asked_at) for each in mail.paragraphs[part]):
            yield Hit(part=part, excerpt="the date and time of the sign-up, with the time zone")


def source(mail: ComposedMail) -> Iterator[Hit]:
    """Where somebody signed up, beside the time."""
    host = _LINKEDIN if mail.record.lead else urlsplit(mail.form.company.website).hostname or ""
    asked_at = _asked_at(mail)
    for part in _BODIES:
        said = (each for each in mail.paragraphs[part] if host.lower() in each.lower())
        if not any(_has_time(each, asked_at) for each in said):
            yield Hit(part=part, excerpt=host)


def purpose(mail: ComposedMail) -> Iterator[Hit]:
    """What is to be confirmed, and the request to confirm it."""
    for said in (mail.form.mail.text[mail.language], mail.texts.to_confirm):
        yield from _missing(mail, said)


def consent_text(mail: ComposedMail) -> Iterator[Hit]:
    """Each declaration, word for word, as a paragraph of its own."""
    if not mail.record.consents:
        yield Hit(part=Part.TEXT, excerpt="no declaration at all")
    for given in mail.record.consents:
        if f"\n\n{given.text}\n\n" not in mail.mail.text:
            yield Hit(part=Part.TEXT, excerpt=given.text, words=given.text)
        if collapsed(given.text) not in mail.paragraphs[Part.HTML]:
            yield Hit(part=Part.HTML, excerpt=given.text, words=given.text)


def imprint(mail: ComposedMail) -> Iterator[Hit]:
    """Who is responsible."""
    return _missing(mail, mail.imprint)


def imprint_complete(mail: ComposedMail) -> Iterator[Hit]:
    """The imprint looks as if it had a postal address and an e-mail address."""
    if not re.search(r"\d", mail.imprint):
        yield Hit(part=Part.TEXT, excerpt=f"no postal address: {mail.imprint}", words=mail.imprint)
    if not re.search(r"\S@\S+\.\S|\S\s?[\[(](?:at|ät|@)[\])]\s?\S", mail.imprint):
        yield Hit(part=Part.TEXT, excerpt=f"no e-mail address: {mail.imprint}", words=mail.imprint)


def not_me(mail: ComposedMail) -> Iterator[Hit]:
    """What somebody who never signed up has to do: nothing."""
    return _missing(mail, mail.texts.ignore)


def sender_name(mail: ComposedMail) -> Iterator[Hit]:
    """The sender's name, if there is one, has a word of the company's."""
    name, company = mail.mail.sender_name, mail.form.company.name
    if name and not _words(name) & (_words(company) | _words(mail.imprint)):
        yield Hit(part=Part.SENDER, excerpt=name, words=name)


def both_parts(mail: ComposedMail) -> Iterator[Hit]:
    """Every sentence of the text part stands in the HTML part, too."""
    html = " ".join(mail.paragraphs[Part.HTML])
    for paragraph in mail.paragraphs[Part.TEXT]:
        said = collapsed(paragraph.removeprefix("----"))
        if "://" not in said and said not in html:
            yield Hit(part=Part.HTML, excerpt=said, words=said)


def _missing(mail: ComposedMail, said: str) -> Iterator[Hit]:
    wanted = collapsed(said)
    bodies = {Part.TEXT: [collapsed(mail.mail.text)], Part.HTML: mail.paragraphs[Part.HTML]}
    for part, pieces in bodies.items():
        if not any(wanted in each for each in pieces):
            yield Hit(part=part, excerpt=said, words=said)


def _asked_at(mail: ComposedMail) -> datetime:
    lead = mail.record.lead
    return (lead.submitted_at if lead else None) or mail.record.asked_at


def _tells(paragraph: str, at: datetime) -> bool:
    digits = re.findall(r"\d+", _with_ascii_digits(paragraph))
    has_date = str(at.year) in digits and str(at.day) in [each.lstrip("0") for each in digits]
    return has_date and _has_time(paragraph, at) and bool(_ZONE.search(paragraph))


def _has_time(paragraph: str, at: datetime) -> bool:
    time = rf"(?<!\d)0?{at.hour}\W{at.minute:02d}\W{at.second:02d}(?!\d)"
    return bool(re.search(time, _with_ascii_digits(paragraph)))


def _with_ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(each, each)) for each in text)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", text.casefold()))
