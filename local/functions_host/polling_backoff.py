"""How long an idle queue listener waits before it asks again."""

import math
import random

_SHORTEST = 0.1
_JITTER = 0.2
_MOST_DOUBLINGS = 20  # far beyond any maximum, and keeps the power small


class PollingBackoff:
    """Doubles from a tenth of a second up to `longest` seconds, with jitter.

    As RandomizedExponentialBackoffStrategy of the WebJobs SDK:
    https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#polling-algorithm
    """

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._doublings = 0

    def reset(self) -> None:
        """After a message was found."""
        self._doublings = 0

    def next_wait(self) -> float:
        """Seconds to wait after finding nothing."""
        jitter = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads polling, guards nothing
        wait = _SHORTEST + _SHORTEST * jitter * math.pow(2, self._doublings)
        self._doublings = min(self._doublings + 1, _MOST_DOUBLINGS)
        return min(self._longest, wait)
