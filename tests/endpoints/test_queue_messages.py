"""Queue functions and messages that are not ours: to poison, with one clear log line."""

import base64
import logging
from collections.abc import Callable

import pytest

from functions import follow_up, promote, send_confirmation
from shared.failures import TemporaryFailure
from shared.ports import Outside
from shared.values.messages import RegistrationMessage
from tests.examples import registration
from tests.fakes.outside import FakeOutside
from tests.told import told

Settle = Callable[[bytes, Outside], None]
SETTLE: dict[str, Settle] = {
    "registrations": send_confirmation.settle,
    "promotions": promote.settle,
    "follow-ups": follow_up.settle,
}
NOT_OURS = [
    b"",
    b"anna.unmistakable@example.com",
    b'{"anna.unmistakable@example.com": 1}',
    b'{"version": 2, "registration": {"email": "anna.unmistakable@example.com"}}',
    b'{"version": 1, "mailboxKey": "anna.unmistakable@example.com", "registrationId": "x"}',
    b'["anna.unmistakable@example.com"]',
    b"\xff\xfe anna.unmistakable@example.com",
    b'{"id": "x", "eventType": "Microsoft.Storage.BlobCreated"}',
]


@pytest.mark.parametrize("queue", list(SETTLE))
@pytest.mark.parametrize("body", NOT_OURS)
def test_it_goes_to_poison_whole_with_one_line_and_no_content(
    queue: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    outside = FakeOutside()
    with caplog.at_level(logging.DEBUG):
        SETTLE[queue](body, outside)
    assert list(outside.queues.messages) == [f"{queue}-poison"]
    (poison,) = outside.queues.bodies(f"{queue}-poison")
    assert poison == body.decode("utf-8", "replace")
    (line,) = caplog.records
    assert line.levelno == logging.ERROR
    [poisoned] = told(caplog)
    assert (poisoned.event, poisoned.facts["queue"]) == ("poisoned", queue)
    assert poisoned.facts["reason"].startswith("not ours: /")
    assert poisoned.facts.keys() == {"queue", "reason"}
    assert "anna" not in str(vars(line))
    assert "\n" not in line.getMessage()
    assert not outside.table.records
    assert not outside.mailer.sent


@pytest.mark.parametrize("queue", list(SETTLE))
@pytest.mark.parametrize("body", [*NOT_OURS[1:], b"<anna.unmistakable@example.com/>"])
def test_the_same_in_base64(queue: str, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    SETTLE[queue](base64.b64encode(body), outside)
    [poison] = outside.queues.messages[f"{queue}-poison"]
    assert poison.raw == body
    [poisoned] = told(caplog)
    assert (poisoned.event, poisoned.facts["queue"]) == ("poisoned", queue)


def test_a_message_of_ours_is_read_in_both_encodings() -> None:
    body = RegistrationMessage(registration=registration()).to_json().encode()
    for text in (body, base64.b64encode(body)):
        outside = FakeOutside()
        send_confirmation.settle(text, outside)
        assert len(outside.mailer.sent) == 1


@pytest.mark.parametrize("queue", list(SETTLE))
def test_it_stays_where_it_is_while_the_poison_queue_is_down(queue: str) -> None:
    outside = FakeOutside()
    outside.queues.down = True
    with pytest.raises(TemporaryFailure):
        SETTLE[queue](b"not ours", outside)
