"""Rules about what the mail says in the company's own words.

The quoted consents are left out, since they have to stand there word for word; so is the
company's name, which may be anything. English is looked for in every language: "Welcome to …"
stood in a German mail.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from cli.lint.composed import ComposedMail, Hit, Part, Passage
from cli.lint.words import Words, found_in, plain, sentences, without, words_in

_PRICE = re.compile(
    r"(?:€|\$|£|EUR|USD|GBP|CHF)\s?\d[\d.,'\u2019]*"
    r"|\d[\d.,'\u2019]*\s?(?:%|€|\$|£|(?:EUR|USD|GBP|CHF|Euros?|percent|Prozent|pour ?cent"
    r"|por ciento|per cento|procent)\b)",
    re.IGNORECASE,
)
_MARKS = re.compile("[!\u00a1\uff01\u203c\u2757]+")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_SHOUT = 3
_REPLY = re.compile(r"\s*(?:re|aw|fwd?|wg|tr|rv|rif|antw|doorst)\s*[:\]]", re.IGNORECASE)
_LONGEST_SUBJECT = 78
_ALLOWED_SYMBOLS = frozenset("©®™°№")
_SYMBOLS = frozenset({"So", "Sk", "Co", "Cn"})


def advertising_words(mail: ComposedMail) -> Iterator[Hit]:
    """Words of the list; those that are ambiguous, where nothing legal is spoken of.

    An imprint is legal throughout, and has names of streets and authorities in it.
    """
    for words in _lists(mail):
        for passage, text in _searched(mail, words):
            yield from _hits(passage, text, words.advertising)
            for sentence in () if passage.is_imprint else sentences(text):
                if not any(found_in(sentence, words.legal)):
                    yield from _hits(passage, sentence, words.ambiguous)


def prices(mail: ComposedMail) -> Iterator[Hit]:
    """Prices and percentages. An imprint may have to name the company's capital."""
    for passage in mail.passages:
        if not passage.is_imprint:
            for match in _PRICE.finditer(passage.text):
                yield passage.hit(match.group())


def slogans(mail: ComposedMail) -> Iterator[Hit]:
    """Praise of the company or of what it sells."""
    for words in _lists(mail):
        for passage, text in _searched(mail, words):
            yield from _hits(passage, text, words.slogans)


def welcome(mail: ComposedMail) -> Iterator[Hit]:
    """ "Welcome to …" and its like."""
    for words in _lists(mail):
        for passage, text in _searched(mail, words):
            yield from _hits(passage, text, words.welcome)


def contact_invitation(mail: ComposedMail) -> Iterator[Hit]:
    """ "Questions? Contact us …". The address in the imprint is no invitation."""
    for words in _lists(mail):
        for passage, text in _searched(mail, words):
            yield from _hits(passage, text, words.contact)


def urgency(mail: ComposedMail) -> Iterator[Hit]:
    """Words that hurry people."""
    for words in _lists(mail):
        for passage, text in _searched(mail, words):
            yield from _hits(passage, text, words.urgency)


def exclamation(mail: ComposedMail) -> Iterator[Hit]:
    """Exclamation marks, pictographs, and words in capitals one after another."""
    for passage in mail.passages:
        text = _without_names(mail, passage.text)
        for match in _MARKS.finditer(text):
            yield passage.hit(match.group())
        if passage.is_imprint:
            continue  # commercial registers are abbreviated in capitals
        for words in _in_capitals(text):
            yield passage.hit(words)
        if passage.part is not Part.SUBJECT:
            for symbol in _symbols(text):
                yield passage.hit(symbol)


def subject_symbols(mail: ComposedMail) -> Iterator[Hit]:
    """Emoji and other pictographs in the subject."""
    for symbol in _symbols(mail.mail.subject):
        yield Hit(part=Part.SUBJECT, excerpt=mail.mail.subject, words=symbol)


def subject_length(mail: ComposedMail) -> Iterator[Hit]:
    """More than a line of a mail should have."""
    subject = mail.mail.subject
    if len(subject) > _LONGEST_SUBJECT:
        yield Hit(part=Part.SUBJECT, excerpt=f"{len(subject)} characters: {subject}", words=subject)


def subject_reply(mail: ComposedMail) -> Iterator[Hit]:
    """ "Re:", "Fwd:" and their like: nobody wrote before."""
    if match := _REPLY.match(mail.mail.subject):
        yield Hit(part=Part.SUBJECT, excerpt=mail.mail.subject, words=match.group().strip())


def subject_purpose(mail: ComposedMail) -> Iterator[Hit]:
    """The subject says that something is to be confirmed."""
    subject = plain(mail.mail.subject)
    if mail.words and not any(found_in(subject, mail.words.confirmation)):
        yield Hit(part=Part.SUBJECT, excerpt=subject, words=subject)


def word_list(mail: ComposedMail) -> Iterator[Hit]:
    """A language without lists has only been searched for English words."""
    if mail.words is None:
        yield Hit(part=Part.TEXT, excerpt=f"there is no word list for '{mail.language}'")


def _lists(mail: ComposedMail) -> list[Words]:
    english = words_in("en")
    found = [mail.words, english if english != mail.words else None]
    return [each for each in found if each]


def _searched(mail: ComposedMail, words: Words) -> Iterator[tuple[Passage, str]]:
    """Each passage with the text that is looked at: names and safe phrases are cut out."""
    for passage in mail.passages:
        yield passage, without(_without_names(mail, passage.text), words.safe)


def _without_names(mail: ComposedMail, text: str) -> str:
    return without(plain(text), (mail.form.company.name, *mail.allowed_words))


def _hits(passage: Passage, text: str, entries: Sequence[str]) -> Iterator[Hit]:
    readable = Passage(part=passage.part, text=plain(passage.text))
    return (readable.hit(words) for words in found_in(text, entries))


def _in_capitals(text: str) -> Iterator[str]:
    """Two words and more, one after another; one alone is an abbreviation."""
    shouted: list[str] = []
    for word in [*_WORD.findall(text), ""]:
        if word.isupper() and len(word) >= _SHORTEST_SHOUT:
            shouted.append(word)
            continue
        if len(shouted) > 1:
            yield " ".join(shouted)
        shouted = []


def _symbols(text: str) -> list[str]:
    return [
        each
        for each in text
        if unicodedata.category(each) in _SYMBOLS and each not in _ALLOWED_SYMBOLS
    ]
