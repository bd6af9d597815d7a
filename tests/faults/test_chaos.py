"""The chaos run in its short form: real processes, real kills, every registration accounted for.

`python3 dev.py chaos` is the long form.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
REGISTRATIONS, KILLS, SEED = 60, 6, 3
SECONDS = 280.0

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="freezes and kills processes as only Linux and macOS can"
)


def test_nothing_is_lost_and_nothing_happens_twice() -> None:
    command = [sys.executable, str(ROOT / "dev.py"), "chaos", "--this-python"]
    command += ["--registrations", str(REGISTRATIONS), "--kills", str(KILLS), "--seed", str(SEED)]

    answer = subprocess.run(  # noqa: S603 - the project's own command
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS
    )

    said = f"{answer.stdout}\n{answer.stderr}"
    assert answer.returncode == 0, said
    result = _result_in(answer.stdout)
    assert result["broken"] == [], said
    assert result["kills"] == KILLS, said
    ends = result["ends"]
    assert sum(ends.values()) == result["registrations"] == REGISTRATIONS, said
    assert set(ends) == {"PROMOTED", "PENDING", "DECLINED", "POISONED"}, said
    starts = result["found"]["triggers"] - result["duplicateTriggers"]
    assert starts + result["found"]["journeys started by a row"] == ends["PROMOTED"], said


def _result_in(output: str) -> dict[str, Any]:
    [line] = [line for line in output.splitlines() if line.startswith("RESULT ")]
    result: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    return result
