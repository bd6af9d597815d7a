"""Faults on request, the state, and what survives a restart."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
import requests
from bs4 import BeautifulSoup

from local.dataverse_simulator import RunningDataverse
from tests.dataverse_simulator.client import CONSENT, TRIGGER, Api, refusal
from tests.dataverse_simulator.test_batches import change_set, part, read, send
from tests.dataverse_simulator.test_metadata_and_triggers import SIGNAL

CONSENTS = "msdynmkt_contactpointconsent4s"


def test_throttling_answers_as_documented_and_ends(api: Api) -> None:
    assert api.fault(match="POST contacts", times=2, status=429, retryAfter=3).status_code == 201
    for _ in range(2):
        answer = api.call("POST", "contacts", {"lastname": "X"})
        assert refusal(answer)[:2] == (429, "0x80072322")
        assert answer.headers["Retry-After"] == "3"
        assert api.call("GET", "contacts").status_code == 200
    assert api.call("POST", "contacts", {"lastname": "X"}).status_code == 204
    assert len(api.values("contacts")) == 1


@pytest.mark.parametrize("code", ["0x80072321", "0x80072326"])
def test_the_other_two_service_protection_codes(api: Api, code: str) -> None:
    api.fault(match="* ", status=429, code=code)
    status, found, message = refusal(api.call("GET", "WhoAmI"))
    assert (status, found) == (429, code)
    assert "exceeded" in message


def test_faults_match_by_method_and_start_of_path(api: Api) -> None:
    api.fault(match=f"* {CONSENTS}", status=503)
    assert api.call("GET", "contacts").status_code == 200
    assert refusal(api.call("GET", f"{CONSENTS}?$top=1"))[0] == 503
    api.fault(match="POST /api/data/v9.2/msdynmkt_doi", status=403)
    assert refusal(api.call("POST", TRIGGER, SIGNAL))[:2] == (403, "0x80040220")
    assert api.state()["triggers"] == []


def test_drop_does_the_work_but_never_answers(api: Api) -> None:
    api.fault(match=f"POST {TRIGGER}", drop=True)
    with pytest.raises(requests.ConnectionError):
        api.call("POST", TRIGGER, SIGNAL)
    assert len(api.state()["triggers"]) == 1
    assert api.call("POST", TRIGGER, SIGNAL).status_code == 204


def test_delay_does_the_work_at_once_and_answers_late(api: Api) -> None:
    api.fault(match="POST contacts", delay=30)
    with pytest.raises(requests.ReadTimeout):
        api.session.post(f"{api.root}contacts", json={}, timeout=0.5)
    assert len(api.values("contacts")) == 1


def test_faults_reach_into_batches(api: Api) -> None:
    api.fault(match=f"POST {CONSENTS}", status=429, retryAfter=7)
    both = change_set(("POST", "contacts", {}), ("POST", CONSENTS, CONSENT))
    answer = send(api, both)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    (((content_id, status, headers, _),),) = read(answer)
    assert (content_id, status, headers["Retry-After"]) == ("2", 429, "7")
    assert api.values("contacts") == []
    assert send(api, both).status_code == 200


def test_faults_of_the_batch_itself(api: Api) -> None:
    one = change_set(("POST", "contacts", {}))
    api.fault(match="POST $batch", status=503, retryAfter=1)
    assert send(api, one).status_code == 503
    api.fault(match="POST contacts", status=499)
    assert send(api, one).status_code == 499
    api.fault(match="POST $batch", drop=True)
    with pytest.raises(requests.ConnectionError):
        send(api, one)
    assert len(api.values("contacts")) == 1


def test_faults_of_the_identity_endpoint(api: Api) -> None:
    api.fault(match="GET /msi/token", status=500)
    params = {"api-version": "2019-08-01", "resource": api.url}
    headers = {"X-IDENTITY-HEADER": "local"}
    answers = [
        requests.get(f"{api.url}/msi/token", params=params, headers=headers, timeout=20)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [500, 200]


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({}, "match"),
        ({"match": "contacts", "status": 429}, "match"),
        ({"match": "FETCH contacts", "status": 429}, "match"),
        ({"match": "POST contacts"}, "status, delay, drop"),
        ({"match": "POST contacts", "status": 200}, "status"),
        ({"match": "POST contacts", "status": "429"}, "status"),
        ({"match": "POST contacts", "status": 429, "times": 0}, "times"),
        ({"match": "POST contacts", "status": 429, "drop": True}, "exclude"),
        ({"match": "POST contacts", "drop": True, "retryAfter": 1}, "retryAfter"),
        ({"match": "POST contacts", "status": 429, "retryafter": 1}, "retryafter"),
        ({"match": "POST contacts", "delay": -1}, "delay"),
    ],
)
def test_bad_faults_are_refused_by_name(api: Api, fault: dict[str, Any], named: str) -> None:
    answer = api.fault(**fault)
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    assert api.session.get(f"{api.url}/_simulator/faults", timeout=20).json() == {"faults": []}


def test_faults_are_listed_and_cleared(api: Api) -> None:
    api.fault(match="POST contacts", times=3, status=429)
    api.call("POST", "contacts", {})
    url = f"{api.url}/_simulator/faults"
    (waiting,) = api.session.get(url, timeout=20).json()["faults"]
    assert (waiting["match"], waiting["times"]) == ("POST contacts", 2)
    assert api.session.delete(url, timeout=20).status_code == 204
    assert api.call("POST", "contacts", {}).status_code == 204


def test_state_shows_rows_and_requests(api: Api) -> None:
    api.create("contacts", {"lastname": "X"})
    send(api, part("POST contacts HTTP/1.1\r\n\r\n"))
    state = api.state()
    assert [row["lastname"] for row in state["tables"]["contacts"]] == ["X", None]
    assert len(state["tables"]["msdynmkt_purposes"]) == 2
    first, second = state["requests"]
    assert (first["method"], first["path"], first["status"]) == ("POST", "contacts", 204)
    assert second["operations"] == [{"method": "POST", "path": "contacts", "status": 204}]


def test_reset_goes_back_to_the_seed(api: Api) -> None:
    api.create("contacts", {"new_registrationid": "r"})
    api.fault(match="* ", status=500)
    assert api.session.delete(f"{api.url}/_simulator/state", timeout=20).status_code == 204
    assert api.values("contacts") == []
    assert len(api.values("msdynmkt_topics")) == 2
    api.create("contacts", {"new_registrationid": "r"})


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    with RunningDataverse(data=tmp_path) as running:
        first = Api(running.url)
        row = first.create("contacts", {"lastname": "X", "new_registrationid": "r"})
        first.create(CONSENTS, CONSENT)
        first.call("POST", TRIGGER, SIGNAL)
        etag = first.call("GET", f"contacts({row})").headers["ETag"]
        first.session.close()
    with RunningDataverse(data=tmp_path) as running:
        second = Api(running.url)
        again = second.call("GET", "contacts(new_registrationid='r')")
        assert (again.json()["contactid"], again.headers["ETag"]) == (row, etag)
        assert len(second.values(CONSENTS)) == 1
        assert second.state()["triggers"][0]["parameters"] == SIGNAL
        other = second.create("contacts", {})
        assert second.call("GET", f"contacts({other})").headers["ETag"] > etag
        second.session.close()
    assert [file.name for file in tmp_path.iterdir()] == ["dataverse.json"]


def test_changes_are_written_while_running(tmp_path: Path) -> None:
    with RunningDataverse(data=tmp_path) as running:
        client = Api(running.url)
        client.create("contacts", {"lastname": "X"})
        file = tmp_path / "dataverse.json"
        _wait_for(file.exists)
        rows = json.loads(file.read_text("utf-8"))["tables"]["contacts"]
        assert [row["values"]["lastname"] for row in rows] == ["X"]
        client.session.close()


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 20
    while not condition():
        assert monotonic() < deadline
        sleep(0.05)


def run_command(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "local.dataverse_simulator", "--port", "0", *arguments]
    return subprocess.Popen(  # noqa: S603 - this interpreter with our own arguments
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="terminate() asks only on POSIX")
def test_command_prints_its_address_and_stops_on_request(tmp_path: Path) -> None:
    with run_command("--data", str(tmp_path / "new")) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("listening on ").strip()
        client = Api(url)
        client.create("contacts", {"lastname": "X"})
        client.session.close()
        process.terminate()
        assert process.wait(timeout=20) == 0
    saved = json.loads((tmp_path / "new" / "dataverse.json").read_text("utf-8"))
    assert len(saved["tables"]["contacts"]) == 1


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("seed.json", '{"contactColums": []}', "contactColums"),
        ("seed.json", '{"rows": {"nopes": []}}', "no table 'nopes'"),
        ("seed.json", '{"rows": {"contacts": [{"lastname": "X"}]}}', "contactid is missing"),
        ("dataverse.json", "{", "delete it"),
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


def test_page_tells_who_may_call(api: Api) -> None:
    def told() -> str:
        page = BeautifulSoup(api.session.get(api.url, timeout=20).text, "html.parser")
        (users,) = page.select("[aria-labelledby=users] ol")
        return " ".join(users.text.split())

    user = "# headless double opt-in a1b2c3d4-0000-4000-8000-000000000001"
    role = "Headless double opt-in: 29 privileges"
    assert told() == f"Active {user} {role}"
    api.change_environment(applicationUser="disabled")
    assert told() == f"Deactivated {user} {role}"
    api.change_environment(applicationUser="missing")
    assert told() == "Nobody: Dataverse refuses every call of the app."


def test_page_shows_what_happened_and_nothing_executable(api: Api) -> None:
    empty = BeautifulSoup(api.session.get(api.url, timeout=20).text, "html.parser")
    assert len(empty.select(".empty")) == 3
    api.create("contacts", {"lastname": "<script>alert(1)</script>", "new_companysize": 100000001})
    api.create(CONSENTS, {**CONSENT, "msdynmkt_value": 534120002})
    api.call("POST", TRIGGER, SIGNAL)
    answer = api.session.get(api.url, timeout=20)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = BeautifulSoup(answer.text, "html.parser")
    names = [heading.text for heading in page.select("section:first-child .card h3")]
    assert names == ["<script>alert(1)</script>"]
    assert "50\N{EN DASH}249 people" in page.text
    assert [state.text for state in page.select(".state.opted-out")] == ["Opted out"]
    assert "Commercial" in page.text
    assert TRIGGER in page.text
    for asset in page.select("link[href]"):
        assert api.session.get(api.url + str(asset["href"]), timeout=20).status_code == 200
