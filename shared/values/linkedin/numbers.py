"""LinkedIn's numbers: 64-bit ids, and moments since 1970."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, PlainSerializer

_LARGEST_LONG: Final = 2**63 - 1
# As seconds this would be the year 5138, as milliseconds it is 1973: LinkedIn means the latter.
_FIRST_MILLISECONDS: Final = 10**11


def read_whole_number(given: Any) -> int:
    """A whole number as JSON number or as digits, up to 2^63-1. Raises ValueError.

    Never by way of a float, which is exact to 53 bits only.
    """
    digits = isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 20  # noqa: PLR2004 - no id has more digits
    if not digits and (isinstance(given, bool) or not isinstance(given, int)):
        raise ValueError("not a whole number")
    number = int(given)
    if not 0 <= number <= _LARGEST_LONG:
        raise ValueError("not within 64 bits")
    return number


def read_moment(given: Any) -> datetime:
    """Time since 1970, in seconds or milliseconds, as a moment in UTC. Raises ValueError."""
    if isinstance(given, datetime) and given.tzinfo is not None:
        return given.astimezone(UTC)
    number = read_whole_number(given)
    seconds, milliseconds = divmod(number, 1000) if number >= _FIRST_MILLISECONDS else (number, 0)
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000)
    except (OverflowError, OSError, ValueError):
        raise ValueError("not a time") from None


def to_milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970, rounded down. `moment` has a time zone."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000


# JavaScript and tables would round the number, so it is stored as text.
LongId = Annotated[
    int,
    BeforeValidator(read_whole_number),
    PlainSerializer(str, return_type=str, when_used="json"),
]
Moment = Annotated[
    datetime,
    BeforeValidator(read_moment),
    PlainSerializer(to_milliseconds, return_type=int, when_used="json"),
]
