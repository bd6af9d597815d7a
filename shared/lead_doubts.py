"""LinkedIn notifies before its own API agrees: a new lead is not there, a deleted one still is.

Such doubts are counted by themselves: an outage in between must not use them up.
"""

from shared.failures import TooSoon
from shared.ports import Outside
from shared.values.messages import LeadMessage

_DOUBTS = 4


def may_still_agree(message: LeadMessage) -> bool:
    """Whether LinkedIn is asked once more."""
    return message.doubts < _DOUBTS


def ask_later(message: LeadMessage, why: str, outside: Outside) -> TooSoon:
    """To be raised: the same message with one doubt more, after a wait that grows with them."""
    delays = outside.rules.retries
    wait = min(delays.first * (1 << message.doubts), delays.longest)
    return TooSoon(why, wait, instead=message.model_copy(update={"doubts": message.doubts + 1}))
