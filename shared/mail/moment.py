"""Writes a point in time in a person's language, in UTC."""

from datetime import UTC, datetime
from typing import TypedDict

from babel import Locale
from babel.dates import format_date, format_time


class Moment(TypedDict):
    """The two placeholders that a sentence about a time takes."""

    date: str
    time: str


def moment(at: datetime, language: str) -> Moment:
    """Such as "21. November 2026" and "14:03:05".

    To the second: a record that names no time of day has been held to prove nothing
    (AG Düsseldorf, 23 C 3876/13). The sentence around it says that it is UTC, since Babel's
    names of that zone differ between languages ("TU" in French).
    """
    locale = Locale.parse(language, sep="-")
    in_utc = at.astimezone(UTC)
    return Moment(
        date=format_date(in_utc.date(), "long", locale=locale),
        time=format_time(in_utc.time(), "medium", locale=locale),
    )
