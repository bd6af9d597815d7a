"""A real SMTP server (aiosmtpd) with troubles on request, and all mails that it took."""

from __future__ import annotations

import asyncio
import queue
from collections import Counter, deque
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP, Envelope, Session

from local.chaos.blows import MailTrouble
from local.chaos.caught_mail import CaughtMail, caught_now
from local.server_thread import ServerThread
from local.stack.addresses import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable

# The app gives up after eight seconds without an answer.
SLOW_SECONDS, LATE_SECONDS = 1.5, 9.0
SHUTTING_DOWN = "421 4.3.2 shutting down"
REPLIES = {
    MailTrouble.SHUTTING_DOWN: SHUTTING_DOWN,
    MailTrouble.BUSY: "451 4.3.0 try again later",
    MailTrouble.QUOTA: "452 4.5.3 too many messages from you, try again later",
}


class MailServer:
    """`caught` has the mails oldest first; `arrivals` is for the one who waits for them.

    `met` counts the troubles that a mail ran into.
    """

    def __init__(self, port: int) -> None:
        """Raises OSError where the port is taken."""
        self.caught: list[CaughtMail] = []
        self.arrivals: queue.SimpleQueue[CaughtMail] = queue.SimpleQueue()
        self._without_mailbox: frozenset[str] = frozenset()
        self._port = port
        self.met: Counter[MailTrouble] = Counter()
        self._troubles: deque[MailTrouble] = deque()
        self._sessions: list[SMTP] = []
        self._server: asyncio.Server | None = None
        self._thread = ServerThread()
        self.listen()

    def reject(self, addresses: Iterable[str]) -> None:
        """These have no mailbox: 550, for good."""
        self._without_mailbox = frozenset(addresses)

    def trouble(self, trouble: MailTrouble) -> None:
        """Let the next mail that comes meet it."""
        self._troubles.append(trouble)

    def end_troubles(self) -> None:
        self._troubles.clear()

    def listen(self) -> None:
        """Does nothing where it listens already."""
        if self._server is None:
            self._server = self._thread.run(self._listen())

    def refuse_connections(self) -> None:
        """Nobody answers on the port, and open connections end."""
        if self._server is not None:
            self._thread.run(self._stop(self._server))
            self._server = None

    def close(self) -> None:
        self.refuse_connections()
        self._thread.close()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(self._session, HOST, self._port)

    def _session(self) -> SMTP:
        session = SMTP(self, enable_SMTPUTF8=True, hostname="mail.contoso.example")
        self._sessions.append(session)
        return session

    async def _stop(self, server: asyncio.Server) -> None:
        server.close()
        for session in self._sessions:
            _hang_up(session)
        self._sessions.clear()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - likewise
        envelope: Envelope,
        address: str,
        mail_options: list[str],
    ) -> str:
        if self._troubles and self._troubles[0] is MailTrouble.SHUTTING_DOWN:
            self._next_trouble()
            return SHUTTING_DOWN
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - likewise
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002 - likewise
    ) -> str:
        if address in self._without_mailbox:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002 - aiosmtpd's signature
        envelope: Envelope,
    ) -> str:
        trouble = self._next_trouble()
        if trouble in REPLIES:
            return REPLIES[trouble]
        if trouble is MailTrouble.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        self._take(envelope, answered=trouble not in (MailTrouble.LATE, MailTrouble.HANG_UP))
        if trouble is MailTrouble.LATE:
            await asyncio.sleep(LATE_SECONDS)
        if trouble is MailTrouble.HANG_UP:
            _hang_up(server)
        return "250 2.0.0 OK"

    def _next_trouble(self) -> MailTrouble | None:
        if not self._troubles:
            return None
        trouble = self._troubles.popleft()
        self.met[trouble] += 1
        return trouble

    def _take(self, envelope: Envelope, *, answered: bool) -> None:
        mail = caught_now(envelope, answered=answered)
        self.caught.append(mail)
        self.arrivals.put(mail)


def _hang_up(session: SMTP) -> None:
    """At once, without what is still to be sent."""
    if isinstance(session.transport, asyncio.Transport):
        session.transport.abort()
