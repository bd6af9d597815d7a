"""After a deployment: does the app answer, can it do its work, are all functions there?

    python3 infra/smoke_test.py --resource-group doi-test --app NAME --url https://HOST

Needs `az`, signed in, and nothing but Python's standard library. Exit code 1 when a check fails.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

FUNCTIONS = Path(__file__).resolve().parents[1] / "functions"
_NAME = re.compile(r"""@blueprint\.function_name\("(\w+)"\)""")
_PATIENCE_SECONDS = 300.0  # an app that was just deployed starts anew, and Azure lists it late
_PAUSE_SECONDS = 10.0

Az = Callable[..., str]
Get = Callable[[str, Mapping[str, str]], tuple[int, str]]


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """What was deployed, and where."""

    resource_group: str
    app: str
    url: str


def declared_functions(folder: Path) -> set[str]:
    """The names that the app's files give their functions."""
    return {
        name
        for file in folder.glob("*.py")
        for name in _NAME.findall(file.read_text(encoding="utf-8"))
    }


def functions_missing(deployed: Deployed, expected: set[str], az: Az) -> str:
    """Empty when Azure lists them all. A worker that could not load the app lists none."""
    place = ("--resource-group", deployed.resource_group, "--name", deployed.app)
    listed = json.loads(az("functionapp", "function", "list", *place, "--query", "[].name"))
    missing = expected - {name.rpartition("/")[2] for name in listed}
    return f"Azure does not list {', '.join(sorted(missing))}" if missing else ""


def not_alive(deployed: Deployed, get: Get) -> str:
    """Empty when the app has loaded its settings and forms."""
    status, _ = get(f"{deployed.url}/api/health", {})
    return "" if status == 200 else f"answers {status}; the log names what it lacks"  # noqa: PLR2004


def not_ready(deployed: Deployed, az: Az, get: Get) -> str:
    """Empty when it can do its work; else what it says is wrong."""
    place = ("--resource-group", deployed.resource_group, "--name", deployed.app)
    key = json.loads(az("functionapp", "keys", "list", *place, "--query", "functionKeys.default"))
    status, body = get(f"{deployed.url}/api/ready", {"x-functions-key": key})
    return "" if status == 200 else f"answers {status}: {body}"  # noqa: PLR2004


def try_until(check: Callable[[], str], *, patience: float, pause: float) -> str:
    """The last mistake, or empty as soon as there is none."""
    end = time.monotonic() + patience
    while mistake := check():
        if time.monotonic() + pause > end:
            return mistake
        time.sleep(pause)
    return ""


def run_az(*arguments: str) -> str:
    """What the command printed. Raises subprocess.CalledProcessError; stderr has the reason."""
    az = shutil.which("az") or "az"  # on Windows it is a .cmd file, which only its path finds
    command = [az, *arguments, "--output", "json"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return ended.stdout


def get_over_https(url: str, headers: Mapping[str, str]) -> tuple[int, str]:
    """Status and body; status 0 where nobody answered."""
    request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310 - from our deployment
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - likewise
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode(errors="replace")
    except OSError as error:
        return 0, str(error)


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description="Checks an app that was just deployed.")
    for name in ("--resource-group", "--app", "--url"):
        parser.add_argument(name, required=True)
    given = parser.parse_args()
    deployed = Deployed(resource_group=given.resource_group, app=given.app, url=given.url)
    expected = declared_functions(FUNCTIONS)
    checks: dict[str, Callable[[], str]] = {
        "health": lambda: not_alive(deployed, get_over_https),
        "functions": lambda: functions_missing(deployed, expected, run_az),
        "ready": lambda: not_ready(deployed, run_az, get_over_https),
    }
    failed = False
    for name, check in checks.items():
        mistake = try_until(check, patience=_PATIENCE_SECONDS, pause=_PAUSE_SECONDS)
        print(f"{name}: {mistake or 'ok'}")
        failed = failed or bool(mistake)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
