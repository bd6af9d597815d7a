"""Lead forms over HTTP: raw requests, and what is made of the answers."""

from typing import Any

import pytest

from shared.adapters.linkedin.lead_forms import LinkedInLeadForms
from shared.linkedin.failures import AnswerUnreadable, Duplicate, NotFound, Refused
from shared.linkedin.found import Unreadable
from shared.linkedin.ports import LeadForms
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_form_writing import LeadFormRefused
from tests.linkedin.documentation import creation, form, reviewed_form, without
from tests.linkedin.finder_pages import SHAPES, finder
from tests.linkedin.scripted_server import Answer
from tests.linkedin.world import World

PAGE = Owner.parse("urn:li:organization:5509810")
LIST = "GET /rest/leadForms?q=owner&owner=(organization:urn%3Ali%3Aorganization%3A5509810)"


@pytest.fixture
def forms(world: World) -> LeadForms:
    return LinkedInLeadForms(world.session)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("elements", "starts"), [(0, [0]), (1, [0]), (250, [0, 100, 200])])
def test_all_forms_of_an_owner(
    world: World, forms: LeadForms, shape: str, elements: int, starts: list[int]
) -> None:
    world.linkedin.script = finder([{**form(), "id": number} for number in range(elements)], shape)
    found = [one.id for page in forms.of_owner(PAGE, world.deadline) for one in page.values]
    assert found == list(range(elements))
    assert world.linkedin.lines == [f"{LIST}&start={start}&count=100" for start in starts]


def test_a_form_that_cannot_be_read_does_not_lose_the_others(
    world: World, forms: LeadForms
) -> None:
    broken = {**without(form(), "content"), "id": 5}
    world.linkedin.script = finder([broken, form(), "odd"], "total")
    (page,) = forms.of_owner(PAGE, world.deadline)
    assert [one.id for one in page.values] == [6755260984438374400]
    assert page.unreadable[0] == Unreadable(id="5", problem="/content: missing")
    assert page.unreadable[1].id is None


def test_one_form(world: World, forms: LeadForms) -> None:
    world.linkedin.answers = [Answer(body=form())]
    assert forms.get(6755260984438374400, world.deadline) == LeadForm.model_validate(form())
    assert world.linkedin.lines == ["GET /rest/leadForms/6755260984438374400"]


def test_no_such_form(world: World, forms: LeadForms) -> None:
    world.linkedin.answers = [Answer(status=404, body={"status": 404, "message": "gone"})]
    with pytest.raises(NotFound, match="gone"):
        forms.get(5, world.deadline)


def test_a_form_that_cannot_be_read(world: World, forms: LeadForms) -> None:
    world.linkedin.answers = [Answer(body={"id": 5, "name": "hidden"})]
    with pytest.raises(AnswerUnreadable, match="/content: missing"):
        forms.get(5, world.deadline)


def test_forms_by_their_ids_with_some_missing(world: World, forms: LeadForms) -> None:
    body = {
        "statuses": {"6083": 200, "7": 404, "8": 403},
        "results": {"6083": reviewed_form(), "9": {"id": 9}},
        "errors": {"8": {"status": 401, "message": "Member is not authorized"}},
    }
    world.linkedin.answers = [Answer(body=body)]
    batch = forms.batch_get([6083, 7, 8, 9, 10, 6083], world.deadline)
    assert world.linkedin.lines == ["GET /rest/leadForms?ids=List(6083,7,8,9,10)"]
    assert batch.found == {"6083": LeadForm.model_validate(reviewed_form())}
    assert batch.missing == {"7": 404, "8": 401, "10": None}
    assert batch.unreadable == (Unreadable(id="9", problem="/content: missing"),)


def test_no_ids_ask_nothing(world: World, forms: LeadForms) -> None:
    assert forms.batch_get([], world.deadline).found == {}
    assert world.linkedin.received == []


@pytest.mark.parametrize(
    ("headers", "form_id"),
    [
        ({"x-linkedin-id": "6755260984438374401"}, 6755260984438374401),
        ({"x-restli-id": "5", "x-linkedin-id": "6"}, 5),
        ({"x-restli-id": "urn:li:leadGenForm:7"}, 7),
        ({"Location": "/rest/leadForms/8"}, 8),
        ({"Location": "https://x.example/leadForms/urn%3Ali%3AleadGenForm%3A9/"}, 9),
        ({}, None),
        ({"x-restli-id": "new"}, None),
    ],
)
def test_a_form_is_created(
    world: World, forms: LeadForms, headers: dict[str, str], form_id: int | None
) -> None:
    world.linkedin.answers = [Answer(status=201, headers=headers)]
    assert forms.create(LeadForm.model_validate(creation()), world.deadline) == form_id
    (request,) = world.linkedin.received
    assert request.line == "POST /rest/leadForms"
    assert request.json() == creation()
    assert request.headers["content-type"] == "application/json"


def test_what_must_not_be_created_is_not_sent(world: World, forms: LeadForms) -> None:
    with pytest.raises(LeadFormRefused):
        forms.create(LeadForm.model_validate(form()), world.deadline)
    with pytest.raises(LeadFormRefused):
        forms.update(5, {"versionId": 2}, world.deadline)
    assert world.linkedin.received == []


def test_a_label_that_linkedin_has_already(world: World, forms: LeadForms) -> None:
    message = "The Lead Form has duplicate label."
    world.linkedin.answers = [Answer(status=409, body={"status": 409, "message": message})]
    with pytest.raises(Duplicate, match="duplicate label"):
        forms.create(LeadForm.model_validate(creation()), world.deadline)


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({"state": "ARCHIVED"}, {"state": "ARCHIVED"}),
        ({"name": "Another", "id": 5}, {"name": "Another"}),
    ],
)
def test_a_form_is_changed(
    world: World, forms: LeadForms, changes: dict[str, Any], body: dict[str, Any]
) -> None:
    world.linkedin.answers = [Answer(status=204)]
    forms.update(656, changes, world.deadline)
    (request,) = world.linkedin.received
    assert request.line == "POST /rest/leadForms/656"
    assert request.headers["x-restli-method"] == "PARTIAL_UPDATE"
    assert request.headers["content-type"] == "application/json"
    assert request.json() == {"patch": {"$set": body}}


def test_a_form_is_archived_by_its_state_alone(world: World, forms: LeadForms) -> None:
    world.linkedin.answers = [Answer(status=204)]
    forms.archive(656, world.deadline)
    assert world.linkedin.received[0].json() == {"patch": {"$set": {"state": "ARCHIVED"}}}


def test_linkedins_refusal_of_an_edit_is_shown(world: World, forms: LeadForms) -> None:
    message = "The form is linked to Sponsored InMail"
    world.linkedin.answers = [Answer(status=400, body={"status": 400, "message": message})]
    with pytest.raises(Refused, match=message):
        forms.archive(656, world.deadline)
