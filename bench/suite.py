"""All benchmarks, in the order of the journey."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.benchmarks import (
    capacity,
    cold,
    confirm,
    expiry,
    growth,
    operations,
    register,
    send,
    timing,
    ways,
    webhook,
)
from bench.scale import Scale
from bench.section import Section


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """`measure` gives numbers that JSON can hold, `present` makes the report's section of them."""

    measure: Callable[[Scale], dict[str, Any]]
    present: Callable[[Mapping[str, Any]], Section]


SUITE: Mapping[str, Benchmark] = {
    "register": Benchmark(measure=register.measure, present=register.present),
    "ways": Benchmark(measure=ways.measure, present=ways.present),
    "send": Benchmark(measure=send.measure, present=send.present),
    "confirm": Benchmark(measure=confirm.measure, present=confirm.present),
    "operations": Benchmark(measure=operations.measure, present=operations.present),
    "cold": Benchmark(measure=cold.measure, present=cold.present),
    "growth": Benchmark(measure=growth.measure, present=growth.present),
    "expiry": Benchmark(measure=expiry.measure, present=expiry.present),
    "webhook": Benchmark(measure=webhook.measure, present=webhook.present),
    "timing": Benchmark(measure=timing.measure, present=timing.present),
    "capacity": Benchmark(measure=capacity.measure, present=capacity.present),
}
