"""`GET /api/ready?detail=…`: the doctor's checks beside the plain answer."""

import json
from typing import Any

import azure.functions as func
import pytest

from functions import health
from shared.doctor.failures import Refused, Why
from shared.doctor.groups import Group
from shared.failures import TemporaryFailure
from tests.doctor.settings import SECRET, found
from tests.doctor.test_forms_checks import form
from tests.endpoints.calls import documented, get, json_of
from tests.fakes.doctor import DoctorOutside
from tests.fresh_process import said_by


@pytest.fixture
def outside() -> DoctorOutside:
    return DoctorOutside(settings_found=found(), forms={"newsletter": form()})


def ready(outside: DoctorOutside, detail: str = "all", **headers: str) -> func.HttpResponse:
    request = get("/ready", {"detail": detail}, **headers)
    return documented("/ready", "get", health.examine(request, outside))


def details(answer: func.HttpResponse) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json_of(answer)["details"]
    return listed


def test_everything_is_looked_at(outside: DoctorOutside) -> None:
    answer = ready(outside, X_Forwarded_For="203.0.113.7:51234")
    assert answer.status_code == 200
    body = json_of(answer)
    assert body["status"] == "ready"
    assert body["checks"]["table limits"] == "ok"
    assert list(dict.fromkeys(each["group"] for each in body["details"])) == list(Group)
    assert {each["state"] for each in body["details"]} == {"ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_missing_makes_it_not_ready(outside: DoctorOutside) -> None:
    outside.storage_trial.failures["queue promotions"] = Refused(Why.ROLE, "403 Code")
    answer = ready(outside)
    assert answer.status_code == 503
    assert json_of(answer)["status"] == "not ready"
    [missing] = [each for each in details(answer) if each["state"] == "missing"]
    assert missing["check"] == "queue promotions"
    assert "974c5e8b-45b9-4653-ba55-5f855dd0fb88" in missing["mend"]


def test_warnings_and_what_could_not_be_asked_do_not(outside: DoctorOutside) -> None:
    outside.settings_found = found(DOI_CLAIM_SECONDS="5")
    outside.storage_trial.failures["table leads"] = TemporaryFailure("no answer")
    answer = ready(outside)
    assert answer.status_code == 200
    assert {each["state"] for each in details(answer)} == {"ok", "warning", "unknown"}


def test_storage_that_is_down_still_counts(outside: DoctorOutside) -> None:
    outside.table.down = True
    answer = ready(outside, "forms")
    assert (answer.status_code, json_of(answer)["status"]) == (503, "not ready")


def test_some_groups_only(outside: DoctorOutside) -> None:
    answer = ready(outside, "mail,forms")
    assert {each["group"] for each in details(answer)} == {"mail", "forms"}


@pytest.mark.parametrize("detail", ["nonsense", "all,mail", "mail,", "MAIL", ","])
def test_what_is_no_group_is_said(outside: DoctorOutside, detail: str) -> None:
    answer = ready(outside, detail)
    assert answer.status_code == 400
    assert json_of(answer)["detail"] == (
        f"detail is 'all', or some of {', '.join(Group)}, separated by commas."
    )
    assert not outside.storage_trial.tried


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({}, "this request came with 0 entries"),
        ({"X_Forwarded_For": "203.0.113.7, 198.51.100.1"}, "this request came with 2 entries"),
        (
            {"X_Forwarded_For": "203.0.113.7", "X_Azure_FDID": "11111111"},
            "Front Door is in front",
        ),
    ],
)
def test_the_request_itself_shows_how_proxies_are_counted(
    outside: DoctorOutside, headers: dict[str, str], words: str
) -> None:
    [check] = [
        each
        for each in details(ready(outside, "settings", **headers))
        if each["check"] == "X-Forwarded-For"
    ]
    assert check["state"] == "warning"
    assert words in check["found"]


def test_no_secret_and_no_visitor_is_told(outside: DoctorOutside) -> None:
    answer = ready(outside, X_Forwarded_For="203.0.113.7", X_Azure_FDID="front-door-id")
    text = answer.get_body().decode()
    for private in (SECRET, "203.0.113.7", "front-door-id"):
        assert private not in text


SCRIPT = """
import json, sys
import azure.functions as func
import function_app
from functions import health
from shared import wiring

outside = wiring.outside()
class Reached:
    def reach(self, *_): pass
for name in ("records", "origin_keys", "mail_frames", "limits", "lead_rows", "funnel", "queues"):
    outside.__dict__[name] = Reached()  # as if it had been built already
ready = health.ready.build().get_user_function()
answer = ready(func.HttpRequest("GET", "http://127.0.0.1/api/ready", body=b""))
loaded = [name for name in sys.modules if name.startswith(("shared.doctor", "azure.storage"))]
print(json.dumps([answer.status_code, loaded]))
"""


def test_the_plain_call_loads_nothing_of_the_doctor() -> None:
    assert json.loads(said_by(SCRIPT)) == [200, []]
