"""The command: that it runs, tells the same twice, and measures the stack. Never how long."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench import capacity
from bench.burst import host_log, predicting
from bench.burst.measured import Measured
from bench.burst.measuring import Sizes, measure
from bench.burst.registering import registering
from bench.burst.words import dollars, duration
from bench.running_stack import Target
from bench.scale import FULL
from tests.bench.test_webhook import ready
from tests.running_stack import Stack

MEASURED = capacity.FOLDER / "capacity_measured.json"


def run(folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    sizes = ["--bursts", "40", "150", "--compared", "60"]
    assert capacity.main([*sizes, "--measured", str(MEASURED), "--folder", str(folder)]) == 0
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_runs_and_tells_the_same_twice(tmp_path: Path) -> None:
    first = run(tmp_path / "first")
    assert run(tmp_path / "second") == first
    text = first["capacity.md"].decode()
    assert "### 150 registrations" in text
    assert "model, " in text
    for name in ("mail", "promote", "depth", "validation"):
        assert f"(capacity_{name}.svg)" in text
        assert first[f"capacity_{name}.svg"].startswith(b"<?xml")
    ladders = json.loads(first["capacity.json"])["ladders"]
    assert [run["registrations"] for run in ladders["150"]][:1] == [150]


def test_the_report_in_the_repository_has_all_bursts() -> None:
    raw = json.loads((capacity.FOLDER / "capacity.json").read_text(encoding="utf-8"))
    assert list(raw["ladders"]) == [str(burst) for burst in FULL.bursts]
    text = (capacity.FOLDER / "capacity.md").read_text(encoding="utf-8")
    for burst in FULL.bursts:
        assert f"### {burst:,} registrations" in text


@pytest.mark.stack
def test_it_measures_the_stack(stack: Stack, tmp_path: Path) -> None:
    few = Sizes(alone=2, saturated=12, registrations=12, clicks=5, gap=0.1, rounds=1, later=3.0)
    sizes = replace(few, steady=9.0, quiet=9.0)  # however busy the machine is
    log = stack.data / "logs" / "functions.log"
    register = registering(sizes.saturated, sizes.rounds)
    found = measure(Target.of_ready(ready(stack)), log, sizes, register)
    assert set(found.stations) == {"register", "send", "put back", "page", "confirm"}
    assert all(one.alone > 0 < one.per_second and one.cpu > 0 for one in found.stations.values())
    assert len(found.bursts["mail"].seconds) == 12
    assert len(found.bursts["confirm"].seconds) == 5
    found.write(tmp_path / "measured.json")
    again = Measured.read(tmp_path / "measured.json")
    assert again == found
    for predict, burst in ((predicting.mail, "mail"), (predicting.confirm, "confirm")):
        predicted = predict(again, again.bursts[burst].paces[0])
        assert predicted.durations.count == len(again.bursts[burst].arrivals)


def test_the_log_tells_when_each_registration_got_how_far(tmp_path: Path) -> None:
    log = tmp_path / "functions.log"
    before = "2026-11-26 04:31:14,000 INFO host: register (POST /api) succeeded with 202 in 7 ms\n"
    log.write_text(
        before
        + '2026-11-26 04:31:15,180 INFO doi: {"event":"accepted","registration":"a"}\n'
        + "2026-11-26 04:31:15,181 INFO host: register (POST /api) succeeded with 202 in 9 ms\n"
        + "a line of something else\n"
        + '2026-11-26 04:31:15,430 INFO doi: {"event":"mailed","registration":"a"}\n'
        + '2026-11-26 04:31:15,500 INFO doi: {"event":"accepted","registration":"b"}\n'
        + '2026-11-26 04:31:15,600 INFO doi: {"event":"queue_depth","queue":"registrations"}\n',
        encoding="utf-8",
    )
    found = host_log.read(log, len(before))
    assert found.ran == {"register": [0.009]}
    assert found.between("accepted", "mailed") == pytest.approx([0.25])
    assert len(found.times("accepted")) == 2


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, "\N{EN DASH}"),
        (0.014, "0.01 s"),
        (1.25, "1.2 s"),
        (119, "119 s"),
        (780, "13 min"),
        (1e6, "12 d"),
    ],
)
def test_durations_as_people_read_them(seconds: float | None, told: str) -> None:
    assert duration(seconds) == told


def test_dollars_as_people_read_them() -> None:
    assert [dollars(amount) for amount in (0.014, 99.5, 5270.1)] == ["$0.01", "$99.50", "$5,270"]
