"""The typeface of the PDF: names and texts of people all over the world, and what it lacks.

Kurinto Sans (SIL Open Font License) has Latin, Greek, Cyrillic, Hebrew, Arabic, Indic and many
other scripts in one file; its Chinese, Korean and Japanese sisters are opened where they are
needed.
"""

import functools
import unicodedata
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

_FONTS: Final = "weblate_fonts"
_KURINTO: Final = "static/weblate_fonts/kurinto/ttf/KurintoSans"
REGULAR: Final = f"{_KURINTO}-Rg.ttf"
BOLD: Final = f"{_KURINTO}-Bd.ttf"
EXACT: Final = "static/weblate_fonts/source-code/ttf/SourceCodePro-Regular.ttf"
SISTERS: Final = tuple(f"{_KURINTO}{name}-Rg.ttf" for name in ("SC", "KR", "JP"))

# Below Hangul Jamo there is nothing that only a sister has.
_EAST_ASIAN: Final = 0x1100
# They join or part letters and are needed to write some languages; all other characters that
# cannot be seen are shown: one of them can turn a text around (CVE-2021-42574).
_JOINERS: Final = frozenset("\u200c\u200d")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})


def font_file(name: str) -> Path:
    """Where that font is."""
    return Path(str(files(_FONTS))) / name


def sisters_for(text: str) -> list[str]:
    """The fonts that have letters of the text which the main one lacks, each worth opening."""
    missing = {ord(letter) for letter in text if letter != "\n"} - _letters(REGULAR)
    wanted: list[str] = []
    for sister in SISTERS if any(letter >= _EAST_ASIAN for letter in missing) else ():
        if missing & _letters(sister):
            wanted.append(sister)
            missing -= _letters(sister)
    return wanted


def printable(text: str, fonts: Iterable[str]) -> str:
    """The text with what cannot be seen, or has no letter in these fonts, written as [U+1F600]."""
    known = frozenset[int]().union(*map(_letters, fonts))
    return "".join(_shown(letter, known) for letter in text)


def _shown(letter: str, known: frozenset[int]) -> str:
    if letter == "\n" or letter in _JOINERS:
        return letter
    if unicodedata.category(letter) in _UNSEEN or ord(letter) not in known:
        return f"[U+{ord(letter):04X}]"
    return letter


def runs_to_the_left(text: str) -> bool:
    """Whether its first letter with a direction is of a script that runs from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


@functools.cache
def _letters(font: str) -> frozenset[int]:
    with TTFont(font_file(font), lazy=True) as opened:
        return frozenset(opened.getBestCmap())
