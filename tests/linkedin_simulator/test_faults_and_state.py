"""Faults on request, settings, the state, and what survives a restart."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from local.linkedin_simulator import RunningLinkedIn
from tests.linkedin_simulator.client import GERMAN, OWNER, SPONSORED, Api, refusal
from tests.linkedin_simulator.test_form_updates import update
from tests.linkedin_simulator.test_subscriptions import create
from tests.linkedin_simulator.webhook import Webhook

FORM = f"leadForms/{GERMAN}"
LEADS = f"leadFormResponses?q=owner&owner={OWNER}&leadType={SPONSORED}"


@pytest.mark.parametrize(
    ("fault", "status", "service_code"),
    [
        ({"status": 401}, 401, 65600),
        ({"status": 401, "code": "65601"}, 401, 65601),
        ({"status": 401, "code": "role"}, 401, None),
        ({"status": 403}, 403, None),
        ({"status": 409}, 409, None),
        ({"status": 426}, 426, None),
        ({"status": 429}, 429, 101),
        ({"status": 500}, 500, None),
        ({"status": 503}, 503, None),
        ({"status": 418}, 418, None),
    ],
)
def test_each_refusal_on_request(
    api: Api, fault: dict[str, Any], status: int, service_code: int | None
) -> None:
    assert api.fault(match="GET leadForms", times=2, **fault).status_code == 201
    for _ in range(2):
        answer = api.call("GET", FORM)
        assert refusal(answer)[0] == status
        assert answer.json().get("serviceErrorCode") == service_code
        assert "Retry-After" not in answer.headers
        assert api.call("GET", LEADS).status_code == 200
    assert api.call("GET", FORM).status_code == 200


def test_retry_after_stands_there_only_when_asked_for(api: Api) -> None:
    api.fault(match="GET /rest/leadForms", status=503, retryAfter=7)
    assert api.call("GET", FORM).headers["Retry-After"] == "7"


def test_drop_does_the_work_but_never_answers(api: Api, webhook: Webhook) -> None:
    api.fault(match="POST leadNotifications", drop=True)
    with pytest.raises(requests.ConnectionError):
        create(api, webhook.url)
    assert len(api.state()["subscriptions"]) == 1


def test_delay_answers_late(api: Api) -> None:
    api.fault(match="GET leadForms", delay=30)
    with pytest.raises(requests.ReadTimeout):
        api.session.get(f"{api.url}/rest/{FORM}", headers=api.headers, timeout=0.3)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({}, "match"),
        ({"match": "GET leadForms"}, "status, delay, drop"),
        ({"match": "GET leadForms", "status": 401, "code": "1"}, "code"),
        ({"match": "GET leadForms", "status": 200}, "status"),
    ],
)
def test_bad_faults_are_refused_by_name(api: Api, fault: dict[str, Any], named: str) -> None:
    answer = api.fault(**fault)
    assert answer.status_code == 400
    assert named in answer.json()["error"]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"nothing": 1}, "nothing"),
        ({"leadShape": "both"}, "leadShape"),
        ({"pagingLinks": "yes"}, "pagingLinks"),
        ({"missingRoleStatus": 404}, "missingRoleStatus"),
        ([], "settings"),
    ],
)
def test_bad_settings_are_refused_by_name(api: Api, settings: Any, named: str) -> None:
    before = api.control("GET", "settings").json()
    answer = api.control("POST", "settings", settings)
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    assert api.control("GET", "settings").json() == before


def test_state_shows_everything_but_tokens(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    lead = api.lead()
    state = api.state()
    assert [each["id"] for each in state["leads"]] == [lead]
    assert len(state["forms"]) == 3
    assert state["requests"][-1]["path"] == "leadNotifications"
    token = api.headers["Authorization"].removeprefix("Bearer ")
    everything = api.control("GET", "state").text
    assert token not in everything
    assert "refresh-token" not in everything


def test_reset_goes_back_to_the_seed_and_keeps_tokens(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    api.lead()
    update(api, GERMAN, {"$set": {"name": "Neu"}})
    api.settings(leadShape="table")
    api.fault(match="* ", status=500)
    assert api.control("DELETE", "state").status_code == 204
    assert api.call("GET", FORM).json()["name"] == "Newsletter (Deutsch)"
    state = api.state()
    assert state["leads"] == state["subscriptions"] == state["deliveries"] == []
    assert state["settings"]["leadShape"] == "examples"


def test_a_notification_under_way_does_not_outlive_a_reset(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    api.lead()
    webhook.wait_for(1)  # it has it, but may not have answered yet
    api.control("DELETE", "state")
    assert all(api.state()["deliveries"] == [] for _ in range(20))


def test_everything_survives_a_restart(tmp_path: Path, webhook: Webhook) -> None:
    with RunningLinkedIn(data=tmp_path, allow_http=True) as running:
        first = Api(running.url)
        subscription = create(first, webhook.url)
        lead = first.lead(override={"extra": {"a": [1]}})
        webhook.wait_for(1)
        update(first, GERMAN, {"$set": {"hiddenFields": []}})
        headers = first.headers
        first.session.close()
    with RunningLinkedIn(data=tmp_path, allow_http=True) as running:
        second = Api(running.url)
        second.headers = headers
        assert second.call("GET", f"leadFormResponses/{lead}").json()["extra"] == {"a": [1]}
        assert second.call("GET", FORM).json()["versionId"] == 2
        assert second.call("GET", f"leadNotifications/{subscription}").status_code == 200
        assert create(second, webhook.url) > subscription
        assert [each["outcome"] for each in second.state()["deliveries"]] == ["delivered"]
        second.session.close()
    assert [file.name for file in tmp_path.iterdir()] == ["linkedin.json"]


def run_command(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "local.linkedin_simulator", "--port", "0", *arguments]
    return subprocess.Popen(  # noqa: S603 - this interpreter with our own arguments
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="terminate() asks only on POSIX")
def test_the_command_says_where_it_is_and_what_it_tolerates(tmp_path: Path) -> None:
    options = ("--data", str(tmp_path / "new"), "--allow-http-on-this-machine")
    with run_command(*options) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("listening on ").strip()
        assert "Not like LinkedIn" in requests.get(url, timeout=20).text
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "NOT LIKE LINKEDIN" in errors
    assert (tmp_path / "new" / "linkedin.json").exists()


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("seed.json", '{"aplication": {}}', "aplication"),
        ("linkedin.json", "{", "delete it"),
        ("linkedin.json", '{"leads": 5}', "delete it"),
    ],
)
def test_broken_files_are_named_at_start(tmp_path: Path, file: str, text: str, words: str) -> None:
    (tmp_path / file).write_text(text, "utf-8")
    seed = ["--seed", str(tmp_path / file)] if file == "seed.json" else []
    with run_command("--data", str(tmp_path), *seed) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert words in errors
    assert "Traceback" not in errors
