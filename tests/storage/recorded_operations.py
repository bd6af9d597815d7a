"""What goes over the wire to storage, written down between the app and Azurite."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

_SERVICES = ("QueueEndpoint", "TableEndpoint")
_MESSAGES = re.compile(r"/[^/]+/(?P<queue>[\w-]+)/messages(?P<one>/[^?]+)?")
_ENTITY = re.compile(r"/[^/]+/(?P<table>\w+)(?P<keys>\(PartitionKey=[^)]*\))?(?:\(\))?(?:\?.*)?$")
_IN_BATCH = re.compile(rb"^(?:POST|PUT|DELETE|MERGE) \S*?/(\w+)(?:\(|\?| )", re.MULTILINE)
_TABLE_VERBS = {"POST": "insert into", "PUT": "replace in", "DELETE": "delete from"}


@dataclass
class Recorded:
    """`operations` by their names, in their order; `messages` are the bodies put, by queue."""

    connection_string: str = ""
    operations: list[str] = field(default_factory=list)
    messages: dict[str, list[bytes]] = field(default_factory=dict)

    def taken(self) -> list[str]:
        """The operations since this was asked last."""
        taken, self.operations = self.operations, []
        return taken

    def note(self, method: str, path: str, body: bytes) -> None:
        if path.endswith("/$batch"):
            tables = {name.decode() for name in _IN_BATCH.findall(body)}
            self.operations.append(f"write to {' and '.join(sorted(tables))}")
        elif found := _MESSAGES.match(path):
            queue = found["queue"]
            if method == "POST":
                self.messages.setdefault(queue, []).append(body)
            self.operations.append(
                f"{'put into' if method == 'POST' else 'take back from'} {queue}"
            )
        elif found := _ENTITY.match(path):
            verb = _TABLE_VERBS.get(method) or ("get from" if found["keys"] else "query")
            self.operations.append(f"{verb} {found['table']}")
        else:
            self.operations.append(f"{method} {path}")


@contextmanager
def recorded(connection_string: str) -> Iterator[Recorded]:
    """Another way to the same storage; `Recorded.connection_string` leads over it."""
    seen = Recorded()
    through = connection_string
    with ExitStack() as running:
        for service in _SERVICES:
            [endpoint] = re.findall(rf"{service}=([^;]+)", connection_string)
            port = running.enter_context(_proxy(urlsplit(endpoint).netloc, seen))
            through = through.replace(urlsplit(endpoint).netloc, f"127.0.0.1:{port}")
        seen.connection_string = through
        yield seen


@contextmanager
def _proxy(target: str, seen: Recorded) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.note(self.command, self.path, body)
            connection = HTTPConnection(target)
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_GET = do_POST = do_PUT = do_DELETE = pass_on  # noqa: N815 - the server calls them so

        def log_message(self, *_: Any) -> None:
            """Nothing: the test's output is for the test."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
