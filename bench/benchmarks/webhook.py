"""How fast LinkedIn is answered, cold and warm: `bench.webhook` as a part of the one run."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bench.running_stack import target
from bench.scale import Scale
from bench.section import Section, demoted
from bench.webhook import report
from bench.webhook_calls import LinkedInApplication
from bench.webhook_cold import take_cold_samples
from bench.webhook_load import take_warm_samples


def measure(scale: Scale) -> dict[str, Any]:
    """Seconds of fresh processes, milliseconds of calls, and the report made of them."""
    cold = take_cold_samples(scale.starts)
    with target(None, None) as stack:
        application = LinkedInApplication.of_local_settings()
        rounds, calls = scale.rounds, scale.webhook_calls
        warm = take_warm_samples(stack, application, rounds=rounds, calls=calls)
    return {"cold": cold, "warm": [asdict(one) for one in warm], "report": report(cold, warm)}


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    return demoted(numbers["report"])
