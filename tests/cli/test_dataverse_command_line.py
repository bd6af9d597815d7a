"""`python -m cli dataverse …` as a process of its own, with the app's real wiring."""

import json
import os
import subprocess
from collections.abc import Iterator

import pytest

from local.dataverse_simulator import RunningDataverse
from local.dataverse_simulator.seed import ADMINISTRATOR
from tests.dataverse_setup.commands import DONE, NO_ANSWER, NOT_ALL_DONE, REFUSED, SETTINGS_WRONG
from tests.fakes.dataverse import APPLICATION_ID
from tests.fresh_process import doi as doi_process
from tests.lists.conftest import sample_settings

NOBODY = "http://127.0.0.1:9"
# As the portal and `az functionapp config appsettings list` show them: only Azure looks them up.
UNRESOLVED = dict.fromkeys(
    ("DOI_PEPPER", "DOI_TOKEN_KEYS", "LINKEDIN_CLIENT_SECRET", "LINKEDIN_WEBHOOK_SECRET"),
    "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/some/)",
)


def doi(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    with_settings = os.environ | sample_settings() | UNRESOLVED | settings
    return doi_process("dataverse", *arguments, settings=with_settings)


@pytest.fixture(scope="module")
def settings() -> Iterator[dict[str, str]]:
    """Of an administrator; the app itself is APPLICATION_ID."""
    with RunningDataverse() as running:
        yield {
            "DATAVERSE_URL": running.url,
            "IDENTITY_ENDPOINT": f"{running.url}/msi/token",
            "AZURE_CLIENT_ID": ADMINISTRATOR.application_id,
        }


@pytest.mark.parametrize("command", ["role", "table"])
def test_help_needs_no_settings(command: str) -> None:
    shown = doi(command, "--help", DATAVERSE_URL="", DOI_FORMS_FOLDER="nowhere")
    assert shown.returncode == DONE, shown.stderr
    assert f"doi dataverse {command}" in shown.stdout


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"DATAVERSE_URL": ""}, "DATAVERSE_URL: "),
        ({"DATAVERSE_URL": "http://contoso.crm4.dynamics.com"}, "DATAVERSE_URL: "),
        ({"DOI_CREDENTIAL": "password"}, "DOI_CREDENTIAL: "),
        ({"FORM_TRIGGER_NEWSLETTER": ""}, "newsletter.json at /trigger/name: the setting FORM_TR"),
        ({"DOI_FORMS_FOLDER": "nowhere"}, "nowhere"),
    ],
)
def test_what_the_commands_need_is_wrong(wrong: dict[str, str], named: str) -> None:
    answer = doi("role", **wrong)
    assert (answer.returncode, answer.stdout) == (SETTINGS_WRONG, "")
    assert named in answer.stderr


def test_a_broken_form_that_the_app_skips_is_skipped() -> None:
    answer = doi("table", DOI_BROKEN_FORMS="skip", FORM_TRIGGER_NEWSLETTER="", DATAVERSE_URL=NOBODY)
    assert answer.returncode == DONE, answer.stderr


def test_dataverse_does_not_answer() -> None:
    nobody = {"DATAVERSE_URL": NOBODY, "IDENTITY_ENDPOINT": f"{NOBODY}/msi/token"}
    shown = doi("role", **nobody)
    assert shown.returncode == DONE
    assert "prvCreateContact" in shown.stdout
    assert "could not be asked" in shown.stderr
    made = doi("role", "--create", "--yes", **nobody)
    assert (made.returncode, made.stdout) == (NO_ANSWER, "")
    assert "try again; what was made already is not made twice" in made.stderr


def test_an_administrator_makes_role_and_table(settings: dict[str, str]) -> None:
    made = doi("table", "--prefix", "abc", "--create", "--yes", "--json", **settings)
    assert made.returncode == DONE, made.stderr
    assert [one["complete"] for one in json.loads(made.stdout)] == [True]
    role = ("role", "--name", "Fresh", "--create", "--assign", "--application", APPLICATION_ID)
    for added, assigned in ((26, True), (0, False)):
        given = doi(*role, "--yes", "--json", **settings)
        assert given.returncode == DONE, given.stderr
        told = json.loads(given.stdout)
        assert (len(told["added"]), told["assigned"]) == (added, assigned)


def test_without_a_terminal_nobody_says_yes(settings: dict[str, str]) -> None:
    assert doi("role", "--name", "Asked", "--create", **settings).returncode == NOT_ALL_DONE


def test_the_app_itself_may_not(settings: dict[str, str]) -> None:
    own = settings | {"AZURE_CLIENT_ID": APPLICATION_ID}
    refused = doi("role", "--name", "Own", "--create", "--yes", **own)
    assert (refused.returncode, refused.stdout) == (REFUSED, "")
    assert "prvReadBusinessUnit; use the login of a System" in refused.stderr
