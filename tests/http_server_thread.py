"""An HTTP server in a thread of the test, on 127.0.0.1 and a free port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

POLL_SECONDS = 0.01  # how soon it notices that it shall end


class QuietHandler(BaseHTTPRequestHandler):
    """Writes nothing to the test's output."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def http_server_thread(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serves until the `with` block ends; gives the address, without a slash at its end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(POLL_SECONDS,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}"
        finally:
            listening.shutdown()
            thread.join()
