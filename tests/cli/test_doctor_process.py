"""`doi doctor` as a process of its own, with settings that may be wrong, and asking a real app."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from local.storage_setup import QUEUES, TABLES
from shared.examined_settings import THREADS
from shared.settings import Settings
from tests.cli.deployed_app import KEY, deployed_app
from tests.cli.operated_linkedin import DONE, NO_ANSWER, NOT_ALL_DONE, REFUSED, SETTINGS_WRONG
from tests.fresh_process import doi as doi_process
from tests.lists.conftest import sample_settings
from tests.mailers.acs_simulator import AcsSimulator
from tests.mailers.http_provider import Fault

SECONDS = 60


def doi(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """With these settings and no others."""
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DOI_", "LINKEDIN_", "FORM_", "SMTP_", "AzureWebJobs"))
    }
    ended = doi_process(*arguments, settings=others | settings, columns=100)
    assert KEY not in ended.stdout + ended.stderr
    return ended


def states(ended: subprocess.CompletedProcess[str]) -> dict[tuple[str, str], str]:
    """By group and check."""
    listed: list[dict[str, Any]] = json.loads(ended.stdout)
    return {(each["group"], each["check"]): each["state"] for each in listed}


def test_without_any_setting_every_one_that_is_needed_is_named() -> None:
    ended = doi("doctor", "--json")
    assert ended.returncode == NOT_ALL_DONE
    said = states(ended)
    needed = {
        *(str(field.alias) for field in Settings.model_fields.values() if field.is_required()),
        "AzureWebJobsStorage__queueServiceUri",
        "AzureWebJobsStorage__tableServiceUri",
    }
    missing = {name for (group, name), state in said.items() if state == "missing"}
    assert missing >= needed
    assert said["settings", THREADS] == "warning"
    for group in ("storage", "mail"):
        assert said[group, "settings"] == "unknown"
    assert ended.stderr == ""


def test_one_wrong_setting_does_not_hide_the_rest(azurite: str) -> None:
    settings = sample_settings() | {"AzureWebJobsStorage": azurite, "DOI_PEPPER": "short"}
    said = states(doi("doctor", "--json", "--only", "settings", "--only", "storage", **settings))
    assert said["settings", "DOI_PEPPER"] == "missing"
    assert ("storage", "settings") not in said


def test_broken_forms_are_named_and_the_others_looked_at() -> None:
    settings = sample_settings() | {"FORM_TRIGGER_WHITEPAPER": ""}
    ended = doi("doctor", "--json", "--only", "forms", **settings)
    said = states(ended)
    assert ended.returncode == NOT_ALL_DONE
    assert said["forms", "form file whitepaper.json"] == "missing"
    assert said["forms", "form newsletter"] == "ok"


def test_a_settings_file_that_is_none_ends_it() -> None:
    assert doi("--settings", "nowhere.json", "doctor").returncode == SETTINGS_WRONG


def test_it_needs_no_settings_to_ask_an_app_that_is_not_there() -> None:
    ended = doi("doctor", "--app", "http://127.0.0.1:9", DOI_FUNCTION_KEY=KEY)
    assert ended.returncode == NO_ANSWER
    assert ended.stderr.startswith("the app: no answer (ConnectionError)")
    assert len(ended.stderr.splitlines()) == 1


@pytest.fixture(scope="module")
def url(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with deployed_app(azurite, tmp_path_factory.mktemp("app")) as url:
        yield url


def test_a_deployed_app_is_asked_with_its_key(url: str) -> None:
    ended = doi("doctor", "--app", url, "--json", DOI_FUNCTION_KEY=KEY)
    assert ended.returncode == DONE, ended.stdout + ended.stderr
    said = states(ended)
    assert said["storage", "queue registrations"] == "ok"
    assert said["mail", "smtp access"] == "ok"
    assert said["mail", "smtp sender newsletter@contoso.example"] == "ok"
    assert said["linkedin", "LinkedIn"] == "ok"
    assert said["settings", "X-Forwarded-For"] == "ok"  # the host adds one entry, as Azure does
    assert said["settings", "DOI_PUBLIC_URL"] == "warning"
    assert not set(said.values()) & {"missing", "unknown"}


def test_for_people_it_looks_the_same(url: str) -> None:
    ended = doi("doctor", "--app", f"{url}/", "--only", "storage", DOI_FUNCTION_KEY=KEY)
    assert ended.stdout.splitlines()[1] == "storage"
    assert ended.stdout.splitlines()[-1] == f"{2 * len(QUEUES) + len(TABLES)} ok"


@pytest.mark.parametrize("key", [{}, {"DOI_FUNCTION_KEY": "another"}])
def test_a_key_that_is_missing_or_wrong(url: str, key: dict[str, str]) -> None:
    ended = doi("doctor", "--app", url, **key)
    assert ended.returncode == REFUSED
    assert ended.stderr.startswith("the app: 401: set the environment variable DOI_FUNCTION_KEY")


@pytest.mark.parametrize("query", ["", "?detail=all", "?detail=nonsense"])
def test_nobody_learns_anything_without_the_key(url: str, query: str) -> None:
    answer = requests.get(f"{url}/api/ready{query}", timeout=SECONDS)
    assert (answer.status_code, answer.content) == (401, b"")


@pytest.fixture
def elsewhere() -> Iterator[AcsSimulator]:
    """A web server that is not this app."""
    server = AcsSimulator()
    yield server
    server.close()


def test_something_else_is_no_app(elsewhere: AcsSimulator) -> None:
    ended = doi("doctor", "--app", elsewhere.url, DOI_FUNCTION_KEY=KEY)
    assert ended.returncode == REFUSED
    assert ended.stderr.startswith("the app: 404: no such app there")


def test_the_key_does_not_follow_a_redirect(url: str, elsewhere: AcsSimulator) -> None:
    elsewhere.faults.append(Fault(status=307, location=f"{url}/api/ready?detail=all"))
    ended = doi("doctor", "--app", elsewhere.url, DOI_FUNCTION_KEY=KEY)
    assert ended.returncode == REFUSED
    assert ended.stderr == "the app: 307: is it this app, and of this version?\n"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_app_that_did_not_start(elsewhere: AcsSimulator, status: int) -> None:
    elsewhere.faults.append(Fault(status=status))
    ended = doi("doctor", "--app", elsewhere.url, DOI_FUNCTION_KEY=KEY)
    assert ended.returncode == NO_ANSWER
    assert f"the app: {status}: an app whose settings are wrong does not start" in ended.stderr
