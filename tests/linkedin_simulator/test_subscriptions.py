"""Subscriptions: create with a challenge, find in every shape, get, delete, validate again."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from local.linkedin_simulator import RunningLinkedIn
from tests.linkedin_simulator.client import (
    ACCOUNT_URN,
    EVENT,
    OWNER,
    SECRET,
    SPONSORED,
    Api,
    refusal,
)
from tests.linkedin_simulator.conftest import SteppedClock
from tests.linkedin_simulator.webhook import Webhook, right_answer, wait_until

FIND = f"leadNotifications?q=criteria&owner=(value:{OWNER})&leadType={SPONSORED}"


def written(webhook: str, **changes: Any) -> dict[str, Any]:
    usual = {"owner": {"sponsoredAccount": ACCOUNT_URN}, "leadType": "SPONSORED"}
    return {"webhook": webhook, **usual, **changes}


def create(api: Api, webhook: str, **changes: Any) -> int:
    answer = api.call("POST", "leadNotifications", written(webhook, **changes))
    assert answer.status_code == 201, answer.text
    return int(answer.headers["x-restli-id"])


def statuses(api: Api) -> list[str]:
    return [each["status"] for each in api.state()["subscriptions"]]


def test_creating_challenges_the_webhook(api: Api, webhook: Webhook) -> None:
    subscription = create(api, f"{webhook.url}?secret=a%2Fb")
    (path,) = webhook.challenges
    query = parse_qs(urlsplit(path).query)
    assert path.startswith("/hook?secret=a%2Fb&challengeCode=")
    assert UUID(query["challengeCode"][0]).version == 4
    answer = api.call("GET", f"leadNotifications/{subscription}").json()
    assert answer == {"id": subscription, **written(f"{webhook.url}?secret=a%2Fb")}
    assert statuses(api) == ["valid"]


def late(code: str, release: threading.Event) -> tuple[int, str, bytes]:
    release.wait(10)
    return right_answer(code)


def changed(**changes: str) -> Callable[[str], tuple[int, str, bytes]]:
    def answer(code: str) -> tuple[int, str, bytes]:
        status, content_type, body = right_answer(code)
        return status, content_type, json.dumps(json.loads(body) | changes).encode()

    return answer


def of_prefixed(code: str) -> tuple[int, str, bytes]:
    message = f"hmacsha256={code}".encode()
    digest = hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
    return changed(challengeResponse=digest)(code)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda code: (404, *right_answer(code)[1:]), "answered 404"),
        (lambda code: (202, *right_answer(code)[1:]), "answered 202"),
        (lambda code: (302, *right_answer(code)[1:]), "answered 302"),
        (lambda code: (200, "text/plain", right_answer(code)[2]), "text/plain"),
        (lambda _: (200, "application/json", b"{"), "JSON"),
        (lambda _: (200, "application/json", b"[]"), "challengeCode"),
        (changed(challengeCode="other"), "challengeCode"),
        (changed(challengeResponse="00"), "HMAC-SHA256"),
        (of_prefixed, "HMAC-SHA256"),
    ],
)
def test_a_wrong_answer_is_no_subscription(
    api: Api, webhook: Webhook, answer: Callable[[str], tuple[int, str, bytes]], problem: str
) -> None:
    webhook.answer = answer
    refused = api.call("POST", "leadNotifications", written(webhook.url))
    assert refusal(refused)[2] == "This URL did not pass the security challenge check"
    assert problem in refused.text
    assert api.state()["subscriptions"] == []
    assert len(webhook.challenges) == 1


def test_an_answer_after_three_seconds_is_too_late(api: Api, webhook: Webhook) -> None:
    release = threading.Event()
    webhook.answer = lambda code: late(code, release)
    refused = api.call("POST", "leadNotifications", written(webhook.url))
    release.set()
    assert "no answer within 3 s" in refused.text


def test_nobody_listening_is_no_subscription(api: Api) -> None:
    with Webhook() as gone:
        url = gone.url
    assert api.call("POST", "leadNotifications", written(url)).status_code == 400


@pytest.mark.parametrize(
    "url", ["http://example.com/hook", "ftp://127.0.0.1/hook", "/hook", "127.0.0.1", "http://[::1"]
)
def test_only_https_is_taken_from_elsewhere(api: Api, url: str) -> None:
    refused = api.call("POST", "leadNotifications", written(url))
    assert refusal(refused)[2] == "Only HTTPS URLs are supported"


def test_http_is_refused_on_this_machine_too_unless_asked_for(webhook: Webhook) -> None:
    with RunningLinkedIn() as strict:
        client = Api(strict.url)
        refused = client.call("POST", "leadNotifications", written(webhook.url))
        assert refusal(refused)[2] == "Only HTTPS URLs are supported"
        page = client.session.get(strict.url, timeout=20).text
        client.session.close()
    assert webhook.challenges == []
    assert "Not like LinkedIn" not in page


GERMAN_URN = "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)"
EVENT_URN = f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{EVENT},1)"


@pytest.mark.parametrize(
    "changes",
    [
        {"leadType": "ORGANIC"},
        {"leadType": {"leadType": "SPONSORED"}},
        {"owner": ACCOUNT_URN},
        {"owner": {}},
        {"versionedFormUrn": GERMAN_URN},  # the table's name; the samples have versionedForm
        {"versionedForm": "urn:li:leadGenForm:3162"},
        {"versionedForm": GERMAN_URN.replace(",1", ",2")},
        {"versionedForm": EVENT_URN},
        {"associatedEntity": {"event": "urn:li:organization:1"}},
        {"associatedEntity": {"campaign": "urn:li:sponsoredCampaign:1"}},
        {"associatedEntity": {}},
        {"id": 5},
    ],
)
def test_malformed_subscriptions_are_refused(
    api: Api, webhook: Webhook, changes: dict[str, Any]
) -> None:
    refused = api.call("POST", "leadNotifications", written(webhook.url, **changes))
    status, _, message = refusal(refused)
    assert (status, message[:46]) == (400, "Malformed subscription creation request that d")
    assert ("does not match that of the subscription" in message) == (
        changes == {"versionedForm": EVENT_URN}
    )
    assert webhook.challenges == []


def test_somebody_elses_owner_is_forbidden(api: Api, webhook: Webhook) -> None:
    other = {"sponsoredAccount": "urn:li:sponsoredAccount:1"}
    refused = api.call("POST", "leadNotifications", written(webhook.url, owner=other))
    assert refused.status_code == 403
    assert "to take this action on a subscription" in refused.json()["message"]


def test_finding_by_criteria_in_every_shape(api: Api, webhook: Webhook) -> None:
    ids = [create(api, webhook.url), create(api, f"{webhook.url}?2", versionedForm=GERMAN_URN)]
    assert [each["id"] for each in api.elements(FIND)] == ids
    api.settings(criteriaShape="list")
    results = api.call("GET", FIND).json()["results"]
    assert [each["webhook"] for each in results] == [webhook.url, f"{webhook.url}?2"]
    api.settings(criteriaShape="map")
    assert list(api.call("GET", FIND).json()["results"]) == [str(each) for each in ids]
    api.settings(criteriaShape="object")
    only = api.call("GET", FIND).json()["results"]
    assert (only["id"], "webhook" in only) == (ids[0], False)


def test_the_owner_is_wrapped_unless_switched(api: Api) -> None:
    plain = FIND.replace(f"(value:{OWNER})", OWNER)
    assert refusal(api.call("GET", plain))[0] == 400
    api.settings(criteriaOwner="plain")
    assert api.elements(plain) == []
    assert refusal(api.call("GET", FIND))[0] == 400


def test_deleting_ends_a_subscription(api: Api, webhook: Webhook) -> None:
    subscription = create(api, webhook.url)
    assert api.call("DELETE", f"leadNotifications/{subscription}").status_code == 204
    assert refusal(api.call("DELETE", f"leadNotifications/{subscription}"))[0] == 404
    assert api.elements(FIND) == []


def test_repeating_a_creation_makes_a_second_one(api: Api, webhook: Webhook) -> None:
    assert create(api, webhook.url) != create(api, webhook.url)
    assert len(api.elements(FIND)) == 2


def test_three_failures_in_a_row_block(api: Api, webhook: Webhook) -> None:
    subscription = create(api, webhook.url)
    wrong = changed(challengeResponse="00")
    for answer in (wrong, wrong, right_answer, wrong, wrong):
        webhook.answer = answer
        api.control("POST", "validations")
        assert statuses(api) == ["valid"]
    (blocked,) = api.control("POST", "validations").json()
    assert (blocked["status"], blocked["failures"]) == ("blocked", 3)
    assert "HMAC-SHA256" in blocked["problem"]
    asked = len(webhook.challenges)
    webhook.answer = right_answer
    api.control("POST", "validations")
    assert (len(webhook.challenges), statuses(api)) == (asked, ["blocked"])
    api.lead()
    assert api.state()["deliveries"] == []
    restarted = api.control("POST", f"subscriptions/{subscription}/restart").json()
    assert (restarted["status"], restarted["failures"]) == ("valid", 0)


def test_webhooks_are_challenged_at_the_interval(
    api: Api, webhook: Webhook, clock: SteppedClock
) -> None:
    create(api, webhook.url)
    clock.moment += timedelta(hours=2)
    wait_until(lambda: len(webhook.challenges) == 2)
    assert webhook.challenges[0] != webhook.challenges[1]


def test_a_webhook_given_at_the_start_is_subscribed_when_it_answers(webhook: Webhook) -> None:
    webhook.answer = changed(challengeResponse="00")
    with RunningLinkedIn(allow_http=True, webhook=webhook.url) as running:
        client = Api(running.url)
        # The ad account's leads, and three types of leads of its page.
        wait_until(lambda: len(webhook.challenges) == 2 * 4)
        assert statuses(client) == ["unvalidated"] * 4
        webhook.answer = right_answer
        wait_until(lambda: statuses(client) == ["valid"] * 4)
        client.control("DELETE", "state")
        wait_until(lambda: statuses(client) == ["valid"] * 4)
        assert [each["webhook"] for each in client.elements(FIND)] == [webhook.url]
        assert {each["leadType"] for each in client.state()["subscriptions"]} == {
            "SPONSORED",
            "COMPANY",
            "EVENT",
            "ORGANIZATION_PRODUCT",
        }
        client.session.close()
