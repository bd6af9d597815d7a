"""Rules for text that strangers type: what is cleaned away and what is refused."""

import re
import unicodedata
from typing import Any

from shared.values.answer_error import AnswerRefused

# CIJ takes 4,000 characters in a field; leave room for what cleaning removes.
LONGEST_TEXT = 4000
LONGEST_RAW = 2 * LONGEST_TEXT
# Bidirectional overrides could make a stored name read as something else (UTS #55).
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_URL = re.compile(r"://|\bwww\.|\S\.[a-z]{2,}/|\bmailto:", re.IGNORECASE)
_MARKUP = re.compile(r"[<>]")
_POINTER_SAFE = re.compile(r"[^A-Za-z0-9_.-]")


def cleaned(raw: Any, *, multiline: bool) -> str:
    """The text in Unicode NFC, without surrounding space; names of every script pass.

    Raises AnswerRefused: "wrong_type" when it is no text, "line_break" and
    "control_character" for what could forge a header or a log line.
    """
    if not isinstance(raw, str):
        raise AnswerRefused("wrong_type")
    if len(raw) > LONGEST_RAW:
        # Before normalising, which takes long for a long row of combining marks.
        raise AnswerRefused("too_long", LONGEST_TEXT)
    if multiline:
        raw = raw.replace("\r\n", "\n").replace("\t", " ")
    text = unicodedata.normalize("NFC", raw)
    for character in text:
        if character in "\r\n\u2028\u2029\x85":
            if not (multiline and character == "\n"):
                raise AnswerRefused("line_break")
        elif character in _BIDI_CONTROLS or _is_forbidden(character):
            raise AnswerRefused("control_character")
    return text.strip()


def _is_forbidden(character: str) -> bool:
    """Control characters, surrogates and noncharacters (Unicode 23.7) stand in no name.

    Unassigned ones may: this Python's Unicode is older than the newest letters of names.
    """
    code = ord(character)
    noncharacter = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE  # noqa: PLR2004 - Unicode's
    return noncharacter or unicodedata.category(character) in {"Cc", "Cs"}


def refuse_urls_and_markup(text: str) -> None:
    """Raises AnswerRefused: "url" or "markup".

    Sign-up forms are used to send spam texts to strangers through the name field
    (https://github.com/knadh/listmonk/issues/1133).
    """
    if _MARKUP.search(text):
        raise AnswerRefused("markup")
    if _URL.search(text):
        raise AnswerRefused("url")


def length_of(text: str) -> int:
    """The length in UTF-16 units, as Dataverse and HTML's maxlength count."""
    return len(text.encode("utf-16-le")) // 2


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches, as an HTML `pattern` attribute does."""
    return re.fullmatch(pattern, text) is not None


def pointer_part(name: str) -> str:
    """A client's own field name, made safe and short enough to be answered back."""
    return _POINTER_SAFE.sub("_", name[:60])
