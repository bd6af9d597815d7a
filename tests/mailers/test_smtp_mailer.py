"""What only SMTP does."""

import socket
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from shared.adapters.mailer_smtp import SmtpMailer
from shared.adapters.smtp_access import SmtpAccess, Tls
from shared.failures import PermanentFailure, TemporaryFailure
from shared.mime import mime_message
from shared.wire_mail import wire_mail
from tests.mailers.certificates import self_signed
from tests.mailers.sample_mail import LINK, OPERATION, sample_mail
from tests.mailers.smtp_server import PASSWORD, USER, SmtpServer


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    running = SmtpServer()
    yield running
    running.close()


@pytest.fixture
def mailer(server: SmtpServer) -> Iterator[SmtpMailer]:
    connected = SmtpMailer(SmtpAccess(host="127.0.0.1", port=server.port, tls="none"))
    yield connected
    connected.close()


def test_the_whole_mail_arrives(server: SmtpServer, mailer: SmtpMailer) -> None:
    mail = sample_mail(text=f".\n.. dots at the start\n{LINK}\n\nFrom here on: Grüße")

    assert mailer.send(mail, again=None).message_id == f"<{OPERATION}@contoso.example>"

    delivered = server.delivered[0]
    assert delivered.sender == "newsletter@contoso.example"
    assert delivered.recipients == ["ada@visitor.example"]
    assert not delivered.utf8
    assert delivered.raw.isascii()
    message = message_from_bytes(delivered.raw, policy=default)
    assert message["Message-ID"] == f"<{OPERATION}@contoso.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == f"{mail.text}\n"


def test_what_arrives_are_the_bytes_that_the_mail_is_kept_as(
    server: SmtpServer, mailer: SmtpMailer
) -> None:
    mails = [
        sample_mail(text=f".\n.. dots at the start\r\n{LINK}\n.", html="<p>\n.\n</p>\n"),
        sample_mail(to="jörg@bücher.example", subject="Grüße " * 30),
    ]
    for mail in mails:
        mailer.send(mail, again=None)
        mailer.send(mail, again="smtp")

    written = [mime_message(wire_mail(mail)) for mail in mails for _ in range(2)]
    assert [delivered.raw for delivered in server.delivered] == written


def test_an_international_local_part_uses_smtputf8(server: SmtpServer, mailer: SmtpMailer) -> None:
    mailer.send(sample_mail(to="jörg@bücher.example"), again=None)
    mailer.send(sample_mail(), again=None)

    international, plain = server.delivered
    assert international.utf8
    assert international.recipients == ["jörg@bücher.example"]
    assert "To: <jörg@bücher.example>\r\n".encode() in international.raw
    assert not plain.utf8


def test_a_server_without_smtputf8_refuses_an_international_local_part() -> None:
    server = SmtpServer(utf8=False)
    mailer = SmtpMailer(SmtpAccess(host="127.0.0.1", port=server.port, tls="none"))
    try:
        with pytest.raises(PermanentFailure, match="international addresses"):
            mailer.send(sample_mail(to="jörg@visitor.example"), again=None)
        mailer.send(sample_mail(), again=None)
        assert len(server.delivered) == 1
    finally:
        mailer.close()
        server.close()


def test_one_connection_serves_many_mails_and_threads(
    server: SmtpServer, mailer: SmtpMailer
) -> None:
    senders = [
        threading.Thread(
            target=mailer.send,
            args=(sample_mail(subject=f"mail {number}"),),
            kwargs={"again": None},
        )
        for number in range(8)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    subjects = {message_from_bytes(delivered.raw)["Subject"] for delivered in server.delivered}
    assert subjects == {f"mail {number}" for number in range(8)}
    assert server.connections == 1


def test_a_connection_that_died_idle_is_opened_anew(server: SmtpServer, mailer: SmtpMailer) -> None:
    mailer.send(sample_mail(), again=None)
    server.hang_up()

    mailer.send(sample_mail(), again=None)

    assert len(server.delivered) == 2
    assert server.connections == 2


def test_a_mail_whose_fate_is_unknown_is_not_repeated_by_itself(
    server: SmtpServer, mailer: SmtpMailer
) -> None:
    server.hang_up_after_data = True

    with pytest.raises(TemporaryFailure, match=r"^smtp: no answer \(SMTPServerDisconnected\)$"):
        mailer.send(sample_mail(), again=None)

    assert len(server.delivered) == 1
    assert server.connections == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("421 4.3.2 Closing", "smtp: 421 4.3.2"),
        ("450 <ada@visitor.example> greylisted", "smtp: 450"),
        ("452 4.2.2 ada@visitor.example is full", "smtp: 452 4.2.2"),
    ],
)
def test_comes_later(server: SmtpServer, mailer: SmtpMailer, reply: str, reason: str) -> None:
    server.to_recipient.append(reply)
    server.to_data.append(reply)

    for of_this_one in (not reply.startswith("421"), False):  # to the recipient, to the content
        with pytest.raises(TemporaryFailure, match=f"^{reason}$") as failure:
            mailer.send(sample_mail(), again=None)
        assert failure.value.of_this_one is of_this_one

    mailer.send(sample_mail(), again=None)
    assert len(server.delivered) == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("550 5.1.1 <ada@visitor.example> unknown", "smtp: 550 5.1.1"),
        ("554 ada@visitor.example looks like spam", "smtp: 554"),
    ],
)
def test_gives_up(server: SmtpServer, mailer: SmtpMailer, reply: str, reason: str) -> None:
    server.to_recipient.append(reply)
    server.to_data.append(reply)

    for _ in range(2):
        with pytest.raises(PermanentFailure, match=f"^{reason}$") as failure:
            mailer.send(sample_mail(), again=None)
        assert failure.value.__suppress_context__
        assert failure.value.__cause__ is None

    mailer.send(sample_mail(), again=None)
    assert len(server.delivered) == 1


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailer = SmtpMailer(
            SmtpAccess(host="127.0.0.1", port=silent.getsockname()[1], tls="none"), timeout=0.2
        )
        with pytest.raises(TemporaryFailure, match="no answer"):
            mailer.send(sample_mail(), again=None)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_tls_and_login(tmp_path: Path, tls: Tls) -> None:
    server_side, client_side = self_signed(tmp_path)
    server = _tls_server(tls, server_side)
    mailer = SmtpMailer(
        SmtpAccess(
            host="127.0.0.1",
            port=server.port,
            tls=tls,
            user=USER,
            password=PASSWORD,
            trust=client_side,
        )
    )
    try:
        mailer.send(sample_mail(), again=None)
        assert len(server.delivered) == 1
        assert server.logins == [USER]
    finally:
        mailer.close()
        server.close()


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_wrong_password_is_permanent_and_stays_secret(tmp_path: Path, tls: Tls) -> None:
    server_side, client_side = self_signed(tmp_path)
    server = _tls_server(tls, server_side)
    mailer = SmtpMailer(
        SmtpAccess(
            host="127.0.0.1",
            port=server.port,
            tls=tls,
            user=USER,
            password="guess",
            trust=client_side,
        )
    )
    try:
        with pytest.raises(PermanentFailure, match=r"^smtp: 535 5\.7\.8$"):
            mailer.send(sample_mail(), again=None)
        assert server.delivered == []
    finally:
        mailer.close()
        server.close()


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("certificate_for", ["127.0.0.1", "127.0.0.2"])
def test_certificates_are_verified(tmp_path: Path, tls: Tls, certificate_for: str) -> None:
    server_side, client_side = self_signed(tmp_path, ip=certificate_for)
    server = _tls_server(tls, server_side)
    # Its own name but no trust, then trust but another name.
    trust = None if certificate_for == "127.0.0.1" else client_side
    mailer = SmtpMailer(
        SmtpAccess(
            host="127.0.0.1", port=server.port, tls=tls, user=USER, password=PASSWORD, trust=trust
        )
    )
    try:
        with pytest.raises(PermanentFailure, match="certificate is not trusted"):
            mailer.send(sample_mail(), again=None)
        assert server.delivered == []
    finally:
        mailer.close()
        server.close()


def test_a_server_without_starttls_gets_no_mail(server: SmtpServer) -> None:
    mailer = SmtpMailer(SmtpAccess(host="127.0.0.1", port=server.port, tls="starttls"))

    with pytest.raises(PermanentFailure, match="lacks TLS"):
        mailer.send(sample_mail(), again=None)

    assert server.delivered == []


def test_a_password_never_travels_unencrypted() -> None:
    with pytest.raises(ValueError, match="needs TLS"):
        SmtpMailer(SmtpAccess(host="127.0.0.1", port=25, tls="none", user=USER, password=PASSWORD))


def _tls_server(tls: Tls, context: ssl.SSLContext) -> SmtpServer:
    if tls == "starttls":
        return SmtpServer(starttls=context)
    return SmtpServer(implicit_tls=context)
