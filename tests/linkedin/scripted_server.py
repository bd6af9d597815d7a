"""A server that answers as a test says, and keeps the raw requests."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.http_server_thread import QuietHandler, http_server_thread


@dataclass(frozen=True, kw_only=True)
class Received:
    """`line` is the request line as it came, without the HTTP version: "GET /rest/…"."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`body` is sent as JSON, bytes as they are."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


Script = Callable[[Received], Answer]


@dataclass
class ScriptedServer:
    """`answers` are given in turn, the last one for ever; or `script` decides."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    script: Script | None = None
    received: list[Received] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return [one.line for one in self.received]

    def answer(self, request: Received) -> Answer:
        self.received.append(request)
        if self.script is not None:
            return self.script(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """Serves on 127.0.0.1."""

    class Handler(QuietHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            line = self.requestline.rpartition(" ")[0]
            answer = server.answer(Received(line=line, headers=headers, body=body))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.raw)))
            self.end_headers()
            self.wfile.write(answer.raw)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the names that http.server looks for

    with http_server_thread(Handler) as url:
        server = ScriptedServer(url=url)
        yield server
