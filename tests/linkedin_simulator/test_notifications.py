"""Signed notifications: canonical bytes, who gets them, retries, and trouble on request."""

import hashlib
import hmac
from typing import Any

import pytest

from local.linkedin_simulator.notifications import signature
from tests.linkedin_simulator.client import ACCOUNT_URN, ENGLISH, EVENT, SECRET, Api
from tests.linkedin_simulator.conftest import START
from tests.linkedin_simulator.test_subscriptions import EVENT_URN, GERMAN_URN, create
from tests.linkedin_simulator.webhook import Webhook, wait_until

MILLISECONDS = int(START.timestamp() * 1000)
PAGE_OWNER = {"organization": "urn:li:organization:5509810"}
CREATIVE = "urn:li:sponsoredCreative:121608865"
CAMPAIGN = "urn:li:sponsoredCampaign:367378525"


def outcomes(api: Api) -> list[str]:
    return [each["outcome"] for each in api.state()["deliveries"]]


def settled(api: Api) -> list[str]:
    wait_until(lambda: "sending" not in outcomes(api))
    return outcomes(api)


def test_the_known_vector() -> None:
    body = (
        b'{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:1a2b3c-4",'
        b'"leadGenForm":"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:1, 1)",'
        b'"owner":{"organization":"urn:li:organization:123"},'
        b'"associatedEntity":{"event":"urn:li:event:123"},"leadType":"EVENT",'
        b'"leadAction":"CREATED","occurredAt":1686182358881}'
    )
    expected = "7826c5a92a40914af6fd57cffdb5602346e33205df10a7a15def04967f59c767"
    assert signature(body, "test-client-secret") == expected


def test_a_lead_is_told_in_canonical_signed_bytes(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    lead = api.lead()
    (received,) = webhook.wait_for(1)
    assert received.body.decode() == (
        f'{{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:{lead}",'
        '"leadGenForm":"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162, 1)",'
        f'"owner":{{"sponsoredAccount":"{ACCOUNT_URN}"}},'
        f'"associatedEntity":{{"associatedCreative":"{CREATIVE}"}},"leadType":"SPONSORED",'
        f'"leadAction":"CREATED","occurredAt":{MILLISECONDS}}}'
    )
    message = b"hmacsha256=" + received.body
    assert received.signature == hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
    assert settled(api) == ["delivered"]


def test_deleting_a_lead_is_told_too(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    lead = api.lead()
    assert api.control("DELETE", f"leads/{lead}").status_code == 204
    actions = {received.payload["leadAction"] for received in webhook.wait_for(2)}
    assert actions == {"CREATED", "DELETED"}
    assert api.call("GET", f"leadFormResponses/{lead}").status_code == 404
    assert api.control("DELETE", f"leads/{lead}").status_code == 404


def test_time_and_signature_can_be_written_otherwise(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    api.settings(notificationTime="seconds", notificationTimeKey="occuredAt", signaturePrefix=True)
    api.lead()
    (received,) = webhook.wait_for(1)
    assert received.payload["occuredAt"] == MILLISECONDS // 1000
    assert "occurredAt" not in received.payload
    assert received.signature.startswith("hmacsha256=")


@pytest.mark.parametrize(
    ("subscription", "expected"),
    [
        ({}, ["delivered"]),
        ({"versionedForm": GERMAN_URN}, ["delivered"]),
        ({"versionedForm": GERMAN_URN.replace(",", ", ")}, ["delivered"]),
        ({"versionedForm": GERMAN_URN.replace("3162", str(ENGLISH))}, []),
        ({"associatedEntity": {"associatedCreative": CREATIVE}}, ["delivered"]),
        ({"associatedEntity": {"sponsoredCampaign": CAMPAIGN}}, ["delivered"]),
        ({"associatedEntity": {"associatedCreative": CREATIVE + "1"}}, []),
        ({"versionedForm": GERMAN_URN, "associatedEntity": {"event": "urn:li:event:1"}}, []),
        ({"leadType": "EVENT"}, []),
        ({"owner": PAGE_OWNER}, []),  # with SPONSORED, as the documentation's samples have it
        ({"owner": PAGE_OWNER, "leadType": "EVENT", "versionedForm": EVENT_URN}, []),
    ],
)
def test_a_subscription_concerns_what_it_names(
    api: Api, webhook: Webhook, subscription: dict[str, Any], expected: list[str]
) -> None:
    create(api, webhook.url, **subscription)
    api.lead()
    assert settled(api) == expected


def test_one_webhook_hears_once_and_two_hear_both(api: Api, webhook: Webhook) -> None:
    for _ in range(2):
        create(api, webhook.url)
    create(api, f"{webhook.url}?other", versionedForm=GERMAN_URN)
    api.lead()
    assert settled(api) == ["delivered"] * 2
    assert {received.path for received in webhook.received} == {"/hook", "/hook?other"}


def test_leads_of_events_are_told_to_the_page(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url, owner=PAGE_OWNER, leadType="EVENT")
    api.lead(EVENT, answers={"21": "Ann", "22": "ann@example.com"})
    (received,) = webhook.wait_for(1)
    assert received.payload["owner"] == PAGE_OWNER
    assert received.payload["associatedEntity"] == {"event": "urn:li:event:7120000000000000123"}


def test_test_leads_are_told_without_an_entity(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    api.lead(testLead=True)
    (received,) = webhook.wait_for(1)
    assert "associatedEntity" not in received.payload


def test_failures_are_repeated_a_few_times(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    api.settings(deliveryRetrySeconds=[0.01, 0.01])
    webhook.statuses = [500, 302]
    api.lead()
    assert settled(api) == ["delivered"]
    (delivery,) = api.state()["deliveries"]
    assert (delivery["attempts"], len(webhook.received)) == (3, 3)
    assert len({received.body for received in webhook.received}) == 1
    webhook.statuses = [401, 401, 401]
    api.lead()
    assert settled(api) == ["delivered", "failed"]
    assert api.state()["deliveries"][1]["status"] == 401


def test_any_2xx_is_delivered(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    webhook.statuses = [202]
    api.lead()
    assert settled(api) == ["delivered"]


def test_lost_twice_and_late_on_request(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    api.lead(notification="lost")
    assert (outcomes(api), webhook.received) == (["lost"], [])
    twice = api.lead(notification="twice")
    bodies = [received.body for received in webhook.wait_for(2)]
    assert bodies[0] == bodies[1]
    assert twice in bodies[0].decode()


def test_held_notifications_come_after_the_next_one(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    lead = api.lead(notification="held")
    assert outcomes(api) == ["held"]
    api.control("DELETE", f"leads/{lead}")
    actions = [received.payload["leadAction"] for received in webhook.wait_for(2)]
    assert actions == ["DELETED", "CREATED"]
    assert settled(api) == ["delivered"] * 2


def test_held_notifications_are_released_on_request(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    api.settings(notificationMode="held")
    api.lead()
    assert api.control("POST", "notifications").json() == {"released": 1}
    webhook.wait_for(1)
    assert settled(api) == ["delivered"]
    assert api.control("POST", "notifications").json() == {"released": 0}


def test_unknown_modes_are_refused(api: Api) -> None:
    lead = api.lead()
    assert api.control("DELETE", f"leads/{lead}?notification=never").status_code == 400
    assert api.control("POST", "leads", {"form": 1, "notification": "never"}).status_code == 400
