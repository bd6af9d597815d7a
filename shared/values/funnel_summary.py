"""What the rows of all processes say together: a form's funnel, and the latest registrations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.values.funnel import MOST_LATEST, FunnelRow, Move, Step, sum_of


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    """One day (UTC) of a form."""

    day: date
    counts: Mapping[Step, int]


@dataclass(frozen=True, kw_only=True)
class FormFunnel:
    """A form's counts over a time, and of each of its days, those without any included."""

    form: str
    counts: Mapping[Step, int]
    days: tuple[DayCounts, ...]

    def share(self, step: Step) -> float | None:
        """Of what was accepted, from 0 on. None where nothing was.

        More than 1 is possible: who confirms today may have signed up before the time began.
        """
        accepted = self.counts.get(Step.ACCEPTED, 0)
        return self.counts.get(step, 0) / accepted if accepted else None


@dataclass(frozen=True, kw_only=True)
class LatestMove:
    """A registration of a form, and what happened to it last."""

    form: str
    move: Move


def funnels_of(
    rows: Sequence[FunnelRow], forms: Iterable[str], since: date, until: date
) -> list[FormFunnel]:
    """Of each of `forms` and of any other that has rows; the busiest first. Both days count."""
    names = dict.fromkeys([*forms, *(row.form for row in rows)])
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    found = [_funnel(name, [row for row in rows if row.form == name], days) for name in names]
    return sorted(found, key=lambda one: (-one.counts.get(Step.ACCEPTED, 0), one.form))


def latest_of(rows: Iterable[FunnelRow], most: int = MOST_LATEST) -> list[LatestMove]:
    """The registrations to which something happened last, the newest first.

    A row that is full has forgotten what came before its oldest move. What is older than that is
    left out: something newer may have happened to it.
    """
    by_form: dict[str, list[FunnelRow]] = {}
    for row in rows:
        by_form.setdefault(row.form, []).append(row)
    found = [
        LatestMove(form=form, move=move) for form, its in by_form.items() for move in _latest(its)
    ]
    return sorted(found, key=lambda one: one.move.at, reverse=True)[:most]


def _latest(rows: Sequence[FunnelRow]) -> list[Move]:
    known_from: datetime | None = max(
        (row.latest[0].at for row in rows if len(row.latest) >= MOST_LATEST), default=None
    )
    newest: dict[str, Move] = {}
    for move in sorted((move for row in rows for move in row.latest), key=lambda move: move.at):
        newest[move.registration] = move
    return [move for move in newest.values() if known_from is None or move.at >= known_from]


def _funnel(form: str, rows: Sequence[FunnelRow], days: Sequence[date]) -> FormFunnel:
    by_day: dict[date, list[FunnelRow]] = {day: [] for day in days}
    for row in rows:
        if row.day in by_day:
            by_day[row.day].append(row)
    counted = tuple(
        DayCounts(day=day, counts=sum_of(row.counts for row in its)) for day, its in by_day.items()
    )
    return FormFunnel(form=form, counts=sum_of(each.counts for each in counted), days=counted)
