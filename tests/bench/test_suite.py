"""The benchmarks: that each runs and reports all its parts. Never how long anything takes."""

import json
import os
import re
from pathlib import Path

import pytest

from bench.__main__ import FOLDER, SHORT_FOLDER, folder_of, main
from bench.readme import README, with_numbers
from bench.results import taken_now, write_result
from bench.suite import SUITE

PARTS = {
    "register": [
        r"^\| register \| 64 \| [\d,]+ \(",
        r"^\| bare puts, SDK \| 16 \|",
        r"^\| empty function \| 1 \|",
        r"^p50 of one connection, .*\*\*\d",
        r"^\| bare puts, plain HTTP \| 64 \|",
        r"^\| register \| 1 \|( [\d.]+ \|){3}( \d+% \|){3}$",  # whose time it is
        r"^The app's own share: .* takes \*\*[\d.]+ ms\*\* .*\(.*the app \d+%",
    ],
    "ways": [
        r"^\| a request of our own \(as the app does it\) \| 1 \|",
        r"^\| the SDK's client, in threads \| 64 \| .* \*\*1\.00 \(1\.00 to 1\.00\)\*\* \|$",
        r"^\| an output binding of the host \| 16 \|",
    ],
    "send": [
        r"^Ratio: \*\*[\d.]+ \(.* Timed from the first mail caught to the last",
        r"^\| send_confirmation \| \d+ \(.*\| [\d.]+ \| [\d.]+ \|$",
    ],
    "confirm": [
        r"`POST /api/data/v9\.2/\$batch`, `POST /api/data/v9\.2/msdynmkt_doiconfirmed_1234567`",
        r"Timed from the first click to the last answer",
        r"^\| confirm → promoted \| 64 \|",
        r"^\| its Dataverse calls, bare \| 1 \| .* \*\*[\d.]+ \(",
        r"^\| its Dataverse and storage calls, bare \| 16 \| .* \*\*[\d.]+ \(",
    ],
    "growth": [
        r"^\| 0 \| register \|",
        r"^\| 300 \| confirm → promoted \| .* \*\*[\d.]+ \(",
        r"^Filling took 300 rows in ",
        r"^Expiry: 12 unconfirmed records",
    ],
    "expiry": [
        r"^20 records that nobody confirmed, .*\(40 rows\)",
        r"Left of their rows: \*\*0\*\*\.",
    ],
    "webhook": [r"^### Cold: a fresh process", r"^### Warm: on the running local stack"],
    "capacity": [
        r"^\| 40 \| the first mail quota \| .* \| nothing \|$",
        r"^\| 150 \| settings and quotas \| ",
        r"\[capacity\.md\]\(capacity\.md\)",
    ],
    "timing": [r"^3 calls for each of 5 kinds of address", r"^Power: a shift of"],
    "operations": [
        r"included: \*\*18\*\*",
        r"All had the same, but for the first one of the process and day: .*originkeys",
        r"^\| register \| 1 \| Put Message \(registrations\) \|$",
        r"^\| \*\*together\*\* \| \*\*\$[\d.,]+\*\* \|$",
    ],
    "cold": [
        r"^\| import azure\.functions \| .* \*\*1\.00 \(1\.00 to 1\.00\)\*\*",
        r"^\| .*accept a registration \| .* \| 1\.6 \| \d+ \|$",
        r"^\| .*LinkedIn's challenge \| .* \| 1\.2 \| \d+ \|$",
        r"^\| pydantic \| [\d.]+ \|$",
    ],
}


@pytest.mark.stack
@pytest.mark.parametrize("name", SUITE)
def test_it_runs_and_reports(name: str, tmp_path: Path) -> None:
    assert main([name, "--quick", "--folder", str(tmp_path)]) == 0
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    for part in PARTS[name]:
        assert re.search(part, text, re.MULTILINE), f"{part} is not in\n{text}"
    assert "A smoke run" in text
    result = json.loads((tmp_path / "results" / f"{name}.json").read_text(encoding="utf-8"))
    assert result["quick"] is True
    assert result["numbers"]
    for shown in re.findall(r"\]\((results/.+?\.svg)\)", text):
        svg = (tmp_path / shown).read_text(encoding="utf-8")
        assert "<svg" in svg
    assert text.count("Not measured yet") == len(SUITE) - 1


def test_the_readme_has_the_goals_of_the_report() -> None:
    """`python3 dev.py bench --report-only` writes both anew."""
    assert README.read_text(encoding="utf-8") == with_numbers(README, FOLDER / "report.md")


def test_the_report_has_what_other_runs_found(tmp_path: Path) -> None:
    taken = taken_now()
    for name, text in (("webhook", "# W\n\n## Cold\n\ncold."), ("timing", "# T\n\ntimed.")):
        numbers = {"report": text}
        result = {"taken": taken, "rounds": 7, "quick": False, "seconds": 2, "numbers": numbers}
        write_result(tmp_path / "results", name, result)
    main(["--report-only", "--folder", str(tmp_path)])
    report = tmp_path / "report.md"
    text = report.read_text(encoding="utf-8")
    assert "## W\n" in text
    assert "### Cold\n\ncold." in text
    assert text.index("## W\n") < text.index("## T\n\n")
    assert "A smoke run" not in text
    assert text.count("Not measured yet") == len(SUITE) - 2


def test_numbers_of_an_older_form_do_not_hide_the_others(tmp_path: Path) -> None:
    taken = taken_now()
    for name, numbers in (("webhook", {}), ("timing", {"report": "# T\n\ntimed."})):
        result = {"taken": taken, "rounds": 7, "quick": False, "seconds": 2, "numbers": numbers}
        write_result(tmp_path / "results", name, result)
    main(["--report-only", "--folder", str(tmp_path)])
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "## webhook\n\nMeasured by an older form of it: `python3 dev.py bench webhook`." in text
    assert "## T\n" in text


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        (["register"], FOLDER),
        (["--quick"], SHORT_FOLDER),
        (["--rounds", "2"], SHORT_FOLDER),
        (["--records", "1000"], SHORT_FOLDER),
        (["--quick", "--folder", "x"], Path("x").resolve()),
        (["--folder", os.path.relpath(FOLDER)], FOLDER),
    ],
)
def test_a_shorter_run_leaves_real_numbers_alone(arguments: list[str], folder: Path) -> None:
    assert folder_of(arguments) == folder
