"""The operator's page: what it shows, what it puts back, and for whom."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import azure.functions as func
import pytest
from bs4 import BeautifulSoup

from functions import desk
from shared import double_opt_in, events
from shared.failures import PermanentFailure
from shared.ports import Versioned
from shared.values.lead_row import LeadRow, LeadState
from shared.values.messages import PromotionMessage, RegistrationMessage
from tests.endpoints.calls import ANNA, documented, json_of
from tests.examples import NOON, key_of, registration
from tests.fakes.outside import PUBLIC_URL, FakeOutside
from tests.leads.worlds import connected
from tests.personal_traces import found_in
from tests.story.journey import deliver, link, press, sign_up

KEY = key_of(registration())
PROMOTION = PromotionMessage(mailbox_key=KEY.mailbox_key, registration_id=KEY.registration_id)
POISON = "promotions-poison"
OURS = {"Sec-Fetch-Site": "same-origin"}
OLDER = '{"version":0,"registrationId":"00000000-0000-4000-8000-000000000009","mail":"renewal"}'


def switched_on(outside: FakeOutside | None = None) -> FakeOutside:
    outside = outside or FakeOutside()
    outside.rules = replace(outside.rules, desk=True)
    return outside


def get(outside: FakeOutside, **query: str) -> func.HttpResponse:
    request = func.HttpRequest("GET", f"{PUBLIC_URL}/api/desk", params=query, body=b"")
    return documented("/desk", "get", desk.show(request, outside))


def post(
    outside: FakeOutside, body: str, headers: dict[str, str] | None = None, **query: str
) -> func.HttpResponse:
    request = func.HttpRequest(
        "POST",
        f"{PUBLIC_URL}/api/desk",
        headers=OURS if headers is None else headers,
        params=query,
        body=body.encode(),
    )
    return documented("/desk", "post", desk.replay(request, outside))


def page(answer: func.HttpResponse) -> BeautifulSoup:
    assert answer.status_code == 200
    return BeautifulSoup(answer.get_body(), "html.parser")


def text(answer: func.HttpResponse) -> str:
    return " ".join(page(answer).get_text(" ").split())


def test_it_is_off_unless_somebody_switched_it_on() -> None:
    outside = FakeOutside()
    outside.queues.put(POISON, PROMOTION.failed("x").to_json())
    for answer in (get(outside), post(outside, "queue=promotions&all=yes")):
        assert answer.status_code == 404
        assert "DOI_DESK" in json_of(answer)["detail"]
    assert outside.queues.count(POISON) == 1


def test_an_empty_desk_says_what_will_show_there() -> None:
    told = text(get(switched_on()))
    assert "Nothing failed" in told
    assert "Nobody has signed up yet" in told
    assert "confirmed : the person pressed the button" in told


def test_it_shows_how_far_people_came() -> None:
    outside = switched_on()
    stop = events.listen(outside.tally.hear)
    try:
        for number in (1, 2, 3):
            sign_up(registration(f"a{number}@example.com", number), outside)
        outside.pass_time(timedelta(seconds=1))
        press(link(outside.mailer.sent[-1]), outside)
    finally:
        stop()
    outside.pass_time(timedelta(minutes=5))
    shown = page(get(outside))
    [funnel] = shown.select("article")
    assert funnel["aria-label"] == "newsletter"
    bars = {
        row.th.get_text(): [cell.get_text() for cell in row.select(".number")]
        for row in funnel.select(".chart > table tr")
        if row.th
    }
    assert bars == {
        "accepted": ["3", "100%"],
        "mailed": ["3", "100%"],
        "confirmed": ["1", "33%"],
        "promoted": ["1", "33%"],
    }
    [reached] = funnel.select(".chart > table tr:nth-of-type(3) rect.reached")
    assert reached["width"] == "33.3%"
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in shown.select("section[aria-labelledby=latest] tbody tr")
    ]
    assert rows[0] == [registration(number=3).id, "newsletter", "promoted", "5 min ago"]
    assert sorted(row[2] for row in rows) == ["mailed", "mailed", "promoted"]


def test_it_shows_what_waits_and_why() -> None:
    outside = switched_on(connected())
    outside.queues.put(POISON, PROMOTION.failed("no such trigger").to_json())
    outside.queues.put("registrations-poison", OLDER)
    outside.queues.put("follow-ups", "{}", visible_in=timedelta(days=3))
    outside.queues.put("registrations", "{}")
    lead = LeadRow(
        lead="lead-7",
        registration_id=registration().id,
        state=LeadState.PARKED,
        noted_at=NOON,
        reasons=("consent_required",),
    )
    outside.lead_rows.save(Versioned(value=lead, etag=None))
    outside.pass_time(timedelta(hours=3))
    answer = get(outside)
    told = text(answer)
    assert page(answer).title
    assert "(3) Desk" in told
    assert "2 messages failed for good." in told
    assert "1 lead parked." in told
    assert "lead-7 not known consent_required 3 h ago" in told
    assert f"{KEY.registration_id} no such trigger 3 h ago Replay" in told
    assert "this version of the app does not read it" in told
    assert "follow-ups reminders, and when to forget whom 1 0 none 0" in told
    assert "registrations mails to send 1 1 3 h 1" in told


def test_it_names_no_person() -> None:
    """Whatever happened, and however it failed."""
    outside = switched_on()
    asked = registration(ANNA)
    stop = events.listen(outside.tally.hear)
    try:
        double_opt_in.register(asked, outside)
        outside.mailer.fail_next(PermanentFailure("refused"))
        deliver("registrations", outside)
        whole = RegistrationMessage(registration=asked)
        outside.queues.put("registrations-poison", whole.failed("form is gone").to_json())
        outside.queues.put("mail-reports-poison", f'{{"data":{{"recipient":"{ANNA}"}}}}')
        outside.queues.put("follow-ups-poison", ANNA)
        outside.queues.put("registrations", whole.to_json())
        shown = get(outside).get_body().decode()
    finally:
        stop()
    assert asked.id in shown
    personal = [asked.email, "Anna", "203.0.113.7", "Browser/1.0", "spring", KEY.mailbox_key]
    assert not found_in([shown], [*personal, key_of(asked).mailbox_key])
    assert found_in([whole.to_json()], ["Anna"])  # it would have been found


def test_what_a_stranger_wrote_into_a_queue_is_escaped() -> None:
    outside = switched_on()
    outside.queues.put(POISON, '{"failure": "<script>alert(1)</script>\\u001b[2J\\ud800"}')
    shown = get(outside).get_body().decode()
    assert "<script>" not in shown
    assert "\x1b" not in shown


def test_storage_that_is_down_is_said_where_it_is_missing() -> None:
    outside = switched_on(connected())
    outside.queues.down = outside.funnel.down = outside.lead_rows.down = True
    told = text(get(outside))
    assert "Not everything could be seen. table funnel: down." in told
    assert "queue promotions-poison: down" in told
    assert "Nobody has signed up yet" not in told
    outside.queues.down = outside.funnel.down = outside.lead_rows.down = False
    assert "Not everything" not in text(get(outside))


# Looking again -----------------------------------------------------------------------------------


def test_it_looks_again_by_itself_only_where_that_was_asked_for() -> None:
    outside = switched_on()
    assert page(get(outside)).select("meta[http-equiv]") == []
    [again] = page(get(outside, code="k/y=&1")).select("header a")
    assert parse_qs(urlsplit(str(again["href"])).query) == {"code": ["k/y=&1"], "refresh": ["10"]}
    shown = page(get(outside, code="k/y=&1", refresh="5", replayed="1"))
    [meta] = shown.select("meta[http-equiv=refresh]")
    seconds, _, address = str(meta["content"]).partition("; url=")
    assert seconds == "5"
    assert parse_qs(urlsplit(address).query) == {"code": ["k/y=&1"], "refresh": ["5"]}
    [stop] = shown.select("header a")
    assert parse_qs(urlsplit(str(stop["href"])).query) == {"code": ["k/y=&1"]}


@pytest.mark.parametrize("refresh", ["1", "0", "-5", "3601", "soon", "5.5", "9" * 5000, "\u0665"])
def test_a_time_that_is_none_is_refused(refresh: str) -> None:
    answer = get(switched_on(), refresh=refresh)
    assert answer.status_code == 400
    assert "from 2 to 3600" in json_of(answer)["detail"]


# Putting back ------------------------------------------------------------------------------------


@pytest.fixture
def outside() -> FakeOutside:
    """Two promotions have failed, and an older version left something."""
    outside = switched_on()
    for number in (1, 2):
        id_ = registration(number=number).id
        message = PROMOTION.model_copy(update={"registration_id": id_})
        outside.queues.put(POISON, message.failed("no such trigger").to_json())
    outside.queues.put(POISON, OLDER)
    return outside


def test_a_button_puts_its_message_back(outside: FakeOutside) -> None:
    row = page(get(outside, code="key")).select(f"form:has(input[value='{_id(outside, 1)}'])")[0]
    inputs = {str(each["name"]): str(each["value"]) for each in row.select("input")}
    assert row.button
    assert row.button.get_text() == f"Replay {registration(number=2).id}"
    assert not row.has_attr("action")  # its own address: with the key, if that stands there
    body = "&".join(f"{name}={value}" for name, value in inputs.items())

    answer = post(outside, body, code="key", refresh="5")

    assert answer.status_code == 303
    location = urlsplit(answer.headers["Location"])
    assert location.path == "/api/desk"
    assert parse_qs(location.query) == {
        "code": ["key"],
        "refresh": ["5"],
        "replayed": ["1"],
        "left": ["0"],
    }
    [body] = outside.queues.bodies("promotions")
    assert registration(number=2).id in body
    assert outside.queues.count(POISON) == 2
    assert "1 message put back into the queue." in text(get(outside, replayed="1", left="0"))


def _id(outside: FakeOutside, at: int) -> str:
    return outside.queues.messages[POISON][at].id


def test_all_are_put_back_and_an_older_one_stays(outside: FakeOutside) -> None:
    answer = post(outside, "queue=promotions&all=yes")
    assert "replayed=2&left=1" in answer.headers["Location"]
    assert len(outside.queues.bodies("promotions")) == 2
    assert outside.queues.bodies(POISON) == [OLDER]
    assert "1 stayed: no message that this version" in text(get(outside, replayed="2", left="1"))


def test_an_older_one_has_no_button(outside: FakeOutside) -> None:
    shown = page(get(outside))
    buttons = [form.get_text(strip=True) for form in shown.select("form")]
    assert len(buttons) == 3  # all, and one each of two
    assert "doi poison show" in shown.get_text()
    answer = post(outside, f"queue=promotions&id={_id(outside, 2)}")
    assert "replayed=0&left=1" in answer.headers["Location"]
    assert outside.queues.count(POISON) == 3


def test_what_is_gone_is_said(outside: FakeOutside) -> None:
    answer = post(outside, "queue=promotions&id=gone")
    assert "replayed=0&left=0" in answer.headers["Location"]
    assert "It is not there any more." in text(get(outside, replayed="0", left="0"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": PUBLIC_URL},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"{PUBLIC_URL}.evil.example"},
        {"Origin": PUBLIC_URL.replace("https", "http")},
        {},
    ],
)
def test_no_other_page_presses_a_button(outside: FakeOutside, headers: dict[str, str]) -> None:
    answer = post(outside, "queue=promotions&all=yes", headers)
    assert answer.status_code == 403
    assert outside.queues.count(POISON) == 3
    assert "promotions" not in outside.queues.messages


@pytest.mark.parametrize("headers", [OURS, {"Origin": PUBLIC_URL}])
def test_the_page_itself_does(outside: FakeOutside, headers: dict[str, str]) -> None:
    assert post(outside, "queue=promotions&all=yes", headers).status_code == 303


@pytest.mark.parametrize(
    "body",
    [
        "",
        "queue=promotions",
        "queue=promotions&id=1&all=yes",
        "queue=promotions&all=no",
        "queue=promotions-poison&all=yes",
        "queue=nowhere&all=yes",
        "all=yes",
        "queue=\xff",
        "&".join(["queue=promotions&all=yes"] * 50),
    ],
)
def test_a_post_that_is_none_does_nothing(outside: FakeOutside, body: str) -> None:
    answer = post(outside, body)
    assert answer.status_code == 400
    assert json_of(answer)["detail"]
    assert outside.queues.count(POISON) == 3


def test_storage_that_is_down_loses_nothing(outside: FakeOutside) -> None:
    outside.queues.down = True
    answer = post(outside, "queue=promotions&all=yes")
    assert answer.status_code == 503
    outside.queues.down = False
    assert outside.queues.count(POISON) == 3
