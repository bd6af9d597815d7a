"""What was measured beside what the model foretells, as tables."""

from bench.burst import predicting
from bench.burst.measured import Burst, Measured
from bench.burst.predicting import Predicted
from bench.burst.words import duration
from local.markdown import table


def stations(measured: Measured) -> str:
    """What each step takes."""
    rows = [
        (
            name,
            f"{1000 * one.alone:.0f} ms",
            f"{one.per_second:.0f}",
            f"{1000 * one.cpu:.1f} ms",
        )
        for name, one in measured.stations.items()
    ]
    return table(("step", "alone", "a second at most", "CPU of the host"), rows)


def validation(measured: Measured) -> str:
    """What was seen of each burst, and what the model says with each pace."""
    rows = []
    for name, told, predict in (
        ("mail", "register until mailed", predicting.mail),
        ("confirm", "click until answered", predicting.confirm),
    ):
        burst = measured.bursts[name]
        offered = len(burst.arrivals) / burst.arrivals[-1]
        head = f"{told}: {len(burst.arrivals)} at {offered:.1f} a second, others {burst.others:.1f}"
        rows.append((head, *_numbers(predicting.seen(burst), burst)))
        rows += [
            (f"model, {1000 * pace:.0f} ms for one", *_numbers(predict(measured, pace), burst))
            for pace in (sum(burst.paces) / 2, *sorted(burst.paces))
        ]
    return table(("", "p50", "p95", "longest", "most at once", "a second"), rows)


def _numbers(one: Predicted, burst: Burst) -> tuple[str, ...]:
    return (
        *(duration(one.durations.percentile(share)) for share in (0.5, 0.95, 1.0)),
        f"{one.most_waiting}",
        f"{len(burst.arrivals) / one.took:.1f}",
    )
