"""The report as Markdown, without date or duration, so that two of them can be compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.burst import prose, published
from bench.burst.comparing import Compared
from bench.burst.measured import Measured
from bench.burst.observed import Limit
from bench.burst.summary import Run, Times
from bench.burst.validated import stations, validation
from bench.burst.words import dollars, duration
from local.markdown import table


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything that was worked out; `ladders` by number of registrations."""

    ladders: Mapping[int, Sequence[Run]]
    grains: Mapping[str, Sequence[Compared]]
    assumptions: Sequence[Compared]
    measured: Measured

    @property
    def first(self) -> list[Run]:
        """As deployed at first."""
        return [runs[0] for runs in self.ladders.values()]

    @property
    def settings(self) -> list[Run]:
        """The best that settings and quotas alone can do."""
        return [_best(runs, "settings") for runs in self.ladders.values()]

    @property
    def last(self) -> list[Run]:
        """With what docs/scale.md plans."""
        return [_best(runs, "all") for runs in self.ladders.values()]


def _best(runs: Sequence[Run], of: str) -> Run:
    return next(run for run in runs if of in run.best_of)


def report(results: Results) -> str:
    """The whole document."""
    return "\n\n".join(prose.filled(part) for part in _parts(results)) + "\n"


def _parts(results: Results) -> Iterator[str]:
    yield "# What a burst of registrations meets\n"
    yield prose.INTRODUCTION
    yield "\n## As deployed at first\n"
    yield prose.FIRST
    yield _bursts(results.first)
    yield "![How long until the mail](capacity_mail.svg)\n"
    yield "![Messages in queue registrations](capacity_depth.svg)\n"
    yield "## With settings and quotas alone\n"
    yield prose.SETTINGS
    yield _bursts(results.settings)
    yield "## With what [docs/scale.md](../docs/scale.md) plans\n"
    yield _bursts(results.last)
    yield "![How long from the click until Dataverse](capacity_promote.svg)\n"
    yield "## What to raise, step by step\n"
    yield prose.STEPS
    for registrations, runs in results.ladders.items():
        yield f"### {registrations:,} registrations\n"
        yield _ladder(runs)
        yield _left(_best(runs, "all"))
    yield "## What it costs\n"
    yield prose.COSTS
    yield _costs(results)
    yield "## Is the model right?\n"
    yield prose.MODEL.format(machine=results.measured.machine)
    yield stations(results.measured)
    yield validation(results.measured)
    yield "![Measured and predicted](capacity_validation.svg)\n"
    yield "### Does the grain matter?\n"
    yield prose.GRAINS
    for told, compared in results.grains.items():
        yield f"{told}:\n"
        yield _compared("registrations in one bundle", compared)
    yield "### How much hangs on what is assumed?\n"
    yield prose.ASSUMED
    yield _compared("10,000 registrations, mail quota raised", results.assumptions)
    yield "## What went in\n"
    yield prose.inputs()
    yield prose.NOT_MODELLED


def _bursts(runs: Sequence[Run]) -> str:
    rows = [
        (
            f"{run.registrations:,}",
            _told(run.times["register"]),
            f"{run.told_503:,}",
            _told(run.times["mail"]),
            _share(run),
            _told(run.times["confirm"]),
            _told(run.times["promote"]),
            f"{run.deepest['registrations']:,}",
            dollars(run.total),
            run.first or "nothing",
        )
        for run in runs
    ]
    head = (
        "burst",
        "202 after",
        "told 503 first",
        "mailed after",
        "mailed",
        "clicked after",
        "click to promoted",
        "deepest queue",
        "cost",
        "saturates first",
    )
    return table(head, rows)


def _share(run: Run) -> str:
    return f"{100 * run.times['mail'].count / run.registrations:.3g} %"


def _told(times: Times) -> str:
    return " / ".join(duration(one) for one in (times.p50, times.p95, times.most))


def _ladder(runs: Sequence[Run]) -> str:
    rows = [
        (
            run.changed,
            "yes" if run.today else "no",
            duration(run.times["register"].p95),
            duration(run.times["mail"].p95) + ("" if _all_mailed(run) else f" ({_share(run)})"),
            duration(run.times["promote"].p95),
            run.waited[0][0] if run.waited else "nothing",
            f"{run.mails_put_back:,} / {run.promotions_put_back:,}",
            dollars(run.total),
        )
        for run in runs
    ]
    head = (
        "raised",
        "today",
        "p95 until 202",
        "p95 until mailed",
        "p95 click to promoted",
        "makes wait most",
        "put back",
        "cost",
    )
    return table(head, rows)


def _all_mailed(run: Run) -> bool:
    return run.times["mail"].count == run.registrations


def _left(run: Run) -> str:
    if not run.unmet:
        return "All goals are met.\n"
    told = f"Not met: {', '.join(f'{goal} ({run.behind[goal]})' for goal in run.unmet)}."
    if Limit.TRIGGERS.value in run.behind.get("promote", ""):
        per_minute = f"{published.TRIGGERS_A_MINUTE:,}"
        told += (
            f" CIJ takes {per_minute} triggers a minute: no setting and no code of ours makes that"
            " faster."
        )
    return told + "\n"


def _costs(results: Results) -> str:
    kinds = list(results.first[0].dollars)
    rows = [
        (
            f"{run.registrations:,}",
            told,
            *(dollars(run.dollars[kind]) for kind in kinds),
            dollars(run.total),
        )
        for told, runs in (
            ("at first", results.first),
            ("settings", results.settings),
            ("scale.md", results.last),
        )
        for run in runs
    ]
    return table(("burst", "with", *kinds, "together"), rows)


def _compared(what: str, runs: Sequence[Compared]) -> str:
    rows = [
        (run.told, _told(run.mail), _told(run.promote), f"{run.triggers_in_busiest_minute:,}")
        for run in runs
    ]
    head = (what, "mailed after", "click to promoted", "triggers in the busiest minute")
    return table(head, rows)
