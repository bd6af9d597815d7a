"""`python3 dev.py bench`: measures, and writes `bench/report.md`, its plots and raw numbers."""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.readme import write_readme
from bench.report import write_report
from bench.results import taken_now, write_result
from bench.scale import FULL, QUICK, Scale
from bench.suite import SUITE
from local.stack.layout import DEFAULT_DATA_FOLDER

FEWEST_ROUNDS = 2
FOLDER = Path(__file__).parent
# A smoke run must not take the place of numbers that somebody waited for.
QUICK_FOLDER = DEFAULT_DATA_FOLDER / "bench"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code. Where a benchmark fails, its exception ends the run."""
    options = _parser().parse_args(arguments)
    folder = _folder(options)
    results = folder / "results"
    scale = QUICK if options.quick else FULL
    if options.rounds:
        scale = replace(scale, rounds=options.rounds, starts=options.rounds)
    if options.records is not None:
        scale = replace(scale, table_sizes=_up_to(options.records, scale.table_sizes))
    try:
        for name in [] if options.report_only else options.names or SUITE:
            _measure(name, results, scale, quick=options.quick)
    finally:  # where one fails, what the others found is told
        write_report(folder / "report.md", results)
        if folder == FOLDER:
            write_readme(folder / "report.md")
    print(f"The report: {folder / 'report.md'}")
    return 0


def folder_of(arguments: Sequence[str]) -> Path:
    """Where these would put the report."""
    return _folder(_parser().parse_args(arguments))


def _folder(options: argparse.Namespace) -> Path:
    folder: Path | None = options.folder
    return folder or (QUICK_FOLDER if options.quick else FOLDER)


def _measure(name: str, results: Path, scale: Scale, *, quick: bool) -> None:
    print(f"{name} …", flush=True)
    taken, started = taken_now(), time.monotonic()
    numbers = SUITE[name].measure(scale)
    seconds = time.monotonic() - started
    result = {"taken": taken, "quick": quick, "seconds": seconds, "numbers": numbers}
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
        help="where the report goes, instead of bench/ (or .local/bench with --quick)",
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
    return f"which to measure, instead of all: {', '.join(SUITE)}"


if __name__ == "__main__":
    raise SystemExit(main())
