"""A real SMTP server (aiosmtpd) that refuses, defers or hangs up on request."""

import asyncio
import socket
import ssl
from collections import deque
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from local.server_thread import ServerThread

USER, PASSWORD = "doi", "correct horse"


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A mail as it arrived."""

    sender: str
    recipients: list[str]
    raw: bytes
    utf8: bool


class SmtpServer:
    """`delivered` has the mails that it took, oldest first; `connections` counts the sessions.

    It listens at the address of a bound socket, if one is given: until then callers are refused.
    With STARTTLS it insists on a login; with implicit TLS it offers one; else it has none. The
    replies in `to_sender`, `to_recipient` and `to_data` are given once each, in place of 250.
    `senders` were named, whether or not a mail followed.
    """

    def __init__(
        self,
        *,
        starttls: ssl.SSLContext | None = None,
        implicit_tls: ssl.SSLContext | None = None,
        utf8: bool = True,
        bound: socket.socket | None = None,
    ) -> None:
        self.delivered: list[Delivered] = []
        self.senders: list[str] = []
        self.to_sender: deque[str] = deque()
        self.to_recipient: deque[str] = deque()
        self.to_data: deque[str] = deque()
        self.hang_up_after_data = False
        self.connections = 0
        self.logins: list[str] = []
        self._starttls, self._utf8 = starttls, utf8
        self._sessions: list[SMTP] = []
        self._thread = ServerThread()
        self._server = self._thread.run(self._listen(implicit_tls, bound))
        self._open = True
        self.port: int = self._server.sockets[0].getsockname()[1]

    def hang_up(self) -> None:
        """End every connection, as a server does with idle clients."""
        self._thread.run(self._hang_up())

    def close(self) -> None:
        """Stop answering; callers find nobody there."""
        if self._open:
            self._open = False
            self._thread.run(self._stop())
            self._thread.close()

    async def _listen(
        self, implicit_tls: ssl.SSLContext | None, bound: socket.socket | None
    ) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        at = bound or socket.create_server(("127.0.0.1", 0))
        return await loop.create_server(self._session, sock=at, ssl=implicit_tls)

    def _session(self) -> SMTP:
        self.connections += 1
        session = SMTP(
            self,
            enable_SMTPUTF8=self._utf8,
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
            # With implicit TLS aiosmtpd does not know that there is TLS.
            auth_required=self._starttls is not None,
            auth_require_tls=self._starttls is not None,
            authenticator=self._authenticate,
            hostname="mail.contoso.example",
        )
        self._sessions.append(session)
        return session

    async def _hang_up(self) -> None:
        for session in self._sessions:
            if session.transport is not None:
                session.transport.close()
        self._sessions.clear()

    async def _stop(self) -> None:
        self._server.close()
        await self._hang_up()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - likewise
        envelope: Envelope,
        address: str,
        mail_options: list[str],
    ) -> str:
        if self.to_sender:
            return self.to_sender.popleft()
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        self.senders.append(address)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - likewise
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002 - likewise
    ) -> str:
        if self.to_recipient:
            return self.to_recipient.popleft()
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        session: Session,  # noqa: ARG002 - aiosmtpd's signature
        envelope: Envelope,
    ) -> str:
        if self.to_data:
            return self.to_data.popleft()
        assert isinstance(envelope.content, bytes)
        assert envelope.mail_from is not None
        self.delivered.append(
            Delivered(
                sender=envelope.mail_from,
                recipients=list(envelope.rcpt_tos),
                raw=envelope.content,
                utf8=bool(envelope.smtp_utf8),
            )
        )
        if self.hang_up_after_data and server.transport is not None:
            server.transport.close()
        return "250 2.0.0 OK"

    def _authenticate(
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's signature
        session: Session,  # noqa: ARG002 - likewise
        envelope: Envelope,  # noqa: ARG002 - likewise
        mechanism: str,  # noqa: ARG002 - likewise
        auth_data: object,
    ) -> AuthResult:
        if auth_data != LoginPassword(USER.encode(), PASSWORD.encode()):
            return AuthResult(success=False, handled=False)
        self.logins.append(USER)
        return AuthResult(success=True)
