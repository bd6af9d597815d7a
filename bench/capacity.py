"""`python3 -m bench.capacity`: what a burst of registrations meets, and what to raise.

Simulates bursts with the published limits and the app's measured CPU times; writes
`bench/capacity.md`, its plots, `capacity.json`, and the tables of `docs/scale.md`. `--measure`
measures the local stack anew.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from bench.burst import comparing, plots
from bench.burst.deployment import Deployment, Scenario
from bench.burst.in_scale import with_tables
from bench.burst.measured import Measured
from bench.burst.measuring import Sizes, measure_here
from bench.burst.raising import best, climb
from bench.burst.report import Results, report
from bench.burst.summary import Run, run_of
from bench.scale import FULL
from local.stack.layout import ROOT

FOLDER = Path(__file__).parent
MEASUREMENTS = FOLDER / "capacity_measured.json"
SCALE = ROOT / "docs" / "scale.md"
SEED = 1
# Bundles that a burst is simulated in: many for what is short, few for a week of coming back.
_BUNDLES, _FEW_BUNDLES = 2_500, 1_000
_ONE_BY_ONE = 1_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Always 0: a limit that is reached is no error."""
    options = _parser().parse_args(arguments)
    measurements = options.folder / MEASUREMENTS.name
    if options.measure:
        measured = measure_here(Sizes())
        measured.write(measurements)
    else:
        measured = Measured.read(options.measured or measurements)
    results = work_out(measured, options.bursts, options.compared, options.seed)
    print(report(results))
    write(results, options.folder)
    return 0


def work_out(measured: Measured, bursts: Sequence[int], compared: int, seed: int = SEED) -> Results:
    """All runs. `compared` is the burst that grains and assumptions are compared with."""
    scenario = Scenario(
        registrations=compared, deployment=Deployment(), seed=seed, times=measured.service_times
    )
    return Results(
        ladders={burst: _ladder(scenario, burst) for burst in bursts},
        grains=_grains(scenario),
        assumptions=list(comparing.assumptions(scenario)),
        measured=measured,
    )


def _ladder(scenario: Scenario, burst: int) -> list[Run]:
    began = time.perf_counter()
    first = replace(scenario, registrations=burst, grain=_grain(burst, _FEW_BUNDLES))
    then = replace(first, grain=_grain(burst, _BUNDLES))
    rungs = list(climb(first, then))
    ends = {"settings": best([rung for rung in rungs if rung.today]), "all": best(rungs)}
    runs = [run_of(rung, [of for of, end in ends.items() if end is rung]) for rung in rungs]
    print(f"{burst:,} registrations: {len(runs)} runs in {time.perf_counter() - began:.0f} s")
    return runs


def _grain(burst: int, bundles: int) -> int:
    return 1 if burst <= _ONE_BY_ONE else max(1, burst // bundles)


def _grains(scenario: Scenario) -> Mapping[str, Sequence[comparing.Compared]]:
    size = scenario.registrations
    return {
        f"{size:,} with a raised quota and two users": list(
            comparing.grains(comparing.raised(scenario), (1, 4, 10, 40))
        ),
        f"{size:,} as deployed at first": list(comparing.grains(scenario, (10, 40))),
    }


def write(results: Results, folder: Path) -> None:
    """`capacity.md`, its plots, and the numbers behind it."""
    (folder / "capacity.md").write_text(report(results), encoding="utf-8")
    runs = {burst: [run.as_json() for run in ladder] for burst, ladder in results.ladders.items()}
    raw = {
        "ladders": runs,
        "grains": {told: [asdict(one) for one in many] for told, many in results.grains.items()},
        "assumptions": [asdict(one) for one in results.assumptions],
    }
    text = json.dumps(raw, indent=1) + "\n"
    (folder / "capacity.json").write_text(text, encoding="utf-8")
    if folder == FOLDER:
        document = SCALE.read_text(encoding="utf-8")
        SCALE.write_text(with_tables(document, json.loads(text)), encoding="utf-8")
    raised = {"with settings alone": results.settings, "as docs/scale.md plans": results.last}
    mails = {"as deployed at first": results.first, **raised}
    plots.shares(folder / "capacity_mail.svg", mails, "mail", "From the registration to its mail")
    plots.shares(
        folder / "capacity_promote.svg", raised, "promote", "From the click to Dataverse and CIJ"
    )
    plots.depths(
        folder / "capacity_depth.svg",
        results.first,
        "Messages in queue registrations, as deployed at first",
    )
    plots.validation(folder / "capacity_validation.svg", results.measured)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m bench.capacity", description=__doc__)
    parser.add_argument(
        "--bursts", type=int, nargs="+", default=FULL.bursts, metavar="N", help="registrations"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--measure", action="store_true", help="start a stack and measure it first")
    parser.add_argument("--measured", type=Path, help="the measurements to use")
    parser.add_argument("--compared", type=int, default=FULL.compared_burst, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where it is written")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
