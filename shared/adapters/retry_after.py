"""When the other side wants to be asked again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Longer waits are not believed: after a day it is asked again. Also keeps a nonsensical number
# from overflowing whatever the caller adds it to.
LONGEST_WAIT = 24 * 60 * 60.0


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds to wait from a Retry-After header; None when there is none or it makes no sense.

    Both forms of RFC 9110 section 10.2.3: whole seconds, or an HTTP date (0.0 when it is past).
    `now` is in UTC. Never more than LONGEST_WAIT.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000" or no zone: HTTP dates are always in GMT
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), LONGEST_WAIT)
