"""The report, made anew from the raw numbers that are there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.finding import Finding, findings_table
from bench.results import read_result
from bench.suite import SUITE

INTRODUCTION = """# Benchmarks

`python3 dev.py bench` measures all of this and writes this page; `python3 dev.py bench NAME …`
measures the named ones again and leaves the others as they are. Everything is a ratio to a
yardstick measured in the same run, in alternating rounds, after a round that does not count:
median (lowest to highest) of the rounds. Load comes from a process of its own, over HTTP (for the
webhook and the timing from that of the benchmark), and a wrong answer ends the run. All of it
shares one machine: the numbers tell how the app compares with its yardstick there, not what Azure
reaches. What is simulated for Azure is in [capacity.md](capacity.md). Raw numbers are in
[results/](results/).
"""


def write_report(report: Path, results: Path) -> None:
    """`report` is the Markdown file; `results` has the numbers, and gets the plots."""
    parts, findings, missing = [], list[Finding](), list[str]()
    for name, benchmark in SUITE.items():
        result = read_result(results, name)
        if result is None:
            parts.append(f"## {name}\n\nNot measured yet: {_again(name)}.\n")
            missing.append(name)
            continue
        try:
            section = benchmark.present(result["numbers"])
            taken = _taken(name, result)
        except KeyError:
            # The others' numbers are worth a report all the same.
            parts.append(f"## {name}\n\nMeasured by an older form of it: {_again(name)}.\n")
            missing.append(name)
            continue
        for file, svg in section.plots.items():
            (results / file).write_text(svg, encoding="utf-8")
        findings += section.findings
        parts.append(f"## {section.title}\n\n{taken}\n\n{section.text.strip()}\n")
    glance = f"## At a glance\n\n{findings_table(findings)}" if findings else ""
    if missing:
        glance += f"\nNot measured: {', '.join(missing)}.\n"
    text = "\n".join(part for part in (INTRODUCTION, glance, *parts) if part)
    report.write_text(text, encoding="utf-8")


def glance_in(report: str) -> str:
    """The table of the goals, as the report has it. Raises ValueError where it has none."""
    _, found, rest = report.partition("## At a glance\n\n")
    if not found:
        raise ValueError("the report has no table of goals")
    return rest.partition("\n\n")[0] + "\n"


def _taken(name: str, result: Mapping[str, Any]) -> str:
    taken = result["taken"]
    quick = " A smoke run: it says that the benchmark works, and nothing else." * result["quick"]
    load = taken["loadBefore"]
    busy = f", load {load:g} before it began" if load else ""
    return (
        f"*{taken['at']}, {taken['machine']}{busy}, Python {taken['python']}, commit "
        f"{taken['commit']}, {result['rounds']} rounds, {result['seconds']:.0f} s; "
        f"again: {_again(name)}.*{quick}"
    )


def _again(name: str) -> str:
    return f"`python3 dev.py bench {name}`"
