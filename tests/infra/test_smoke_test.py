"""The smoke test after a deployment tells a good one from a bad one."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.examples import ROOT
from tests.infra.script import load
from tests.lists.registered_functions import ROOT as APP

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPT = ROOT / "infra" / "smoke_test.py"


SMOKE_TEST = load(SCRIPT)
DEPLOYED = SMOKE_TEST.Deployed(resource_group="doi-test", app="doi-app", url="https://doi.example")
EXPECTED = {"register", "health", "ready"}


class Azure:
    """Answers `az` as Azure would for this app."""

    def __init__(self, *listed: str) -> None:
        self.listed = listed
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, *arguments: str) -> str:
        self.asked.append(arguments)
        match arguments[:3]:
            case ("functionapp", "function", "list"):
                return json.dumps([f"doi-app/{name}" for name in self.listed])
            case ("functionapp", "keys", "list"):
                return json.dumps("the-key")
        raise AssertionError(arguments)


class App:
    """Answers over HTTP as the app would."""

    def __init__(self, status: int, body: str = "", key: str = "the-key") -> None:
        self.status, self.body, self.key = status, body, key

    def __call__(self, url: str, headers: Mapping[str, str]) -> tuple[int, str]:
        if url.endswith("/api/ready") and headers.get("x-functions-key") != self.key:
            return 401, ""
        return self.status, self.body


def test_it_knows_every_function_of_the_app() -> None:
    asked = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-P", str(APP / "tests/lists/registered_functions.py"), "direct"],
        env=json.loads((ROOT / "local.settings.sample.json").read_bytes())["Values"],
        capture_output=True,
        text=True,
        check=True,
    )
    registered: dict[str, Any] = json.loads(asked.stdout.splitlines()[-1])
    assert SMOKE_TEST.declared_functions(SMOKE_TEST.FUNCTIONS) == set(registered["functions"])


def test_all_functions_there() -> None:
    azure = Azure(*EXPECTED, "a-new-one")

    assert SMOKE_TEST.functions_missing(DEPLOYED, EXPECTED, azure) == ""
    assert "doi-test" in azure.asked[0]


def test_a_missing_function_is_named() -> None:
    mistake = SMOKE_TEST.functions_missing(DEPLOYED, EXPECTED, Azure("health"))

    assert mistake == "Azure does not list ready, register"


@pytest.mark.parametrize(("status", "fine"), [(200, True), (500, False), (404, False), (0, False)])
def test_alive(status: int, fine: bool) -> None:  # noqa: FBT001 - a case of the table above
    assert (SMOKE_TEST.not_alive(DEPLOYED, App(status)) == "") is fine


def test_ready_is_asked_with_the_key() -> None:
    assert SMOKE_TEST.not_ready(DEPLOYED, Azure(), App(200)) == ""
    assert "401" in SMOKE_TEST.not_ready(DEPLOYED, Azure(), App(200, key="another"))


def test_what_is_not_ready_is_shown() -> None:
    body = '{"status": "not ready", "checks": {"queue promotions": "AuthorizationFailure"}}'

    mistake = SMOKE_TEST.not_ready(DEPLOYED, Azure(), App(503, body))

    assert "AuthorizationFailure" in mistake
    assert "the-key" not in mistake


def test_it_is_patient_and_gives_up() -> None:
    answers = iter(["late", "late", ""])
    assert SMOKE_TEST.try_until(lambda: next(answers), patience=5, pause=0.001) == ""
    assert SMOKE_TEST.try_until(lambda: "down", patience=0.01, pause=0.001) == "down"
