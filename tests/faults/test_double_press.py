"""The confirm button pressed several times in the same millisecond confirms once."""

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest

from tests.journey import function_log
from tests.journey.customer_insights import known_about
from tests.journey.inbox import mail_to
from tests.journey.person import Person, somebody
from tests.journey.sign_up import sign_up, token_of
from tests.journey.storage import clear, wait_for_record, wait_until_empty
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

ROUNDS = 15
AT_ONCE = 4


def test_presses_at_once_confirm_once(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    clear(stack, "promotions")  # what other tests have left waits for longer than we do
    people = [somebody() for _ in range(ROUNDS)]
    ids = [sign_up(stack, person) for person in people]

    apart = [_press_at_once(mail_to(stack, person.email).confirm_url) for person in people]

    for registration_id, person in zip(ids, people, strict=True):
        wait_for_record(stack, registration_id, "promoted")
        _assert_once(stack, registration_id, person)
    wait_until_empty(stack, "promotions")  # no press has left work behind that is done once more
    for registration_id, person in zip(ids, people, strict=True):
        _assert_once(stack, registration_id, person)
    with capsys.disabled():
        print(  # noqa: T201 - what the run measured
            f"\ndouble press: {ROUNDS} rounds of {AT_ONCE} presses, sent within "
            f"{min(apart) * 1000:.2f} to {max(apart) * 1000:.2f} ms of each other"
        )


def _assert_once(stack: Stack, registration_id: str, person: Person) -> None:
    known = known_about(stack, person)
    assert [len(known.contacts), len(known.consents), len(known.triggers)] == [1, 1, 1]
    assert len(function_log.told(stack, "confirmed", registration=registration_id)) == 1


def _press_at_once(link: str) -> float:
    """Everybody sees the confirmation. Returns how far apart the presses were (seconds)."""
    parts, body = urlsplit(link), urlencode({"token": token_of(link)})
    connections = [http.client.HTTPConnection(parts.netloc, timeout=60) for _ in range(AT_ONCE)]
    everybody_is_there = threading.Barrier(AT_ONCE)

    def press(connection: http.client.HTTPConnection) -> tuple[float, int, str]:
        connection.connect()
        connection.putrequest("POST", parts.path)
        connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        connection.putheader("Content-Length", str(len(body)))
        everybody_is_there.wait(30)
        at = time.perf_counter()
        connection.endheaders(body.encode())
        answer = connection.getresponse()
        return at, answer.status, answer.read().decode()

    with ThreadPoolExecutor(AT_ONCE) as visitors:
        answers = list(visitors.map(press, connections))
    for connection in connections:
        connection.close()
    for _, status, page in answers:
        assert status == 200
        assert "Ihre Anmeldung ist bestätigt" in page
    moments = [at for at, _, _ in answers]
    return max(moments) - min(moments)
