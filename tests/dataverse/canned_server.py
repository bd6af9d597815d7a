"""A server that gives one answer to everything, for answers that no Dataverse gives."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.http_server_thread import QuietHandler, http_server_thread


@dataclass
class CannedServer:
    """`paths` collects what was asked for."""

    url: str
    paths: list[str] = field(default_factory=list)


@contextmanager
def canned_server(
    status: int,
    body: bytes,
    content_type: str = "application/json",
    headers: tuple[tuple[str, str], ...] = (),
    *,
    announced: int | None = None,
) -> Iterator[CannedServer]:
    """Serves on 127.0.0.1. `announced` is a Content-Length that differs from the body's."""

    class Handler(QuietHandler):
        def _answer(self) -> None:
            server.paths.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(announced or len(body)))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - the names that http.server looks for

    with http_server_thread(Handler) as url:
        server = CannedServer(url=url)
        yield server
