"""Answers that are not Dataverse's, and connections that fail."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from shared.adapters.dataverse_batch import Operation
from shared.adapters.dataverse_failure import Step
from shared.adapters.dataverse_session import DataverseSession
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from tests.dataverse.canned_server import canned_server
from tests.dataverse.worlds import OpaqueToken

STEP = Step(name="trying", if_refused="mend it", if_missing="make it")
PATH = "contacts?$filter=emailaddress1%20eq%20'anna@example.com'"

Call = Callable[[DataverseSession, Deadline], object]


def get(session: DataverseSession, deadline: Deadline) -> object:
    return session.get(PATH, STEP, deadline)


def query(session: DataverseSession, deadline: Deadline) -> object:
    return session.query([PATH], STEP, deadline)


def change(session: DataverseSession, deadline: Deadline) -> None:
    refusal = session.change([Operation(method="DELETE", path="contacts(1)")], STEP, deadline)
    if refusal is not None:
        raise session.failure(refusal, STEP)


def act(session: DataverseSession, deadline: Deadline) -> None:
    session.act("msdynmkt_x", {}, STEP, deadline)


EVERY_CALL = pytest.mark.parametrize("call", [get, query, change, act])
EVERY_READING_CALL = pytest.mark.parametrize("call", [get, query, change])


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def session_at(url: str, http: requests.Session) -> DataverseSession:
    return DataverseSession(url, OpaqueToken(), http, lambda: datetime.now(UTC))


@EVERY_READING_CALL
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<h1>Sign in</h1>"),
        ("application/json", b"[]"),
        ("application/json", b'{"value": 1}'),
        ("multipart/mixed; boundary=b", b"--b\r\n\r\nHTTP\r\n--b--\r\n"),
        ("multipart/mixed; boundary=b", b"--b--\r\n"),
    ],
)
def test_somebody_elses_answer_is_permanent(
    call: Call, content_type: str, body: bytes, http: requests.Session
) -> None:
    with (
        canned_server(200, body, content_type) as server,
        pytest.raises(PermanentFailure, match="URL"),
    ):
        call(session_at(server.url, http), Deadline(10))


@EVERY_CALL
def test_a_redirect_is_not_followed(call: Call, http: requests.Session) -> None:
    with canned_server(200, b"{}") as elsewhere:
        location = (("Location", f"{elsewhere.url}/"),)
        with (
            canned_server(302, b"", headers=location) as server,
            pytest.raises(PermanentFailure, match="URL"),
        ):
            call(session_at(server.url, http), Deadline(10))
        assert elsewhere.paths == []


@EVERY_CALL
def test_an_answer_cut_short_is_temporary(call: Call, http: requests.Session) -> None:
    with (
        canned_server(200, b'{"value": [', announced=100) as server,
        pytest.raises(TemporaryFailure, match="trying"),
    ):
        call(session_at(server.url, http), Deadline(10))


@EVERY_CALL
def test_nobody_listening_is_temporary_and_quotes_nothing(
    call: Call, http: requests.Session
) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # not listening: refuses
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        with pytest.raises(TemporaryFailure) as failure:
            call(session_at(url, http), Deadline(10))
    assert str(failure.value) == "Dataverse, trying: ConnectionError"
    assert failure.value.__cause__ is None


@EVERY_CALL
def test_a_silent_server_costs_no_more_than_the_deadline(
    call: Call, http: requests.Session
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TemporaryFailure, match="Timeout"):
            call(session_at(url, http), Deadline(0.2))


@EVERY_CALL
def test_nothing_is_sent_once_the_time_is_over(call: Call, http: requests.Session) -> None:
    with canned_server(200, b"{}") as server:
        with pytest.raises(TemporaryFailure, match="no time left"):
            call(session_at(server.url, http), Deadline(0))
        assert server.paths == []


class WatchedSession(requests.Session):
    """Notes how long each request may take."""

    def __init__(self) -> None:
        super().__init__()
        self.timeouts: list[float] = []

    def request(self, *arguments: Any, **options: Any) -> requests.Response:
        """As in requests."""
        self.timeouts.append(options["timeout"])
        return super().request(*arguments, **options)


@EVERY_CALL
@pytest.mark.parametrize(("left", "timeout"), [(7.5, 7.5), (300, 30)])
def test_a_request_may_take_what_is_left_and_never_more_than_30_seconds(
    call: Call, left: float, timeout: float
) -> None:
    with canned_server(503, b"") as server, WatchedSession() as http:
        with pytest.raises(TemporaryFailure):
            call(session_at(server.url, http), Deadline(left, monotonic=lambda: 0.0))
        assert http.timeouts == [timeout]
