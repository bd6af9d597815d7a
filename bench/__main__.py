"""`python3 dev.py bench`: measures, and writes `bench/report.md`, its plots and raw numbers."""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.readme import write_readme
from bench.report import write_report
from bench.results import taken_now, write_result
from bench.scale import FULL, QUICK, Scale
from bench.suite import SUITE
from local.stack.console import complain
from local.stack.layout import DEFAULT_DATA_FOLDER
from local.stack.problem import Problem

FEWEST_ROUNDS = 2
FOLDER = Path(__file__).parent
# What is shorter must not take the place of numbers that somebody waited for.
SHORT_FOLDER = DEFAULT_DATA_FOLDER / "bench"
EXIT_FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 where a benchmark failed; what was measured before it is kept."""
    options = _parser().parse_args(arguments)
    if sys.platform == "win32":
        complain("The benchmarks freeze processes as only Linux and macOS can.")
        return EXIT_FAILED
    folder = _folder(options)
    try:
        run = Run(taken=taken_now(), scale=_scale(options), quick=options.quick)
        for name in [] if options.report_only else options.names or SUITE:
            _measure(name, folder / "results", run)
    except Problem as problem:
        complain(str(problem))
        return EXIT_FAILED
    finally:
        if (folder / "results").exists():
            write_report(folder / "report.md", folder / "results")
    if folder == FOLDER:
        write_readme(folder / "report.md")
    print(f"The report: {folder / 'report.md'}")
    return 0


def _scale(options: argparse.Namespace) -> Scale:
    scale = QUICK if options.quick else FULL
    if options.rounds:
        scale = replace(scale, rounds=options.rounds, starts=options.rounds)
    if options.records is not None:
        scale = replace(scale, table_sizes=_up_to(options.records, scale.table_sizes))
    return scale


def folder_of(arguments: Sequence[str]) -> Path:
    """Where these would put the report."""
    return _folder(_parser().parse_args(arguments))


def _folder(options: argparse.Namespace) -> Path:
    folder: Path | None = options.folder
    if folder is not None:
        return folder.resolve()
    return SHORT_FOLDER if options.quick or options.rounds or options.records else FOLDER


@dataclass(frozen=True, kw_only=True)
class Run:
    """`taken`: when, where, and how busy the machine was before the first benchmark began."""

    taken: Mapping[str, Any]
    scale: Scale
    quick: bool


def _measure(name: str, results: Path, run: Run) -> None:
    print(f"{name} …", flush=True)
    started = time.monotonic()
    numbers = SUITE[name].measure(run.scale)
    seconds = time.monotonic() - started
    result = {
        "taken": run.taken,
        "rounds": run.scale.rounds,
        "quick": run.quick,
        "seconds": seconds,
        "numbers": numbers,
    }
    write_result(results, name, result)
    print(f"{name}: {seconds:.0f} s", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*SUITE, []], help=_names())
    parser.add_argument("--quick", action="store_true", help="in seconds, to see that it works")
    parser.add_argument("--rounds", type=_rounds, metavar="N", help="instead of 7; 2 or more")
    parser.add_argument(
        "--records",
        type=int,
        metavar="N",
        help="the most that the table grows to: a million take some minutes to be put there",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        help="where the report goes: bench/, but .local/bench with --quick, --rounds or --records",
    )
    parser.add_argument(
        "--report-only", action="store_true", help="from the numbers that are there"
    )
    return parser


def _up_to(most: int, sizes: Sequence[int]) -> tuple[int, ...]:
    return (*(size for size in sizes if size < most), most)


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < FEWEST_ROUNDS:
        raise argparse.ArgumentTypeError(f"{FEWEST_ROUNDS} or more")
    return rounds


def _names() -> str:
    return (
        f"which to measure, instead of all: {', '.join(SUITE)}."
        " capacity simulates bursts, and writes bench/capacity.md, too"
    )


if __name__ == "__main__":
    raise SystemExit(main())
