"""What is said of a number and its goal."""

import pytest

from bench.finding import Finding, findings_table
from bench.report import glance_in
from bench.rounds import Spread


@pytest.mark.parametrize(
    ("measured", "at_least", "met"),
    [(0.69, True, False), (0.7, True, True), (0.7, False, True), (0.71, False, False)],
)
def test_a_goal_is_met_by_the_median(measured: float, *, at_least: bool, met: bool) -> None:
    spread = Spread.of([0, measured, 9])
    assert Finding(what="x", measured=spread, goal=0.7, at_least=at_least).met is met


def test_the_table_says_what_is_not_met() -> None:
    findings = [
        Finding(what="fast", measured=Spread.of([0.8, 0.9, 1]), goal=0.7, at_least=True),
        Finding(what="many", measured=Spread.of([19]), goal=18, digits=0),
    ]
    rows = findings_table(findings).splitlines()[2:]
    assert rows == [
        "| fast | **0.90 (0.80 to 1.00)** | at least 0.7 | yes |",
        "| many | **19** | at most 18 | **no** |",
    ]


def test_the_table_is_found_in_a_report() -> None:
    assert glance_in("# R\n\n## At a glance\n\n| a |\n| b |\n\n## register\n") == "| a |\n| b |\n"


def test_a_report_without_one_is_told() -> None:
    with pytest.raises(ValueError, match="no table of goals"):
        glance_in("# R\n")
