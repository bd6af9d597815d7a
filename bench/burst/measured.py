"""What was measured on the local stack, as JSON beside the report."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from bench.burst.service_times import ServiceTimes


@dataclass(frozen=True, kw_only=True)
class Station:
    """One step: seconds when nobody else is there, and how many a second at the most."""

    alone: float
    per_second: float
    cpu: float  # seconds of the functions host for one

    @property
    def demand(self) -> float:
        """Seconds of whatever is the bottleneck."""
        return 1 / self.per_second


@dataclass(frozen=True, kw_only=True)
class Burst:
    """Came in at these moments (seconds), and what was seen of it.

    `paces` are the seconds from one to the next at full load, before and after: a machine that
    others use as well is not always the same. So many cores were busy with `others`.
    """

    paces: tuple[float, float]
    arrivals: tuple[float, ...]
    seconds: tuple[float, ...]  # of each, sorted
    took: float  # from the first arrival until all were done
    most_waiting: int
    others: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Of one run; `machine` says where."""

    machine: str
    stations: Mapping[str, Station]  # register, send, put back, page, confirm
    bursts: Mapping[str, Burst]  # mail (register until mailed), confirm (until answered)

    @property
    def service_times(self) -> ServiceTimes:
        """A queue's `promote` does what the click does, without the page."""
        cpu = {name: station.cpu for name, station in self.stations.items()}
        return ServiceTimes(
            register=cpu["register"],
            send=cpu["send"],
            page=cpu["page"],
            confirm=cpu["confirm"],
            promote=cpu["confirm"],
            put_back=cpu["put back"],
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises OSError, ValueError, KeyError and TypeError for anything that `write` did not."""
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            machine=found["machine"],
            stations={name: Station(**one) for name, one in found["stations"].items()},
            bursts={
                name: Burst(
                    paces=(one["paces"][0], one["paces"][1]),
                    arrivals=tuple(one["arrivals"]),
                    seconds=tuple(one["seconds"]),
                    took=one["took"],
                    most_waiting=one["most_waiting"],
                    others=one["others"],
                )
                for name, one in found["bursts"].items()
            },
        )

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), separators=(",", ":")) + "\n", encoding="utf-8")
