"""A webhook on this machine: answers challenges, keeps notifications; can be told to misbehave."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.linkedin_simulator.client import SECRET

WITHIN_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Received:
    path: str
    signature: str
    body: bytes

    @property
    def payload(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


def right_answer(code: str) -> tuple[int, str, bytes]:
    digest = hmac.new(SECRET.encode(), code.encode(), hashlib.sha256).hexdigest()
    body = json.dumps({"challengeCode": code, "challengeResponse": digest})
    return 200, "application/json", body.encode()


class Webhook:
    """`answer` gives status, content type and body for a challengeCode; `statuses` those of POSTs.

    After the last of `statuses` comes 200.
    """

    def __init__(self) -> None:
        self.answer: Callable[[str], tuple[int, str, bytes]] = right_answer
        self.statuses: list[int] = []
        self.challenges: list[str] = []
        self.received: list[Received] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def wait_for(self, count: int) -> list[Received]:
        """What has been received when there are at least so many notifications."""
        wait_until(lambda: len(self.received) >= count)
        return self.received

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + WITHIN_SECONDS
    while not condition():
        assert monotonic() < deadline
        sleep(0.02)


def _handler(webhook: Webhook) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            webhook.challenges.append(self.path)
            code = parse_qs(urlsplit(self.path).query)["challengeCode"][0]
            self._send(*webhook.answer(code))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signature = self.headers["X-LI-Signature"]
            webhook.received.append(Received(path=self.path, signature=signature, body=body))
            self._send(webhook.statuses.pop(0) if webhook.statuses else 200, "text/plain", b"")

        def _send(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", f"{webhook.url}?moved")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Silence."""

    return Handler
