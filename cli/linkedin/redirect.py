"""How LinkedIn's answer to a sign-in comes back: by a redirect to this machine, or pasted.

https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from urllib.parse import parse_qs, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_WORDS = {
    200: "Thank you. You may close this page and go back to the command line.",
    400: "This is not the answer to the sign-in that is being waited for.",
    404: "Nothing here.",
}


class NotTheAnswer(ValueError):
    """The address is not LinkedIn's answer to this sign-in: another state, or none."""


class NoAnswer(Exception):
    """Nobody came in time."""


@dataclass(frozen=True, kw_only=True)
class SignInAnswer:
    """Either the code, or LinkedIn's word for why there is none."""

    code: str | None = field(default=None, repr=False)
    error: str | None = None


def read_answer(address: str, state: str) -> SignInAnswer:
    """From the address that LinkedIn redirected to. Raises NotTheAnswer."""
    query = parse_qs(urlsplit(address.strip()).query)
    given = query.get("state", [])
    if len(given) != 1 or not hmac.compare_digest(given[0].encode(), state.encode()):
        raise NotTheAnswer("its state is not that of this sign-in")
    if error := query.get("error"):
        return SignInAnswer(error=error[0][:100])
    if not (code := query.get("code")):
        raise NotTheAnswer("it has no code")
    return SignInAnswer(code=code[0])


@dataclass(frozen=True, kw_only=True)
class Redirects:
    """Answers as they come in."""

    port: int
    _answers: "Queue[SignInAnswer]"

    def wait(self, seconds: float) -> SignInAnswer:
        """The first one with the right state. Raises NoAnswer."""
        try:
            return self._answers.get(timeout=seconds)
        except Empty:
            raise NoAnswer from None


@contextmanager
def redirects(port: int, path: str, state: str) -> Iterator[Redirects]:
    """Listens on 127.0.0.1 while inside; port 0 takes a free one. Raises OSError."""
    answers: Queue[SignInAnswer] = Queue()

    class Handler(BaseHTTPRequestHandler):
        timeout = 5  # browsers open connections that they never use

        def do_GET(self) -> None:
            if urlsplit(self.path).path != path:
                self._say(404)
                return
            try:
                answer = read_answer(self.path, state)
            except NotTheAnswer:
                self._say(400)
                return
            self._say(200)
            answers.put(answer)

        def _say(self, status: int) -> None:
            body = _WORDS[status].encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            # The address has the code in it.
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silence: the line would have the code in it."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Redirects(port=server.server_port, _answers=answers)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
