"""Dataverse's service protection: so much for each application user on each web server."""

import math
from collections import deque
from dataclasses import dataclass, field

from bench.burst import published
from bench.burst.assumed import CONCURRENCY_RETRY_SECONDS
from bench.burst.observed import Limit

REQUESTS_EACH = 3  # of one hand-over: look-up, change set, trigger


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`granted` hand-overs may be done; the others are refused by `limit` for `retry_after`."""

    granted: int
    limit: Limit
    retry_after: float


@dataclass
class _Window:
    """What one user asked of one web server: (when, hand-overs)."""

    seconds_each: float
    recent: deque[tuple[float, int]] = field(default_factory=deque)
    used: int = 0
    under_way: int = 0

    @property
    def most(self) -> int:
        return min(self.by_requests, self.by_execution)

    @property
    def limit(self) -> Limit:
        return Limit.REQUESTS if self.by_requests <= self.by_execution else Limit.EXECUTION

    @property
    def by_requests(self) -> int:
        return published.WINDOW_REQUESTS // REQUESTS_EACH

    @property
    def by_execution(self) -> int:
        return int(published.WINDOW_EXECUTION_SECONDS / self.seconds_each)

    def ask(self, size: int, places: int, now: float) -> Answer:
        while self.recent and self.recent[0][0] <= now - published.WINDOW_SECONDS:
            self.used -= self.recent.popleft()[1]
        granted = min(size, self.most - self.used)
        leaves = self.recent[0][0] + published.WINDOW_SECONDS - now if self.recent else 0.0
        answer = Answer(granted=granted, limit=self.limit, retry_after=max(1, math.ceil(leaves)))
        room = max(0, published.CONCURRENT_REQUESTS - self.under_way)
        if places > room and size * room // places < granted:
            answer = Answer(
                granted=size * room // places,
                limit=Limit.CONCURRENCY,
                retry_after=CONCURRENCY_RETRY_SECONDS,
            )
        if answer.granted:
            self.used += answer.granted
            self.recent.append((now, answer.granted))
        return answer


@dataclass(kw_only=True)
class Asked:
    """What all users' windows said together, and whose connections are in use until `end`."""

    granted: int
    limit: Limit
    retry_after: float = 0.0
    has_turn: bool = False  # `retry_after` is a time of its own
    _used: list[tuple[_Window, int]] = field(default_factory=list)

    def add(self, window: _Window, places: int, answer: Answer) -> None:
        self.granted += answer.granted
        if answer.granted:
            window.under_way += places
            self._used.append((window, places))
        if answer.retry_after > self.retry_after:
            self.limit, self.retry_after = answer.limit, answer.retry_after

    def end(self) -> None:
        """The answers are there."""
        for window, places in self._used:
            window.under_way -= places


class Dataverse:
    """`users` are taken in turn; an instance keeps to one web server by the affinity cookie."""

    def __init__(self, *, users: int, web_servers: int, seconds_each: float) -> None:
        self._windows = [[_Window(seconds_each) for _ in range(web_servers)] for _ in range(users)]
        self._turn = 0

    @property
    def per_second(self) -> float:
        """Hand-overs that all users may do together, in the long run."""
        windows = [window for servers in self._windows for window in servers]
        return sum(window.most for window in windows) / published.WINDOW_SECONDS

    @property
    def window_limit(self) -> Limit:
        """Which of the two limits of five minutes comes first."""
        return self._windows[0][0].limit

    def ask(self, instance: int, size: int, places: int, now: float) -> Asked:
        """`size` hand-overs on `places` connections at once, spread over the users."""
        count = min(size, len(self._windows))
        asked = Asked(granted=0, limit=self.window_limit)
        for number in range(count):
            servers = self._windows[(self._turn + number) % len(self._windows)]
            window = servers[instance % len(servers)]
            part, share = _part(size, count, number), max(1, _part(places, count, number))
            asked.add(window, share, window.ask(part, share, now))
        self._turn += count
        return asked


def _part(whole: int, count: int, number: int) -> int:
    """Of `count` parts as equal as whole numbers can be."""
    return (whole + number) // count
