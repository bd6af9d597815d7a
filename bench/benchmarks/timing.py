"""Whether `register` tells by its time who is known: `bench.timing` as a part of the one run."""

from collections.abc import Mapping
from typing import Any

from bench.running_stack import target
from bench.scale import Scale
from bench.section import Section, demoted
from bench.timing import PAUSE, SEED, report
from bench.timing_people import prepare
from bench.timing_samples import take_samples
from bench.timing_statistics import compare, noticed_shift


def measure(scale: Scale) -> dict[str, Any]:
    """Milliseconds by kind of address, and the report made of them."""
    with target(None, None) as stack:
        people = prepare(stack, scale.timed_people)
        samples = take_samples(stack, people, calls=scale.timed_calls, pause=PAUSE, seed=SEED)
    compared = compare(samples.milliseconds, SEED)
    shift = noticed_shift(samples.milliseconds, SEED)
    text = report(samples, compared, shift, SEED)
    return {"milliseconds": samples.milliseconds, "report": text}


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    return demoted(numbers["report"])
