"""Subscriptions over HTTP: raw requests, and what is made of the answers."""

from typing import Any

import pytest

from shared.adapters.linkedin.lead_notifications import LinkedInLeadNotifications
from shared.linkedin.failures import AnswerUnreadable, NotFound, NotPermitted, Refused
from shared.linkedin.found import Subscribed
from shared.linkedin.ports import LeadNotifications
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.subscription import Subscription, SubscriptionRefused
from shared.values.linkedin.symbols import LeadType
from tests.linkedin.finder_pages import finder
from tests.linkedin.scripted_server import Answer, Received
from tests.linkedin.world import World

OWNER = Owner.parse("urn:li:sponsoredAccount:520866471")
WEBHOOK = "https://doi.contoso.com/api/linkedin/webhook?secret=hush"
FORM = "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:818,1)"
CREATIVE = {"associatedCreative": "urn:li:sponsoredCreative:123456"}
LISTED = {
    "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:520866471"},
    "webhook": WEBHOOK,
    "id": 107708,
    "leadType": "SPONSORED",
}
LIST = (
    "GET /rest/leadNotifications?q=criteria"
    "&owner=(value:(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A520866471))"
    "&leadType=(leadType:SPONSORED)"
)
NOTHING = Answer(body={"elements": [], "paging": {"start": 0, "count": 10}})


@pytest.fixture
def notifications(world: World) -> LeadNotifications:
    return LinkedInLeadNotifications(world.session)


def wanted(**fields: Any) -> Subscription:
    given = {"webhook": WEBHOOK, "owner": LISTED["owner"], "leadType": "SPONSORED"}
    return Subscription.model_validate(given | fields)


def listed(world: World, notifications: LeadNotifications) -> tuple[Subscription, ...]:
    return notifications.of_owner(OWNER, LeadType.SPONSORED, world.deadline)


@pytest.mark.parametrize(
    "body",
    [
        {"elements": [LISTED]},
        {"results": [LISTED]},
        {"results": {"107708": LISTED}},
        {"results": LISTED},
        LISTED,
    ],
)
def test_every_shape_of_the_list(
    world: World, notifications: LeadNotifications, body: dict[str, Any]
) -> None:
    world.linkedin.answers = [Answer(body=body)]
    assert listed(world, notifications) == (Subscription.model_validate(LISTED),)
    assert world.linkedin.lines == [LIST]


@pytest.mark.parametrize("body", [{"elements": []}, {"results": []}, {"results": {}}])
def test_every_shape_of_nothing(
    world: World, notifications: LeadNotifications, body: dict[str, Any]
) -> None:
    world.linkedin.answers = [Answer(body=body)]
    assert listed(world, notifications) == ()


def test_the_wrapped_owner_is_refused_and_tried_unwrapped_once(
    world: World, notifications: LeadNotifications
) -> None:
    world.linkedin.answers = [Answer(status=400), Answer(body={"elements": [LISTED]})]
    assert len(listed(world, notifications)) == 1
    assert world.linkedin.lines == [LIST, LIST.replace("(value:(", "(").replace("))&", ")&")]
    world.linkedin.answers = [Answer(status=400)]
    with pytest.raises(Refused):
        listed(world, notifications)
    assert len(world.linkedin.lines) == 4


def test_another_refusal_is_not_tried_again(world: World, notifications: LeadNotifications) -> None:
    world.linkedin.answers = [Answer(status=403)]
    with pytest.raises(NotPermitted):
        listed(world, notifications)
    assert len(world.linkedin.lines) == 1


def test_more_than_one_page(world: World, notifications: LeadNotifications) -> None:
    elements = [{**LISTED, "id": number} for number in range(25)]
    world.linkedin.script = finder(elements, "total")
    assert [one.id for one in listed(world, notifications)] == list(range(25))
    assert world.linkedin.lines == [LIST, f"{LIST}&start=10&count=100"]


def test_a_webhook_that_the_list_leaves_out_is_asked_for(
    world: World, notifications: LeadNotifications
) -> None:
    bare = {name: value for name, value in LISTED.items() if name != "webhook"}
    world.linkedin.answers = [Answer(body={"results": bare}), Answer(body=LISTED)]
    assert [one.webhook for one in listed(world, notifications)] == [WEBHOOK]
    assert world.linkedin.lines == [LIST, "GET /rest/leadNotifications/107708"]


def test_a_subscription_that_cannot_be_read_is_not_overlooked(
    world: World, notifications: LeadNotifications
) -> None:
    world.linkedin.answers = [Answer(body={"elements": [LISTED, {"id": 5}]})]
    with pytest.raises(AnswerUnreadable, match="/owner: missing"):
        listed(world, notifications)


def test_an_owner_without_such_leads_is_not_asked(
    world: World, notifications: LeadNotifications
) -> None:
    with pytest.raises(Refused, match="company page"):
        notifications.of_owner(OWNER, LeadType.EVENT, world.deadline)
    assert world.linkedin.received == []


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"associatedEntity": CREATIVE},
        {"versionedForm": FORM},
        {"associatedEntity": CREATIVE, "versionedForm": FORM},
    ],
)
def test_each_kind_is_created(
    world: World, notifications: LeadNotifications, extra: dict[str, Any]
) -> None:
    world.linkedin.answers = [NOTHING, Answer(status=201, headers={"x-restli-id": "107709"})]
    created = notifications.create(wanted(**extra), world.deadline)
    assert created == Subscribed(id=107709, existed=False)
    listing, creating = world.linkedin.received
    assert listing.line == LIST
    assert creating.line == "POST /rest/leadNotifications"
    assert creating.json() == {
        "webhook": WEBHOOK,
        "owner": LISTED["owner"],
        "leadType": "SPONSORED",
        **extra,
    }


class Subscriptions:
    """Keeps what is created, and gives no id away."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []

    def answer(self, request: Received) -> Answer:
        if request.line.startswith("POST"):
            self.kept.append({**request.json(), "id": 100 + len(self.kept)})
            return Answer(status=201)
        return Answer(body={"elements": self.kept})


def test_creating_it_again_makes_one(world: World, notifications: LeadNotifications) -> None:
    linkedin = Subscriptions()
    world.linkedin.script = linkedin.answer
    first = notifications.create(wanted(), world.deadline)
    again = notifications.create(wanted(), world.deadline)
    assert first == Subscribed(id=100, existed=False)
    assert again == Subscribed(id=100, existed=True)
    assert len(linkedin.kept) == 1


@pytest.mark.parametrize(
    "other",
    [{"webhook": f"{WEBHOOK}2"}, {"versionedForm": FORM}, {"associatedEntity": CREATIVE}],
)
def test_another_one_is_another_one(
    world: World, notifications: LeadNotifications, other: dict[str, Any]
) -> None:
    linkedin = Subscriptions()
    world.linkedin.script = linkedin.answer
    notifications.create(wanted(), world.deadline)
    assert notifications.create(wanted(**other), world.deadline).existed is False
    assert len(linkedin.kept) == 2


def test_http_is_refused_before_anything_is_sent(
    world: World, notifications: LeadNotifications
) -> None:
    with pytest.raises(SubscriptionRefused, match="https"):
        notifications.create(wanted(webhook="http://doi.contoso.com/"), world.deadline)
    assert world.linkedin.received == []


def test_one_subscription(world: World, notifications: LeadNotifications) -> None:
    world.linkedin.answers = [Answer(body={**LISTED, "id": "6851219773716516865"})]
    assert notifications.get(6851219773716516865, world.deadline).id == 6851219773716516865
    assert world.linkedin.lines == ["GET /rest/leadNotifications/6851219773716516865"]
    world.linkedin.answers = [Answer(status=404)]
    with pytest.raises(NotFound):
        notifications.get(5, world.deadline)


@pytest.mark.parametrize("status", [200, 204, 404])
def test_what_is_gone_is_deleted(
    world: World, notifications: LeadNotifications, status: int
) -> None:
    world.linkedin.answers = [Answer(status=status)]
    notifications.delete(107708, world.deadline)
    assert world.linkedin.lines == ["DELETE /rest/leadNotifications/107708"]


def test_what_may_not_be_deleted_is_told(world: World, notifications: LeadNotifications) -> None:
    world.linkedin.answers = [Answer(status=403)]
    with pytest.raises(NotPermitted):
        notifications.delete(107708, world.deadline)
