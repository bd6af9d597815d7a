"""The doctor of the running stack finds nothing wrong, and finds what is made wrong."""

from collections.abc import Iterator

import pytest
import requests
from azure.storage.queue import QueueServiceClient

from local.stack.free_ports import free_ports
from tests.journey.examination import asked_of_the_app, faults, looked_at_here
from tests.journey.operator import doi
from tests.journey.sign_up import SECONDS
from tests.mailers.smtp_server import SmtpServer
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

QUEUE = "mail-reports-poison"  # which no function waits for


def test_the_app_finds_nothing_wrong_with_itself(stack: Stack) -> None:
    answer = asked_of_the_app(stack)
    body = answer.json()
    wrong = [each for each in body["details"] if each["state"] in {"missing", "unknown"}]
    assert wrong == []
    assert (answer.status_code, body["status"]) == (200, "ready")
    said = {(each["group"], each["check"]) for each in body["details"]}
    assert said >= {
        ("settings", "DOI_PEPPER"),
        ("forms", "form newsletter"),
        ("storage", "queue registrations"),
        ("storage", "table leads"),
        ("mail", "smtp access"),
        ("mail", "smtp sender newsletter@contoso.example"),
        ("linkedin", "r_marketing_leadgen_automation"),
    }


def test_nor_does_the_command_line(stack: Stack) -> None:
    listed = doi(stack, "doctor")
    assert {each["state"] for each in listed} <= {"ok", "warning"}


def test_looking_leaves_nothing_in_the_queues_and_sends_nothing(stack: Stack) -> None:
    before = len(requests.get(f"{stack.mail}/email", timeout=SECONDS).json())
    with QueueServiceClient.from_connection_string(stack.azurite) as queues:
        poison = queues.get_queue_client(QUEUE)
        waiting = poison.get_queue_properties().approximate_message_count
        asked_of_the_app(stack, "storage,mail")
        assert poison.get_queue_properties().approximate_message_count == waiting
    assert len(requests.get(f"{stack.mail}/email", timeout=SECONDS).json()) == before


@pytest.fixture
def _no_queue(stack: Stack) -> Iterator[None]:
    """Somebody has deleted it."""
    with QueueServiceClient.from_connection_string(stack.azurite) as queues:
        queues.delete_queue(QUEUE)
        yield
        queues.create_queue(QUEUE)


@pytest.mark.usefixtures("_no_queue")
def test_a_queue_is_gone(stack: Stack) -> None:
    answer = asked_of_the_app(stack, "storage")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    [gone] = [each for each in answer.json()["details"] if each["state"] == "missing"]
    assert gone["check"] == f"queue {QUEUE}"
    assert f"az storage queue create --name {QUEUE}" in gone["mend"]
    assert faults(looked_at_here(stack, "storage")) == [f"queue {QUEUE}"]


def test_the_mail_server_is_down(stack: Stack) -> None:
    checks = looked_at_here(stack, "mail", SMTP_PORT=str(free_ports()[0]))
    assert faults(checks) == ["smtp access"]
    assert "SMTP_PORT" in checks["smtp access"]["mend"]


def test_the_mail_server_does_not_take_a_sender(stack: Stack) -> None:
    server = SmtpServer()
    server.to_sender.append("550 5.7.1 not yours")
    try:
        checks = looked_at_here(stack, "mail", SMTP_PORT=str(server.port))
    finally:
        server.close()
    [wrong] = faults(checks)
    assert wrong.startswith("smtp sender ")
    assert checks[wrong]["found"] == "smtp: 550 5.7.1"


def test_storage_is_not_where_the_settings_say(stack: Stack) -> None:
    nowhere = str(free_ports()[0])
    elsewhere = stack.azurite.replace(
        stack.azurite.partition("QueueEndpoint=http://127.0.0.1:")[2].partition("/")[0], nowhere
    )
    checks = looked_at_here(stack, "storage", AzureWebJobsStorage=elsewhere)
    assert faults(checks) == ["queue registrations"]
    assert checks["table leads"]["state"] == "ok"


def test_linkedins_version_is_switched_off(stack: Stack) -> None:
    checks = looked_at_here(stack, "linkedin", LINKEDIN_VERSION="202501")
    assert "version" in faults(checks)
    assert "LINKEDIN_VERSION" in checks["version"]["mend"]
