"""What the queue adapter sends, and what it makes of answers: against a server that tells."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError

from shared.adapters.connection_string import QueueAccount, queue_account
from shared.adapters.instance_identity import IdentityEndpoint, InstanceIdentity, Token
from shared.adapters.queue_requests import QueueRequests
from shared.adapters.storage_access import ByConnectionString, ByIdentity, TokenRefused
from shared.adapters.storage_queues import StorageQueues
from shared.failures import TemporaryFailure
from shared.ports import Receipt
from tests.http_server_thread import QuietHandler, http_server_thread

TAKEN = (
    b"<QueueMessagesList><QueueMessage><MessageId>1f</MessageId>"
    b"<PopReceipt>AgAA+/=</PopReceipt></QueueMessage></QueueMessagesList>"
)


class Server:
    """Answers in turn with `answers` (status, body), the last one again and again."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    @contextmanager
    def running(self) -> Iterator[str]:
        server = self

        class Handler(QuietHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.asked.append((self.command, self.path, dict(self.headers), body))
                answers = server.answers
                status, told = answers.pop(0) if len(answers) > 1 else answers[0]
                self.send_response(status)
                self.send_header("x-ms-error-code", "TheirCode")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            do_GET = do_POST = do_DELETE = answer  # noqa: N815 - http.server's names

        with http_server_thread(Handler) as url:
            yield url


class Credential:
    """Gives tokens that last so many seconds."""

    def __init__(self, lasts: float) -> None:
        self.lasts, self.asked = lasts, 0

    def get_token(self, *scopes: str, **_: Any) -> Token:
        assert scopes == ("https://storage.azure.com/.default",)
        self.asked += 1
        return Token(token=f"token-{self.asked}", expires_on=int(time.time() + self.lasts))


class OneToken(Credential):
    """Gives one, and then no other."""

    def get_token(self, *scopes: str, **_: Any) -> Token:
        if self.asked:
            raise ClientAuthenticationError("away")
        return super().get_token(*scopes)


class NoCredential:
    def get_token(self, *_: str, **__: Any) -> Token:
        raise ClientAuthenticationError("secret hunter2")


def by_identity(url: str, credential: Any) -> StorageQueues:
    access = ByIdentity(url=url, credential=credential)
    return StorageQueues(access, QueueRequests.of(access))


@pytest.mark.parametrize(("lasts", "tokens"), [(3600, ["token-1", "token-1"]), (200, None)])
def test_a_token_is_kept_until_shortly_before_it_ends(
    lasts: float, tokens: list[str] | None
) -> None:
    server = Server((201, TAKEN))
    with server.running() as url:
        port = by_identity(f"{url}/", Credential(lasts))
        receipt = port.put("registrations", "{}", visible_in=timedelta(seconds=1.5))
        port.put("registrations", "{}")
    assert receipt == Receipt(queue="registrations", message_id="1f", pop_receipt="AgAA+/=")
    bearers = [headers["Authorization"] for _, _, headers, _ in server.asked]
    assert bearers == [f"Bearer {token}" for token in tokens or ["token-1", "token-2"]]
    method, path, headers, body = server.asked[0]
    assert (method, path) == (
        "POST",
        "/registrations/messages?visibilitytimeout=2&messagettl=-1",
    )
    assert body == b"<QueueMessage><MessageText>e30=</MessageText></QueueMessage>"
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", headers["x-ms-date"])


@pytest.mark.parametrize(("lasts", "accepted"), [(200, 2), (-1, 1)])
def test_without_a_new_token_the_old_one_serves_until_it_ends(lasts: float, accepted: int) -> None:
    server = Server((201, TAKEN))
    with server.running() as url:
        port = by_identity(url, OneToken(lasts))
        port.put("q", "{}")
        if accepted == 1:
            with pytest.raises(TemporaryFailure, match=r"^queue q: no access token: Client"):
                port.put("q", "{}")
        else:
            port.put("q", "{}")
    assert len(server.asked) == accepted


def test_a_receipt_is_quoted() -> None:
    server = Server((204, b""))
    with server.running() as url:
        port = by_identity(url, Credential(3600))
        port.take_back(Receipt(queue="q", message_id="1/f", pop_receipt="AgAA+/="))
    assert server.asked[0][:2] == ("DELETE", "/q/messages/1%2Ff?popreceipt=AgAA%2B%2F%3D")


@pytest.mark.parametrize("busy", [408, 500, 502, 503, 504])
def test_busy_storage_is_asked_once_more(busy: int) -> None:
    server = Server((busy, b""), (201, TAKEN))
    with server.running() as url:
        by_identity(url, Credential(3600)).put("q", "{}")
    assert len(server.asked) == 2


@pytest.mark.parametrize(("status", "calls"), [(403, 1), (404, 1), (501, 1), (503, 2), (429, 1)])
def test_a_refusal_is_a_temporary_failure_with_its_code(status: int, calls: int) -> None:
    server = Server((status, b""))
    with server.running() as url:
        port = by_identity(url, Credential(3600))
        with pytest.raises(TemporaryFailure, match=f"^queue q: {status} TheirCode$"):
            port.put("q", "{}")
    assert len(server.asked) == calls


def test_an_answer_without_a_receipt_is_no_success() -> None:
    server = Server((201, b"<html>a proxy's page</html>"))
    with server.running() as url, pytest.raises(TemporaryFailure, match=r"^queue q: 201"):
        by_identity(url, Credential(3600)).put("q", "{}")


def test_without_a_token_nobody_is_asked() -> None:
    server = Server((201, TAKEN))
    with server.running() as url:
        port = by_identity(url, NoCredential())
        with pytest.raises(TemporaryFailure) as failed:
            port.put("q", "{}")
    assert str(failed.value) == "queue q: no access token: ClientAuthenticationError"
    assert server.asked == []


def test_a_token_that_storage_refuses_is_replaced_at_once() -> None:
    server = Server((401, b""), (201, TAKEN))
    with server.running() as url:
        port = by_identity(url, Credential(3600))
        port.put("q", "{}")
        port.put("q", "{}")
    bearers = [headers["Authorization"] for _, _, headers, _ in server.asked]
    assert bearers == ["Bearer token-1", "Bearer token-2", "Bearer token-2"]


def test_a_second_refusal_is_told() -> None:
    server = Server((401, b""))
    with server.running() as url:
        port = by_identity(url, Credential(3600))
        with pytest.raises(TemporaryFailure, match=r"^queue q: 401 TheirCode$"):
            port.put("q", "{}")
    assert len(server.asked) == 2


def test_a_token_goes_over_https_only() -> None:
    credential: Any = Credential(9)
    access = ByIdentity(url="http://contoso.queue.core.windows.net", credential=credential)
    with pytest.raises(ValueError, match="https only"):
        QueueRequests.of(access)


@pytest.mark.parametrize(("status", "told"), [(404, None), (400, "400"), (403, "403")])
def test_what_was_to_be_deleted_is_gone_or_told(status: int, told: str | None) -> None:
    receipt = Receipt(queue="q", message_id="1", pop_receipt="p")
    with Server((status, b"")).running() as url:
        port = by_identity(url, Credential(3600))
        port.take_back(receipt)
        if told is None:
            port.delete(receipt)
        else:
            with pytest.raises(TemporaryFailure, match=f"^queue q: {told} TheirCode$"):
                port.delete(receipt)


@pytest.mark.parametrize(
    ("text", "queues"),
    [
        (
            "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=aw==;EndpointSuffix=b.c",
            "http://a.queue.b.c",
        ),
        ("AccountName=a;AccountKey=aw==;QueueEndpoint=http://x/a/", "http://x/a"),
        ("AccountName=a;AccountKey=aw==", "https://a.queue.core.windows.net"),
        ("accountname=a; ACCOUNTKEY=aw== ;", "https://a.queue.core.windows.net"),
    ],
)
def test_a_connection_string(text: str, queues: str) -> None:
    assert queue_account(text) == QueueAccount(name="a", key="aw==", queues=queues)


def test_development_storage_is_azurites() -> None:
    account = queue_account("UseDevelopmentStorage=true")
    assert account
    assert account.queues == "http://127.0.0.1:10001/devstoreaccount1"
    assert account.name == "devstoreaccount1"


@pytest.mark.parametrize(
    "text",
    [
        *("", "AccountName=a", "AccountKey=aw==", "AccountName=a;AccountKey=", "A;B"),
        "AccountName=a;AccountKey=no base64",
        "QueueEndpoint=https://a.queue.core.windows.net;SharedAccessSignature=sv=1",
    ],
)
def test_what_has_no_key_is_left_to_the_sdk(text: str) -> None:
    assert queue_account(text) is None
    assert QueueRequests.of(ByConnectionString(connection_string=text)) is None


GIVEN = json.dumps({"access_token": "abc", "expires_on": "1795754299"}).encode()


@pytest.mark.parametrize("client_id", [None, "a1b2"])
def test_the_instance_gives_a_token(client_id: str | None) -> None:
    server = Server((200, GIVEN))
    with server.running() as url:
        endpoint = IdentityEndpoint.of({"IDENTITY_ENDPOINT": url, "IDENTITY_HEADER": "h"})
        assert endpoint
        token = InstanceIdentity(endpoint, client_id).get_token("https://r.example/.default")
    assert token == Token(token="abc", expires_on=1795754299)
    [(method, path, headers, _)] = server.asked
    named = f"&client_id={client_id}" if client_id else ""
    assert method == "GET"
    assert path == f"/?api-version=2019-08-01&resource=https%3A%2F%2Fr.example{named}"
    assert headers["X-IDENTITY-HEADER"] == "h"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((400, GIVEN), "answered 400"),
        ((500, GIVEN), "answered 500"),
        ((200, b"no JSON"), "gave none"),
        ((200, b"{}"), "gave none"),
        ((200, b"[]"), "gave none"),
    ],
)
def test_why_there_is_no_token_is_told_without_secrets(
    answer: tuple[int, bytes], told: str
) -> None:
    with Server(answer).running() as url:
        identity = InstanceIdentity(IdentityEndpoint(url=url, header="hunter2"), None)
        with pytest.raises(TokenRefused) as failed:
            identity.get_token("https://r.example/.default")
        with pytest.raises(TemporaryFailure) as failed_put:
            by_identity(url, identity).put("q", "{}")
    assert str(failed.value) == f"no access token: the identity endpoint {told}"
    assert str(failed_put.value) == f"queue q: {failed.value}"


@pytest.mark.parametrize("status", [404, 410, 429, 503])
def test_an_identity_endpoint_that_is_not_ready_is_asked_once_more(status: int) -> None:
    server = Server((status, b""), (200, GIVEN))
    with server.running() as url:
        identity = InstanceIdentity(IdentityEndpoint(url=url, header="h"), None)
        assert identity.get_token("https://r.example/.default").token == "abc"
    assert len(server.asked) == 2


def test_an_identity_endpoint_that_is_away() -> None:
    identity = InstanceIdentity(IdentityEndpoint(url="http://127.0.0.1:9", header="h"), None)
    with pytest.raises(TokenRefused, match="did not answer: NewConnectionError"):
        identity.get_token("https://r.example/.default")


@pytest.mark.parametrize("environment", [{}, {"IDENTITY_ENDPOINT": "x"}, {"IDENTITY_HEADER": "x"}])
def test_elsewhere_there_is_no_identity_endpoint(environment: dict[str, str]) -> None:
    assert IdentityEndpoint.of(environment) is None
