"""A monotonic clock that only tests move."""


class MovedClock:
    """Call it for the time, in seconds."""

    def __init__(self) -> None:
        self._now = 1000.0

    def __call__(self) -> float:
        return self._now

    def pass_time(self, seconds: float) -> None:
        """Move it forward."""
        self._now += seconds
