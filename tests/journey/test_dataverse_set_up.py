"""What Dataverse lacks is found before the first visitor meets it, on the running stack."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from local.dataverse_simulator.seed import ADMINISTRATOR
from tests.dataverse_setup.commands import NO_ANSWER
from tests.dataverse_setup.worlds import ROLE
from tests.dataverse_simulator.client import Api
from tests.fakes.dataverse import APPLICATION_ID, COMMERCIAL, OTHER_PURPOSE
from tests.journey.customer_insights import known_about, known_once_promoted
from tests.journey.examination import asked_of_the_app, faults, looked_at_here
from tests.journey.inbox import mail_to
from tests.journey.operator import doi, ended_doi
from tests.journey.person import Person
from tests.journey.sign_up import newsletter, post_json, press
from tests.journey.storage import poison
from tests.journey.waiting import until
from tests.running_stack import JOURNEY_ROW, ROOT, Stack

pytestmark = pytest.mark.stack

NOWHERE = "99999999-9999-4999-8999-999999999999"
BY_ADMINISTRATOR = {"AZURE_CLIENT_ID": ADMINISTRATOR.application_id}
MAKE_ROLE = ("dataverse", "role", "--create", "--yes")
Definition = dict[str, Any]


@pytest.fixture
def people(stack: Stack) -> Iterator[Api]:
    """Those who look after the environment; afterwards it is as it was."""
    api = Api(stack.dataverse)
    with api.session:
        yield api
        assert api.change_environment(applicationUser="enabled", keyIndexSeconds=1).ok
        active = {"statecode": 0, "statuscode": 1}
        assert api.call("PATCH", f"msdynmkt_purposes({COMMERCIAL})", active).ok
    doi(stack, *MAKE_ROLE, **BY_ADMINISTRATOR)


def take(people: Api, privilege: str) -> None:
    """From the app's role."""
    (role,) = people.values("roles", filter=f"name eq '{ROLE}'")
    (found,) = people.values("privileges", filter=f"name eq '{privilege}'")
    path = f"roles({role['roleid']})/Microsoft.Dynamics.CRM.RemovePrivilegeRole"
    assert people.call("POST", path, {"PrivilegeId": found["privilegeid"]}).ok


def found_by_the_app(stack: Stack) -> dict[str, dict[str, Any]]:
    """What is not well, by the name of its check."""
    answer = asked_of_the_app(stack, "dataverse")
    wrong = {one["check"]: one for one in answer.json()["details"] if one["state"] != "ok"}
    assert answer.status_code == (503 if wrong else 200)
    return wrong


def found_here(stack: Stack, **settings: str) -> dict[str, dict[str, Any]]:
    """The same of the command line, with other settings."""
    checks = looked_at_here(stack, "dataverse", **settings)
    return {name: checks[name] for name in faults(checks)}


def folder_with(folder: Path, change: Callable[[Definition], None]) -> str:
    """A folder with the newsletter alone, as somebody has changed its file."""
    definition = json.loads((ROOT / "forms" / "newsletter.json").read_text(encoding="utf-8"))
    change(definition)
    (folder / "newsletter.json").write_text(json.dumps(definition), encoding="utf-8")
    return str(folder)


def test_all_is_well_with_the_shipped_forms(stack: Stack) -> None:
    assert found_by_the_app(stack) == {}
    checks = looked_at_here(stack, "dataverse")
    assert {one["state"] for one in checks.values()} == {"ok"}
    assert {f"form {form}: trigger" for form in ("newsletter", "webinar", "whitepaper")} <= {
        *checks
    }


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("missing", f"Application (client) ID {APPLICATION_ID}, not for the name"),
        ("disabled", f"the user with ID {APPLICATION_ID} → Activate"),
    ],
)
def test_the_application_user(stack: Stack, people: Api, state: str, step: str) -> None:
    assert people.change_environment(applicationUser=state).ok
    wrong = found_by_the_app(stack)
    assert list(wrong) == ["Dataverse user"]
    assert step in wrong["Dataverse user"]["mend"]


def test_an_inactive_purpose(stack: Stack, people: Api) -> None:
    inactive = {"statecode": 1, "statuscode": 2}
    assert people.call("PATCH", f"msdynmkt_purposes({COMMERCIAL})", inactive).ok
    wrong = found_by_the_app(stack)
    assert {one["found"] for one in wrong.values()} == {
        f"purpose Commercial ({COMMERCIAL}) is inactive"
    }


@pytest.mark.parametrize(
    ("settings", "check", "found"),
    [
        (
            {"FORM_TRIGGER_WHITEPAPER": "msdynmkt_whitepaperconfirmed_1"},
            "form whitepaper: trigger",
            "similar ones are msdynmkt_whitepaperconfirmed_7654321",
        ),
        (
            {"FORM_TOPIC_PRODUCT_NEWS": NOWHERE},
            "form whitepaper: topic of consent productNews",
            f"there is no topic {NOWHERE}",
        ),
        (
            {"FORM_PURPOSE_COMMERCIAL": NOWHERE},
            "form newsletter: purpose of consent newsletter",
            f"there is no purpose {NOWHERE}",
        ),
        (
            {"FORM_PURPOSE_COMMERCIAL": OTHER_PURPOSE},
            "form whitepaper: topic of consent productNews",
            f"belongs to purpose {COMMERCIAL}, not to {OTHER_PURPOSE}",
        ),
    ],
)
def test_a_setting_is_wrong(
    stack: Stack, settings: Mapping[str, str], check: str, found: str
) -> None:
    wrong = found_here(stack, **settings)[check]
    assert found in wrong["found"]
    assert "FORM_" in wrong["mend"]


def unknown_column(definition: Definition) -> None:
    definition["fields"][1]["column"] = "new_nope"


def parameter_missing(definition: Definition) -> None:
    del definition["trigger"]["attributes"]["msdynmkt_campaign"]


@pytest.mark.parametrize(
    ("change", "found", "step"),
    [
        (unknown_column, "table contact has no column new_nope", "correct /fields/1/column"),
        (
            parameter_missing,
            "requires msdynmkt_campaign, and the form does not send it",
            "give /trigger/attributes/msdynmkt_campaign a source",
        ),
    ],
)
def test_a_form_is_wrong(
    stack: Stack, tmp_path: Path, change: Callable[[Definition], None], found: str, step: str
) -> None:
    (wrong,) = found_here(stack, DOI_FORMS_FOLDER=folder_with(tmp_path, change)).values()
    assert found in wrong["found"]
    assert f"{step} in newsletter.json" in wrong["mend"]


def test_a_key_that_is_not_active_yet(stack: Stack, people: Api, tmp_path: Path) -> None:
    row = JOURNEY_ROW | {"entitySet": f"new_waiting{uuid4().hex[:8]}s"}

    def started_by_a_row(definition: Definition) -> None:
        del definition["trigger"], definition["linkedIn"]
        definition["journeyRow"] = row

    settings = {"DOI_FORMS_FOLDER": folder_with(tmp_path, started_by_a_row)}
    assert people.change_environment(keyIndexSeconds=600).ok
    make = ("dataverse", "table", "--create", "--yes", "--wait", "0")
    late = ended_doi(stack, *make, **settings, **BY_ADMINISTRATOR)
    assert late.returncode == NO_ANSWER, late.stderr
    doi(stack, *MAKE_ROLE, **settings, **BY_ADMINISTRATOR)
    (wrong,) = found_here(stack, **settings).values()
    assert wrong["check"] == "form newsletter: key of the journey row"
    assert "Pending" in wrong["found"]


def test_what_is_found_is_real_and_mended_by_the_step(
    stack: Stack, people: Api, person: Person
) -> None:
    """Without the privilege nothing is written; with it, and after a replay, everything is."""
    registration_id = post_json(stack, newsletter(person)).json()["registrationId"]
    link = mail_to(stack, person.email).confirm_url
    take(people, "prvCreateContact")
    (wrong,) = found_by_the_app(stack).values()
    assert wrong["found"].startswith("prvCreateContact is missing")
    assert "doi dataverse role --create" in wrong["mend"]

    assert press(link).status_code == 200
    until(
        lambda: any(registration_id in one for one in poison(stack, "promotions")),
        "the promotion in the poison queue",
        seconds=90,
    )
    known = known_about(stack, person)
    assert (known.contacts, known.consents, known.triggers) == ([], [], [])

    assert doi(stack, *MAKE_ROLE, **BY_ADMINISTRATOR)["added"] == ["prvCreateContact"]
    assert found_by_the_app(stack) == {}
    doi(stack, "poison", "replay", "promotions", "--id", registration_id)
    known = known_once_promoted(stack, person)
    assert (len(known.contacts), len(known.consents), len(known.triggers)) == (1, 1, 1)
