"""A form's funnel as a page draws it: lengths in percent, and the same in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.values.funnel import ASIDE, STAGES, Step
from shared.values.funnel_summary import DayCounts, FormFunnel

_PERCENT = 100


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One bar; `width` is in percent of the longest, `share` a text."""

    name: str
    count: int
    width: float
    share: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """One day; both are in percent of the highest column."""

    accepted: float
    confirmed: float


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """One day of the table; `numbers` in the order of `day_columns`."""

    day: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class FunnelChart:
    """`columns` is empty where nothing happened, and `spoken` what they show, for who hears it."""

    form: str
    stages: tuple[Stage, ...]
    aside: str
    columns: tuple[Column, ...]
    most: int
    spoken: str
    first_day: str
    last_day: str
    day_columns: tuple[str, ...]
    busy_days: tuple[DayRow, ...]


def stages_of(counts: Mapping[Step, int]) -> list[Step]:
    """Without `delivered` where no provider reports: a bar of nothing would be a lie."""
    reported = counts.get(Step.DELIVERED) or counts.get(Step.BOUNCED)
    return [step for step in STAGES if step is not Step.DELIVERED or reported]


def share_text(share: float | None) -> str:
    """Whole percent; nothing where there is nothing to compare with."""
    return "" if share is None else f"{share:.0%}"


def aside_text(counts: Mapping[Step, int]) -> str:
    """How registrations ended otherwise, as one line."""
    return ", ".join(f"{counts[step]} {step}" for step in ASIDE if counts.get(step))


def chart_of(one: FormFunnel) -> FunnelChart:
    """Ready to be drawn."""
    counts = one.counts
    stages = stages_of(counts)
    longest = max((counts.get(step, 0) for step in stages), default=0)
    busy = [day for day in one.days if day.counts]
    most = max((_most(day) for day in one.days), default=0)
    steps = [step for step in Step if counts.get(step)]
    return FunnelChart(
        form=one.form,
        stages=tuple(
            Stage(
                name=step.value,
                count=counts.get(step, 0),
                width=_percent(counts.get(step, 0), longest),
                share=share_text(one.share(step)),
            )
            for step in stages
        ),
        aside=aside_text(counts),
        columns=tuple(_column(day, most) for day in one.days) if most else (),
        most=most,
        spoken=_spoken(busy),
        first_day=day_text(one.days[0].day) if one.days else "",
        last_day=day_text(one.days[-1].day) if one.days else "",
        day_columns=tuple(step.value for step in steps),
        busy_days=tuple(
            DayRow(
                day=day.day.isoformat(), numbers=tuple(day.counts.get(step, 0) for step in steps)
            )
            for day in reversed(busy)
        ),
    )


def day_text(day: date) -> str:
    """As in `26 Nov`."""
    return f"{day.day} {day:%b}"


def _column(day: DayCounts, most: int) -> Column:
    return Column(
        accepted=_percent(day.counts.get(Step.ACCEPTED, 0), most),
        confirmed=_percent(day.counts.get(Step.CONFIRMED, 0), most),
    )


def _most(day: DayCounts) -> int:
    return max(day.counts.get(Step.ACCEPTED, 0), day.counts.get(Step.CONFIRMED, 0))


def _percent(part: int, whole: int) -> float:
    return round(_PERCENT * part / whole, 1) if whole else 0.0


def _spoken(busy: list[DayCounts]) -> str:
    """The table below has every number."""
    if not busy:
        return ""
    top = max(busy, key=_most)
    accepted, confirmed = (top.counts.get(step, 0) for step in (Step.ACCEPTED, Step.CONFIRMED))
    return (
        f"Columns by day. Most on {day_text(top.day)}: {accepted} accepted, {confirmed} confirmed."
    )
