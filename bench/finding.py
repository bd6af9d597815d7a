"""A number with its goal: what the report and the README say first."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.rounds import Spread
from local.markdown import table


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`measured` is a ratio, or a count that is the same in each round."""

    what: str
    measured: Spread
    goal: float
    at_least: bool = False
    digits: int = 2

    @property
    def met(self) -> bool:
        """By the median."""
        median = self.measured.median
        return median >= self.goal if self.at_least else median <= self.goal

    def told(self) -> tuple[str, str, str, str]:
        """A row of the table."""
        one = self.measured.lowest == self.measured.highest
        measured = (
            f"{self.measured.median:.{self.digits}f}" if one else self.measured.shown(self.digits)
        )
        goal = f"{'at least' if self.at_least else 'at most'} {self.goal:g}"
        return self.what, f"**{measured}**", goal, "yes" if self.met else "**no**"


def findings_table(findings: Iterable[Finding]) -> str:
    """Markdown."""
    head = ("median (lowest to highest round)", "measured", "goal", "met")
    return table(head, [finding.told() for finding in findings])
