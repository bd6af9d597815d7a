"""How much each benchmark does: enough to believe it, or just enough to see that it works."""

from dataclasses import dataclass

CONNECTIONS = (1, 16, 64)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """`rounds` count, one more warms up. `calls` are those of a round, by connections."""

    rounds: int
    starts: int
    calls: tuple[int, int, int]
    own_calls: int
    mails: int
    clicks: tuple[int, int, int]
    table_sizes: tuple[int, ...]
    grown_calls: int
    grown_clicks: int
    expired: int
    expired_at_once: int
    webhook_calls: int
    timed_calls: int
    timed_people: int
    bursts: tuple[int, ...]
    compared_burst: int

    def calls_by_connections(self) -> dict[int, int]:
        return dict(zip(CONNECTIONS, self.calls, strict=True))

    def clicks_by_connections(self) -> dict[int, int]:
        return dict(zip(CONNECTIONS, self.clicks, strict=True))


FULL = Scale(
    rounds=7,
    starts=15,
    calls=(150, 640, 960),
    own_calls=2_000,
    mails=240,
    clicks=(40, 160, 192),
    table_sizes=(0, 100_000, 1_000_000),
    grown_calls=150,
    grown_clicks=40,
    expired=300,
    expired_at_once=100_000,
    webhook_calls=320,
    timed_calls=400,
    timed_people=10,
    bursts=(1_000, 10_000, 100_000, 1_000_000),
    compared_burst=10_000,
)
QUICK = Scale(
    rounds=2,
    starts=1,
    calls=(4, 32, 64),
    own_calls=20,
    mails=8,
    clicks=(2, 4, 6),
    table_sizes=(0, 300),
    grown_calls=3,
    grown_clicks=2,
    expired=12,
    expired_at_once=20,
    webhook_calls=16,
    timed_calls=3,
    timed_people=1,
    bursts=(40, 150),
    compared_burst=60,
)
