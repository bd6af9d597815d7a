"""`python -m cli linkedin …` as a process of its own, with the app's real wiring."""

import json
import os
import subprocess
from datetime import UTC, datetime

import pytest

from local.linkedin_simulator import RunningLinkedIn
from local.storage_setup import set_up_storage
from tests.cli.operated_linkedin import (
    DONE,
    NO_ANSWER,
    NOT_ALL_DONE,
    REFRESH_TOKEN,
    SETTINGS_WRONG,
    newest_version,
)
from tests.fresh_process import doi as doi_process
from tests.linkedin_simulator.client import SECRET, Api
from tests.lists.conftest import sample_settings

NOBODY = "http://127.0.0.1:9"


def doi(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    with_settings = os.environ | sample_settings() | settings
    ended = doi_process("linkedin", *arguments, settings=with_settings)
    for secret in (SECRET, REFRESH_TOKEN):
        assert secret not in ended.stdout + ended.stderr
    return ended


@pytest.mark.parametrize(
    "command", [("forms", "create"), ("leads", "pull"), ("authorize",), ("doctor",)]
)
def test_help_needs_no_settings(command: tuple[str, ...]) -> None:
    shown = doi(*command, "--help", DOI_PEPPER="", LINKEDIN_CLIENT_ID="")
    assert shown.returncode == DONE, shown.stderr
    assert f"doi linkedin {' '.join(command)}" in shown.stdout


def test_linkedin_is_not_configured() -> None:
    none = dict.fromkeys((name for name in sample_settings() if name.startswith("LINKEDIN")), "")
    answer = doi("forms", "list", "--owner", "urn:li:sponsoredAccount:1", **none)
    assert answer.returncode == SETTINGS_WRONG
    assert "LINKEDIN_CLIENT_ID" in answer.stderr
    examined = doi("doctor", "--json", **none)
    assert examined.returncode == NOT_ALL_DONE
    assert [one["check"] for one in json.loads(examined.stdout)] == ["settings"]


def test_linkedin_that_does_not_answer(azurite: str) -> None:
    set_up_storage(azurite)
    answer = doi(
        *("forms", "list"),
        AzureWebJobsStorage=azurite,
        LINKEDIN_API_URL=NOBODY,
        LINKEDIN_OAUTH_URL=NOBODY,
        LINKEDIN_REFRESH_TOKEN="another refresh token than anybody's",
    )
    assert (answer.returncode, answer.stdout) == (NO_ANSWER, "")
    assert "LinkedIn, token service: ConnectionError: try again;" in answer.stderr


def test_a_lost_lead_is_pulled_on_real_storage(azurite: str) -> None:
    set_up_storage(azurite)
    with RunningLinkedIn() as linkedin:
        api = Api(linkedin.url)
        with api.session:
            api.lead(notification="lost")
        settings = {
            "AzureWebJobsStorage": azurite,
            "LINKEDIN_API_URL": linkedin.url,
            "LINKEDIN_OAUTH_URL": linkedin.url,
            "LINKEDIN_VERSION": newest_version(datetime.now(UTC)),
        }
        for new in (1, 0):
            pulled = doi("leads", "pull", "--since", "1d", "--json", **settings)
            sources = json.loads(pulled.stdout)["sources"]
            assert {one["leadType"]: one["new"] for one in sources} == {
                "SPONSORED": new,
                "COMPANY": 0,
                "EVENT": 0,
                "ORGANIZATION_PRODUCT": 0,
            }, pulled.stderr
            assert pulled.returncode == DONE
        mapping = doi("forms", "check-mapping", **settings)
        assert mapping.returncode == DONE, mapping.stdout + mapping.stderr
