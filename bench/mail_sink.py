"""An SMTP server that takes every mail, and notes when: where the app's mails end here."""

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from local.server_thread import ServerThread
from local.stack.addresses import HOST

_CONFIRM = re.compile(r"/api/confirm\?token=([\w.-]+)")


@dataclass(frozen=True, kw_only=True)
class Caught:
    """A mail as it came.

    `at` is when it was taken, in monotonic seconds; `recipients` those of the envelope.
    """

    at: float
    raw: bytes
    recipients: tuple[str, ...]

    def confirm_token(self) -> str:
        """Raises ValueError where the mail has no link to confirm."""
        body = message_from_bytes(self.raw, policy=policy.default).get_body(("plain",))
        found = _CONFIRM.search(body.get_content() if body else "")
        if found is None:
            raise ValueError("the mail has no link to confirm")
        return found[1]


class MailSink:
    """A context manager."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._caught: list[Caught] = []
        self._more = threading.Condition()
        self._thread = ServerThread()

    def __enter__(self) -> Self:
        """Raises OSError where the port is taken."""
        self._server = self._thread.run(self._listen())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.run(self._end())
        self._thread.close()

    def take(self, count: int, *, seconds: float) -> list[Caught]:
        """The next so many mails, in their order. Raises RuntimeError when they do not come."""
        with self._more:
            if not self._more.wait_for(lambda: len(self._caught) >= count, seconds):
                raise RuntimeError(f"{len(self._caught)} of {count} mails came in {seconds:g} s")
            taken, self._caught = self._caught[:count], self._caught[count:]
            return taken

    def take_one_each(self, addresses: Sequence[str], *, seconds: float) -> list[Caught]:
        """A mail to each of them, in the order in which they came.

        `addresses` all differ. Raises RuntimeError when mails do not come, come twice or go to
        others. Some that come later are seen by `must_be_empty`.
        """
        mails = self.take(len(addresses), seconds=seconds)
        came = Counter(address for mail in mails for address in mail.recipients)
        if came != Counter(addresses):
            known = set(addresses)
            missing, others = len(known - came.keys()), sum((came - Counter(known)).values())
            strange = sum(count for address, count in came.items() if address not in known)
            raise RuntimeError(
                f"of {len(addresses)} mails {missing} did not come, but {others - strange} came "
                f"twice and {strange} went to others"
            )
        return mails

    def must_be_empty(self) -> None:
        """Raises RuntimeError when mails are left: whoever waits next would count them."""
        with self._more:
            if left := len(self._caught):
                raise RuntimeError(f"{left} mails came that nobody waited for")

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: SMTP(self, enable_SMTPUTF8=True), HOST, self._port)

    async def _end(self) -> None:
        self._server.close()  # in its own loop: connections that end meanwhile count themselves

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - likewise
        envelope: Envelope,
    ) -> str:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        with self._more:
            recipients = tuple(envelope.rcpt_tos)
            self._caught.append(Caught(at=time.monotonic(), raw=raw, recipients=recipients))
            self._more.notify()
        return "250 2.0.0 OK"
