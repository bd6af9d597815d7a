"""What the webhook sends, and subscriptions."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.values.linkedin.lead_notification import (
    NotificationsUnreadable,
    parse_notifications,
)
from shared.values.linkedin.subscription import Subscription, SubscriptionRefused
from shared.values.linkedin.symbols import LeadAction, LeadType
from shared.values.linkedin.urns import FormVersion
from tests.linkedin.documentation import compact, notification, without


def test_all_eight_fields() -> None:
    (lead,) = parse_notifications(compact(notification())).leads
    assert lead.type == "LEAD_ACTION"
    assert lead.lead_id == "1a2b3c-4"
    assert lead.lead_gen_form == FormVersion(form_id=1, version=1)
    assert lead.owner is not None
    assert lead.owner.model_dump() == {"organization": "urn:li:organization:123"}
    assert lead.associated_entity is not None
    assert lead.associated_entity.model_dump() == {"event": "urn:li:event:123"}
    assert lead.lead_type is LeadType.EVENT
    assert lead.lead_action is LeadAction.CREATED
    assert lead.occurred_at == datetime(2023, 6, 7, 23, 59, 18, 881000, tzinfo=UTC)
    assert lead.identity == "1a2b3c-4/CREATED"


@pytest.mark.parametrize("spelling", ["occurredAt", "occuredAt"])
@pytest.mark.parametrize(
    ("at", "moment"),
    [
        (1686182358881, datetime(2023, 6, 7, 23, 59, 18, 881000, tzinfo=UTC)),
        (123456789, datetime(1973, 11, 29, 21, 33, 9, tzinfo=UTC)),
    ],
)
def test_the_time_in_both_spellings_and_both_units(
    spelling: str, at: int, moment: datetime
) -> None:
    sample = {**without(notification(), "occurredAt"), spelling: at}
    assert parse_notifications(compact(sample)).leads[0].occurred_at == moment


@pytest.mark.parametrize(
    "wrapped",
    [
        notification(),
        [notification()],
        {"elements": [notification()]},
        {"notifications": [notification()]},
    ],
)
def test_one_object_or_a_list_of_them(wrapped: Any) -> None:
    received = parse_notifications(compact(wrapped))
    assert [lead.lead_id for lead in received.leads] == ["1a2b3c-4"]
    assert (received.ignored, received.unreadable) == ((), ())


def test_a_byte_order_mark_before_it_is_no_harm() -> None:
    (lead,) = parse_notifications(b"\xef\xbb\xbf" + compact(notification())).leads
    assert lead.lead_id == "1a2b3c-4"


def test_an_empty_list_is_nothing() -> None:
    assert parse_notifications(b"[]").leads == ()


def test_deleted_and_unknown_actions() -> None:
    samples = [{**notification(), "leadAction": action} for action in ("DELETED", "MOVED")]
    leads = parse_notifications(compact(samples)).leads
    assert [lead.lead_action for lead in leads] == [LeadAction.DELETED, "MOVED"]
    assert leads[0].identity == "1a2b3c-4/DELETED"


@pytest.mark.parametrize(
    "name", ["leadGenForm", "owner", "associatedEntity", "leadType", "occurredAt"]
)
def test_what_is_not_needed_to_fetch_the_lead_may_be_left_out(name: str) -> None:
    assert len(parse_notifications(compact(without(notification(), name))).leads) == 1


def test_other_types_are_counted_and_left_alone() -> None:
    types = ["ORGANIZATION_SOCIAL_ACTION", None, 5, "anna@example.com"]
    samples = [{**notification(), "type": each} for each in types]
    received = parse_notifications(compact([*samples, {}, notification()]))
    assert len(received.leads) == 1
    assert received.ignored == ("ORGANIZATION_SOCIAL_ACTION", *["unreadable"] * 4)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("leadGenForm", {"id": 1}),
        ("leadGenForm", ""),
        ("leadGenForm", 12),
        ("owner", {}),
        ("owner", "nobody"),
        ("associatedEntity", {}),
        ("associatedEntity", {"event": "urn:li:event:1", "x": "urn:li:y:2"}),
        ("leadType", 5),
        ("occurredAt", "2023-06-08T00:00:00Z"),
        ("occurredAt", 1686182358881.5),
    ],
)
def test_what_is_not_needed_to_fetch_the_lead_may_be_unreadable(name: str, given: object) -> None:
    received = parse_notifications(compact({**notification(), name: given}))
    [lead] = received.leads
    assert (lead.lead_id, lead.lead_action) == ("1a2b3c-4", LeadAction.CREATED)
    assert name not in lead.to_json()
    assert received.unreadable == ()


@pytest.mark.parametrize("name", ["leadGenFormResponse", "leadAction"])
def test_a_broken_one_does_not_lose_the_others(name: str) -> None:
    broken = {**without(notification(), name), "leadType": "anna@example.com"}
    received = parse_notifications(compact([broken, notification()]))
    assert len(received.leads) == 1
    assert received.unreadable == (f"/{name}: missing",)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        compact(notification())[:-1],
        compact(notification()) + b"}",
        compact(notification()).replace(b'"', "“".encode()),
        b"{type: 1}",
        compact(notification()).decode().encode("utf-16"),
        b"\xff",
        b"NaN",
        b'{"type": NaN}',
        b"5",
        b"null",
        b'["LEAD_ACTION"]',
        b"[" * 100_000,
    ],
)
def test_what_is_no_strict_json_is_refused(body: bytes) -> None:
    with pytest.raises(NotificationsUnreadable) as refusal:
        parse_notifications(body)
    assert "1a2b3c" not in str(refusal.value)


WEBHOOK = "https://doi.contoso.com/api/linkedin/webhook?secret=hush"
ACCOUNT = {"sponsoredAccount": "urn:li:sponsoredAccount:520866471"}
PAGE = {"organization": "urn:li:organization:1"}
FORM = "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:818,1)"
EVENT = {"event": "urn:li:event:123"}


def subscription(**fields: Any) -> Subscription:
    return Subscription.model_validate(
        {"webhook": WEBHOOK, "owner": PAGE, "leadType": "EVENT"} | fields
    )


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"associatedEntity": EVENT},
        {"versionedForm": FORM},
        {"associatedEntity": EVENT, "versionedForm": FORM},
    ],
)
def test_the_body_of_each_kind_of_subscription(extra: dict[str, Any]) -> None:
    body = subscription(id=107708, **extra).creation_body()
    assert body == {"webhook": WEBHOOK, "owner": PAGE, "leadType": "EVENT", **extra}


def test_the_body_of_the_documentation() -> None:
    body = subscription(owner=ACCOUNT, leadType="SPONSORED").creation_body()
    assert body == {"webhook": WEBHOOK, "owner": ACCOUNT, "leadType": "SPONSORED"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"webhook": "http://doi.contoso.com/"}, "https"),
        ({"webhook": "https://"}, "https"),
        ({"webhook": None}, "https"),
        ({"leadType": "SPONSORED"}, "ad account"),
        ({"owner": ACCOUNT}, "company page"),
        ({"leadType": "ORGANIC"}, "no lead type"),
        ({"versionedForm": "urn:li:leadGenForm:818"}, "version"),
    ],
)
def test_what_linkedin_would_not_take_is_refused(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(SubscriptionRefused, match=reason) as refusal:
        subscription(**fields).creation_body()
    assert "hush" not in str(refusal.value)


def test_the_secret_is_not_shown() -> None:
    assert "hush" not in repr(subscription())


@pytest.mark.parametrize(
    "name", ["versionedForm", "versionedFormUrn", "versionedLeadGenFormUrn", "leadGenForm"]
)
def test_the_form_is_read_by_any_of_its_names(name: str) -> None:
    assert subscription(**{name: FORM}).versioned_form == FormVersion(form_id=818, version=1)


def test_the_id_is_exact_and_stored_as_text() -> None:
    parsed = subscription(id=6851219773716516865)
    assert parsed.id == 6851219773716516865
    assert parsed.to_json()["id"] == "6851219773716516865"


@pytest.mark.parametrize(
    "fields", [{"versionedForm": FORM}, {"associatedEntity": EVENT}, {"leadType": "COMPANY"}]
)
def test_what_makes_two_subscriptions_differ(fields: dict[str, Any]) -> None:
    assert subscription().subscribes_to_same(subscription(webhook=None, id=5))
    assert not subscription().subscribes_to_same(subscription(**fields))
