"""The tables of docs/scale.md that say what was found, in the place between its marks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.burst.deployment import Deployment
from bench.burst.words import dollars, duration
from local.markdown import table, with_part

Raw = Mapping[str, Any]
_REACH, _WAITING = "how far settings reach", "waiting for the first quota"


def with_tables(text: str, raw: Raw) -> str:
    """The document with fresh tables; `raw` is capacity.json. Raises ValueError without marks."""
    for name, content in ((_REACH, _reach(raw)), (_WAITING, _waiting(raw))):
        text = with_part(text, f"capacity: {name}", name, f"\n{content}\n")
    return text


def _reach(raw: Raw) -> str:
    runs = [next(run for run in ladder if "settings" in run["best_of"]) for ladder in _ladders(raw)]
    rows = [
        (
            f"{run['registrations']:,}",
            "; ".join(_set(run["deployment"])),
            duration(run["times"]["register"]["p95"]),
            duration(run["times"]["mail"]["p95"]),
            duration(run["times"]["promote"]["p95"]),
            _dollars(run),
            "; ".join(f"{goal}: {limit}" for goal, limit in run["behind"].items()) or "nothing",
        )
        for run in runs
    ]
    head = (
        *("within ten minutes", "set", "202 after", "mailed after", "click to promoted"),
        *("cost", "what makes wait"),
    )
    return table(head, rows)


def _waiting(raw: Raw) -> str:
    rows = [
        (
            f"{run['registrations']:,}",
            f"{run['times']['mail']['count']:,}",
            f"{run['mails_put_back']:,}",
            _dollars(run),
            dollars(run["dollars"]["logs"]),
        )
        for run in (ladder[0] for ladder in _ladders(raw))
    ]
    head = ("within ten minutes", "mailed within a week", "put back", "cost", "of which logs")
    return table(head, rows)


def _ladders(raw: Raw) -> Sequence[Sequence[Raw]]:
    return list(raw["ladders"].values())


def _dollars(run: Raw) -> str:
    return dollars(sum(run["dollars"].values()))


def _set(deployment: Raw) -> Iterator[str]:
    """What differs from the templates, in the order in which one would set it."""
    one, usual = Deployment(**deployment), Deployment()
    if one.rates != usual.rates:
        yield f"mail quota {one.mails_per_minute:,} a minute, {one.mails_per_hour:,} an hour"
    if one.batch_size != usual.batch_size:
        yield f"`batchSize` {one.batch_size}, `newBatchThreshold` {one.new_batch_threshold}"
    if one.maximum_instances != usual.maximum_instances:
        yield f"`maximumInstanceCount` {one.maximum_instances}"
    if one.always_ready_http != usual.always_ready_http:
        yield f"`alwaysReadyHttpInstances` {one.always_ready_http}"
