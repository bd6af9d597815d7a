"""Which languages have texts. Apart from the texts: the start of the app needs no more."""

import functools
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
_ORIGINAL: Final = "en"  # what a person gets whose language has no catalogue


@functools.cache
def languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """The languages that have a catalogue; the first is the fallback."""
    found = sorted(file.stem for file in folder.glob("*.json"))
    return tuple(sorted(found, key=lambda language: language != _ORIGINAL))
