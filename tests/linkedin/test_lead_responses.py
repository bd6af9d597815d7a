"""Leads over HTTP: raw requests, and what is made of the answers."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.adapters.linkedin.lead_responses import LinkedInLeadResponses
from shared.linkedin.failures import NotFound, Refused
from shared.linkedin.found import Unreadable
from shared.linkedin.lead_query import LeadQuery
from shared.linkedin.ports import LeadResponses
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.lead_response import LeadResponse
from shared.values.linkedin.symbols import LeadType
from shared.values.linkedin.urns import FormVersion
from tests.linkedin.documentation import LEAD_ID, form, lead, without
from tests.linkedin.finder_pages import SHAPES, finder
from tests.linkedin.scripted_server import Answer, Received
from tests.linkedin.world import NOW, World

ACCOUNT = Owner.parse("urn:li:sponsoredAccount:522529623")
PAGE = Owner.parse("urn:li:organization:5509810")
NOW_MILLISECONDS = 1795372200000
FIELDS = (
    "id,owner,ownerInfo,leadType,leadMetadata,leadMetadataInfo,associatedEntity,"
    "associatedEntityInfo,submittedAt,responseId,testLead,versionedLeadGenFormUrn,formResponse"
)
OWNER = "owner=(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A522529623)"
LIST = f"GET /rest/leadFormResponses?q=owner&{OWNER}&leadType=(leadType:SPONSORED)"
REST = f"&start=0&count=100&fields={FIELDS}"
FORM = (
    "&versionedLeadGenFormUrn="
    "urn%3Ali%3AversionedLeadGenForm%3A%28urn%3Ali%3AleadGenForm%3A3162%2C1%29"
)
ENTITY = "&associatedEntity=urn%3Ali%3AsponsoredCreative%3A121608865"


RANGE = "&submittedAtTimeRange=(start:1795285800000,end:1795327200000)"
FORM_FIELDS = "form:(id,versionId,name,state,creationLocale,hiddenFields,content)"
NO_TEST = "&limitedToTestLeads=false"
ONLY_TEST = "&limitedToTestLeads=true"


@pytest.fixture
def responses(world: World) -> LeadResponses:
    return LinkedInLeadResponses(world.session, lambda: world.now)


def query(**filters: Any) -> LeadQuery:
    return LeadQuery(**{"owner": ACCOUNT, "lead_type": LeadType.SPONSORED, **filters})


SINCE = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
UNTIL = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
VERSION = FormVersion(form_id=3162, version=1)
CREATIVE = "urn:li:sponsoredCreative:121608865"


@pytest.mark.parametrize(
    ("filters", "sent"),
    [
        ({}, NO_TEST),
        ({"only_test_leads": True}, ONLY_TEST),
        ({"form": VERSION}, f"{NO_TEST}{FORM}"),
        ({"associated_entity": CREATIVE}, f"{NO_TEST}{ENTITY}"),
        (
            {"since": SINCE},
            f"{NO_TEST}&submittedAtTimeRange=(start:1795285800000,end:{NOW_MILLISECONDS})",
        ),
        (
            {"until": UNTIL},
            f"{NO_TEST}&submittedAtTimeRange=(start:0,end:1795327200000)",
        ),
        (
            {
                "form": VERSION,
                "associated_entity": CREATIVE,
                "since": SINCE,
                "until": UNTIL,
                "only_test_leads": True,
            },
            f"{ONLY_TEST}{FORM}{ENTITY}{RANGE}",
        ),
    ],
)
def test_every_filter(
    world: World, responses: LeadResponses, filters: dict[str, Any], sent: str
) -> None:
    world.linkedin.script = finder([lead()], "total")
    (page,) = responses.find(query(**filters), world.deadline)
    assert page.values == (LeadResponse.model_validate(lead()),)
    assert world.linkedin.lines == [f"{LIST}{sent}{REST}"]


@pytest.mark.parametrize("lead_type", [one for one in LeadType if one is not LeadType.SPONSORED])
def test_leads_of_a_page(world: World, responses: LeadResponses, lead_type: LeadType) -> None:
    world.linkedin.script = finder([], "total")
    list(responses.find(query(owner=PAGE, lead_type=lead_type), world.deadline))
    (line,) = world.linkedin.lines
    assert "&owner=(organization:urn%3Ali%3Aorganization%3A5509810)" in line
    assert f"&leadType=(leadType:{lead_type})" in line


@pytest.mark.parametrize(
    "filters",
    [
        {"owner": PAGE},
        {"lead_type": LeadType.EVENT},
        {"form": FormVersion(form_id=1, version=None)},
    ],
)
def test_what_can_have_no_leads_is_not_asked(
    world: World, responses: LeadResponses, filters: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        list(responses.find(query(**filters), world.deadline))
    assert world.linkedin.received == []


@pytest.mark.parametrize("shape", SHAPES)
def test_all_pages_end_at_the_same_moment(
    world: World, responses: LeadResponses, shape: str
) -> None:
    answer = finder([{**lead(), "id": f"lead-{number}"} for number in range(250)], shape)

    def answer_late(request: Received) -> Answer:
        world.now = world.now.replace(hour=world.now.hour + 1)
        return answer(request)

    world.linkedin.script = answer_late
    pages = list(responses.find(query(since=SINCE), world.deadline))
    assert [one.id for page in pages for one in page.values] == [f"lead-{n}" for n in range(250)]
    ranges = [
        parse_qs(urlsplit(line).query)["submittedAtTimeRange"] for line in world.linkedin.lines
    ]
    assert ranges == [[f"(start:1795285800000,end:{NOW_MILLISECONDS})"]] * 3


def test_a_lead_that_cannot_be_read_does_not_lose_the_others(
    world: World, responses: LeadResponses
) -> None:
    broken = {**without(lead(), "formResponse"), "id": "broken-1", "leadType": 5}
    world.linkedin.script = finder([broken, lead()], "total")
    (page,) = responses.find(query(), world.deadline)
    assert [one.id for one in page.values] == [LEAD_ID]
    (unreadable,) = page.unreadable
    assert unreadable.id == "broken-1"
    assert "/formResponse: missing" in unreadable.problem


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("urn:li:leadGenFormResponse:broken-1", "broken-1"),
        ("urn:li:leadGenForm:1", None),
        ("a b", None),
        ("", None),
        (None, None),
    ],
)
def test_a_broken_lead_is_named_as_a_notification_names_it(
    world: World, responses: LeadResponses, given: str | None, expected: str | None
) -> None:
    world.linkedin.script = finder([{"id": given}, lead()], "total")
    (page,) = responses.find(query(), world.deadline)
    assert [one.id for one in page.unreadable] == [expected]
    assert [one.id for one in page.values] == [LEAD_ID]


@pytest.mark.parametrize("given", [LEAD_ID, f"urn:li:leadGenFormResponse:{LEAD_ID}"])
def test_one_lead_comes_with_its_form(world: World, responses: LeadResponses, given: str) -> None:
    world.linkedin.answers = [Answer(body={**lead(), "form": form()})]
    found = responses.get(given, world.deadline)
    assert found.whole_form is not None
    assert found.whole_form.id == 6755260984438374400
    assert world.linkedin.lines == [
        f"GET /rest/leadFormResponses/{LEAD_ID}?fields={FIELDS},{FORM_FIELDS}"
    ]


def test_a_lead_that_is_gone(world: World, responses: LeadResponses) -> None:
    world.linkedin.answers = [Answer(status=404)]
    with pytest.raises(NotFound):
        responses.get(LEAD_ID, world.deadline)


def test_what_is_no_id_is_not_asked(world: World, responses: LeadResponses) -> None:
    with pytest.raises(ValueError, match="not the id"):
        responses.get("..", world.deadline)
    assert world.linkedin.received == []


def unreadable(world: World, responses: LeadResponses, *elements: Any) -> list[Unreadable]:
    """What is made of elements without an id that can be read."""
    world.linkedin.answers = [Answer(body={"elements": list(elements)})]
    (page,) = responses.find(query(), world.deadline)
    return list(page.unreadable)


def test_a_lead_without_id_is_told_from_others(world: World, responses: LeadResponses) -> None:
    nameless = {**lead(), "id": {"of": "a new kind"}, "submittedAt": 1795327200000}
    # LinkedIn joins these in when it is asked, so they change.
    later = dict(reversed(nameless.items())) | {"ownerInfo": {"other": "name"}}
    other = {**nameless, "submittedAt": "1795327200001"}
    found = unreadable(world, responses, nameless, later, other, {"submittedAt": True}, "odd", None)
    prints = [one.fingerprint for one in found]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 5
    assert all(len(one) == 64 for one in prints)
    assert [one.submitted_at for one in found[:3]] == [
        UNTIL,
        UNTIL,
        UNTIL.replace(microsecond=1000),
    ]
    assert {one.submitted_at for one in found[3:]} == {None}
    assert {one.id for one in found} == {None}


def batched(request: Received, *, nested: bool) -> Answer:
    target = request.line.partition(" ")[2]
    ids = parse_qs(urlsplit(target).query)["ids"][0].removeprefix("List(").removesuffix(")")
    results: dict[str, Any] = {one: {**lead(), "id": one} for one in ids.split(",")}
    results.pop("lead-0", None)
    about = {"statuses": {"lead-0": 404}, "errors": {}}
    return Answer(body={"results": results | about} if nested else {"results": results, **about})


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize(("leads", "requests"), [(1, 1), (81, 2), (1000, 13), (1001, 13)])
def test_leads_by_their_ids(
    world: World, responses: LeadResponses, *, nested: bool, leads: int, requests: int
) -> None:
    world.linkedin.script = lambda request: batched(request, nested=nested)
    ids = [f"lead-{number}" for number in range(leads)]
    batch = responses.batch_get(ids, ACCOUNT, LeadType.SPONSORED, world.deadline)
    assert list(batch.found) == ids[1:]
    assert batch.missing == {"lead-0": 404}
    assert batch.unreadable == ()
    assert len(world.linkedin.lines) == requests
    assert world.linkedin.lines[0].startswith("GET /rest/leadFormResponses?ids=List(lead-0")
    assert world.linkedin.lines[0].endswith(f")&{OWNER}&leadType=(leadType:SPONSORED)")
    assert all(len(line) < 4000 for line in world.linkedin.lines)


def test_80_ids_of_usual_length_stay_below_4000_characters(
    world: World, responses: LeadResponses
) -> None:
    world.linkedin.answers = [Answer(body={"results": {}})]
    ids = [f"691c02e7-f7f0-430a-ae16-{number:012d}-5" for number in range(80)]
    batch = responses.batch_get(ids, ACCOUNT, LeadType.SPONSORED, world.deadline)
    assert set(batch.missing.values()) == {None}
    (line,) = world.linkedin.lines
    assert len(line) < 4000


def test_urns_and_broken_leads_in_a_batch(world: World, responses: LeadResponses) -> None:
    world.linkedin.answers = [Answer(body={"results": {"a": {"id": "a"}, "b": lead()}})]
    batch = responses.batch_get(
        ["urn:li:leadGenFormResponse:a", "b"], ACCOUNT, LeadType.SPONSORED, world.deadline
    )
    assert batch.unreadable == (Unreadable(id="a", problem="/formResponse: missing"),)
    assert list(batch.found) == ["b"]


def test_a_batch_needs_owner_and_lead_type_that_fit(world: World, responses: LeadResponses) -> None:
    with pytest.raises(Refused):
        responses.batch_get([LEAD_ID], PAGE, LeadType.SPONSORED, world.deadline)
    assert world.linkedin.received == []


def test_now_is_what_the_urls_say() -> None:
    assert NOW.timestamp() * 1000 == NOW_MILLISECONDS
