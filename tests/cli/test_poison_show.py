"""`doi poison show`, and all commands on what an older version or somebody else has left."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from shared.values.messages import (
    FollowUp,
    FollowUpMessage,
    LeadMessage,
    Message,
    PromotionMessage,
    RegistrationMessage,
)
from shared.values.queue_name import QueueName
from tests.endpoints.calls import ANNA
from tests.examples import NOON, key_of, registration
from tests.fakes.outside import FakeOutside
from tests.mail_events import event_grid_event, report_data
from tests.personal_traces import found_in

ASKED = registration(ANNA)
KEY = key_of(ASKED)
ID = ASKED.id
PROMOTION = PromotionMessage(
    mailbox_key=KEY.mailbox_key, registration_id=KEY.registration_id, attempt=7
)
FAILURE = "Dataverse, firing trigger x: 404: the environment has no such trigger"
DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND = 0, 1, 2, 3
PERSONAL = [ANNA, "Anna", "203.0.113.7", "Browser/1.0", "spring", "newsletter.html"]

Doi = Callable[..., Result]


@pytest.fixture
def outside() -> FakeOutside:
    outside = FakeOutside()
    outside.pass_time(timedelta(hours=3))
    return outside


@pytest.fixture
def doi(outside: FakeOutside, monkeypatch: pytest.MonkeyPatch) -> Doi:
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["poison", *arguments], obj=lambda: outside)

    return run


def printed(result: Result) -> Any:
    assert result.exit_code == DONE, result.output
    return json.loads(result.stdout)


def put(outside: FakeOutside, queue: str, body: Message | str | bytes) -> str:
    """Into its poison queue; the message's id."""
    text = body.to_json() if isinstance(body, Message) else body
    return outside.queues.put(f"{queue}-poison", text).message_id


def test_cause_age_attempts_and_what_to_do(doi: Doi, outside: FakeOutside) -> None:
    id_ = put(outside, "promotions", PROMOTION.failed(FAILURE))
    result = doi("show", "promotions", "--id", ID)
    assert result.exit_code == DONE
    told = " ".join(result.stdout.split())
    assert f"registration {ID}" in told
    assert "since 2026-11-22 12:00 UTC, 3 h ago" in told
    assert "attempts 8 times" in told
    assert f"cause {FAILURE}" in told
    assert "'doi doctor --only dataverse' names what is missing" in told
    assert f"doi poison replay promotions --id {id_}" in told
    assert outside.queues.count("promotions-poison") == 1


def test_for_programs(doi: Doi, outside: FakeOutside) -> None:
    id_ = put(outside, "promotions", PROMOTION.failed(FAILURE))
    [one] = printed(doi("show", "promotions", "--id", id_, "--json"))
    assert one.pop("todo")[-1] == f"doi poison drop promotions --id {id_}"
    assert one == {
        "id": id_,
        "queue": "promotions",
        "registration": ID,
        "failure": FAILURE,
        "unreadable": None,
        "putAt": NOON.isoformat(),
        "ageSeconds": 3 * 60 * 60,
        "expiresAt": None,
        "attempts": 7,
        "content": {
            "version": 1,
            "attempt": 7,
            "mailboxKey": KEY.mailbox_key,
            "registrationId": ID,
        },
    }


def test_a_person_is_hidden_unless_somebody_wants_to_see(doi: Doi, outside: FakeOutside) -> None:
    put(outside, "registrations", RegistrationMessage(registration=ASKED).failed("form is gone"))
    for json_ in ([], ["--json"]):
        hidden = doi("show", "registrations", "--id", ID, *json_)
        assert not found_in([hidden.output], PERSONAL)
        revealed = doi("show", "registrations", "--id", ID, "--reveal", *json_)
        assert ANNA in revealed.stdout
    [one] = printed(doi("show", "registrations", "--id", ID, "--json"))
    shown = one["content"]["registration"]
    assert (shown["form"], shown["locale"], shown["id"]) == ("newsletter", "de", ID)
    assert shown["email"] == f"(hidden: {len(ANNA)} characters)"
    assert shown["answers"] == "(hidden: 2 answers)"
    assert shown["consents"][0]["version"] == ASKED.consents[0].version


def test_what_the_host_put_there_says_when_it_expires(doi: Doi, outside: FakeOutside) -> None:
    outside.queues.put_by_host("promotions-poison", PROMOTION.to_json())
    result = doi("show", "promotions", "--id", ID)
    assert "2026-11-29 12:00 UTC unless it is adopted" in " ".join(result.stdout.split())


def test_all_messages_of_a_registration(doi: Doi, outside: FakeOutside) -> None:
    for failure in ("first", "second"):
        put(outside, "promotions", PROMOTION.failed(failure))
    found = printed(doi("show", "promotions", "--id", ID, "--json"))
    assert [one["failure"] for one in found] == ["first", "second"]


def test_one_that_lies_deeper_than_a_queue_shows(doi: Doi, outside: FakeOutside) -> None:
    for number in range(2, 70):
        other = PROMOTION.model_copy(update={"registration_id": registration(number=number).id})
        put(outside, "promotions", other.failed("x"))
    put(outside, "promotions", PROMOTION.failed("the deep one"))
    [one] = printed(doi("show", "promotions", "--id", ID, "--json"))
    assert one["failure"] == "the deep one"
    assert len(outside.queues.bodies("promotions-poison")) == 69
    assert len(outside.queues.look("promotions-poison")) == 32  # all are visible again


def test_what_is_not_there_is_said(doi: Doi) -> None:
    result = doi("show", "promotions", "--id", "nothing")
    assert (result.exit_code, result.stdout) == (
        NOTHING_FOUND,
        "promotions-poison has no such message.\n",
    )


@pytest.mark.parametrize(
    "arguments", [["show"], ["show", "promotions"], ["show", "nowhere", "--id", "x"]]
)
def test_wrong_usage(doi: Doi, arguments: list[str]) -> None:
    assert doi(*arguments).exit_code == WRONG_USAGE


@pytest.mark.parametrize(
    ("queue", "failure", "advice"),
    [
        ("promotions", "form 'webinar' does not exist any more: put its file back", "file back"),
        ("promotions", "failed five times: see the log of its invocations", "Failures"),
        ("promotions", "a row is damaged in mails", "Somebody wrote a row by hand"),
        ("promotions", "LinkedIn, reading a lead: 403", "doi linkedin doctor"),
        ("registrations", "smtp: 550", "typing mistake"),
        ("promotions", "whatever it was", "Mend what the cause names"),
    ],
)
def test_the_advice_fits_the_cause(
    doi: Doi, outside: FakeOutside, queue: str, failure: str, advice: str
) -> None:
    body = json.dumps(
        {
            "mailboxKey": KEY.mailbox_key,
            "registrationId": ID,
            "failure": failure,
            **({"mail": "renewal", "number": 2} if queue == "registrations" else {}),
        }
    )
    put(outside, queue, body)
    [one] = printed(doi("show", queue, "--id", ID, "--json"))
    assert advice in one["todo"][0]


# Of another version, or of somebody else --------------------------------------------------------

OLDER = {"version": 0, "registrationId": ID, "mail": "renewal", "to": ANNA}
NEWER = {"version": 2, "registrationId": ID, "mailboxKey": KEY.mailbox_key, "because": "Anna"}
NESTED = "[" * 3000 + "]" * 3000
STRANGE: list[str | bytes] = [
    json.dumps(OLDER),
    json.dumps(NEWER),
    json.dumps({ANNA: {"Anna": [1, True, None, "Anna"]}}),
    json.dumps({"registration": {"email": ANNA, "answers": {"firstName": "Anna"}}}),
    json.dumps({"registration": [ANNA], "failure": "\x1b]0;title\x07", "version": "Anna"}),
    json.dumps({"failure": "half a letter \ud800", "answers": ANNA}),
    json.dumps({"version": 10**300, "number": 5, "dueAt": "9999-99-99"}),
    json.dumps(event_grid_event(report_data("x", ANNA, "Bounced", NOON))),
    json.dumps([ANNA]),
    json.dumps(ANNA),
    '{"version": 1, "registrationId": ' + "1" * 5000 + "}",
    NESTED,
    '{"a":' * 3000 + "1" + "}" * 3000,
    f"<xml>{ANNA}</xml>",
    "",
    "null",
    "NaN",
    b"\xff\xfe\x00Anna",
    b"\x9b2J Anna",
]
COMMANDS: list[list[str]] = [["list"], ["show"], ["replay"], ["drop", "--yes"]]


@pytest.mark.parametrize("json_", [[], ["--json"]], ids=["text", "json"])
@pytest.mark.parametrize("queue", list(QueueName))
@pytest.mark.parametrize("body", STRANGE, ids=range(len(STRANGE)))
def test_no_command_breaks_and_none_names_a_person(
    doi: Doi, outside: FakeOutside, body: str | bytes, queue: QueueName, json_: list[str]
) -> None:
    id_ = put(outside, queue, body)
    for command, *options in COMMANDS:
        which = ["--queue", queue] if command == "list" else [queue, "--id", id_]
        result = doi(command, *which, *options, *json_)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.exit_code in {DONE, NOT_ALL_DONE}
        assert not found_in([result.output], [ANNA, "Annabella", "unmistakable"])
        assert not [c for c in result.output if c in "\x1b\x07\x9b" or "\ud800" <= c <= "\udfff"]
        if json_:
            json.loads(result.stdout)
    assert outside.queues.bodies(queue.poison) == []


@pytest.mark.parametrize("body", STRANGE, ids=range(len(STRANGE)))
def test_revealing_breaks_nothing_either(doi: Doi, outside: FakeOutside, body: str | bytes) -> None:
    id_ = put(outside, "registrations", body)
    for json_ in ([], ["--json"]):
        result = doi("show", "registrations", "--id", id_, "--reveal", *json_)
        assert result.exit_code == DONE, result.exception
        result.output.encode()  # a terminal takes it
        assert not [c for c in result.output if c in "\x1b\x07\x9b"]


@pytest.mark.parametrize(("body", "version"), [(OLDER, 0), (NEWER, 2)])
def test_another_version_says_so_and_is_not_replayed(
    doi: Doi, outside: FakeOutside, body: dict[str, Any], version: int
) -> None:
    id_ = put(outside, "registrations", json.dumps(body))
    [one] = printed(doi("show", "registrations", "--id", ID, "--json"))
    assert one["registration"] == ID
    assert one["attempts"] is None
    assert "/version: literal_error" in one["unreadable"]
    said, command = one["todo"]
    assert said.startswith(f"It is of version {version}, and this app reads version 1: replay it")
    assert command == f"doi poison drop registrations --id {id_}"
    assert one["content"]["version"] == version
    assert "Anna" not in json.dumps(one)
    result = doi("replay", "registrations", "--id", ID)
    assert result.exit_code == NOT_ALL_DONE
    assert outside.queues.count("registrations-poison") == 1
    assert "registrations" not in outside.queues.messages
    assert doi("drop", "registrations", "--id", ID, "--yes").exit_code == DONE


def test_somebody_else_s_message_is_told_apart(doi: Doi, outside: FakeOutside) -> None:
    id_ = put(outside, "promotions", '{"version": 1, "hello": "world"}')
    [one] = printed(doi("show", "promotions", "--id", id_, "--json"))
    assert one["todo"][0].startswith("No message of this queue (/mailboxKey: missing")
    assert one["content"] == {"version": 1, "(hidden name 2)": "(hidden: 5 characters)"}


@pytest.mark.parametrize(
    "message",
    [
        PROMOTION,
        LeadMessage.model_validate(
            {"registrationId": ID, "lead": "691c02e7-f7f0-5", "action": "CREATED"}
        ),
        FollowUpMessage(
            mailbox_key=KEY.mailbox_key,
            registration_id=ID,
            follow_up=FollowUp.FORGET,
            due_at=NOON,
        ),
    ],
)
def test_what_our_messages_say_without_a_person_is_shown(
    doi: Doi, outside: FakeOutside, message: Message
) -> None:
    queue = {
        PromotionMessage: "promotions",
        LeadMessage: "linkedin-leads",
        FollowUpMessage: "follow-ups",
    }[type(message)]
    put(outside, queue, message)
    [one] = printed(doi("show", queue, "--id", ID, "--json"))
    assert one["content"] == json.loads(message.to_json())
