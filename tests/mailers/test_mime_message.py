"""The bytes of a mail, read back by another parser than the one that wrote them."""

import random
import re
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.mime import mime_message, needs_smtputf8
from shared.values.mail_frame import WRITTEN_AS
from shared.wire_mail import wire_mail
from tests.mailers.sample_mail import LINK, OPERATION, sample_mail

TEXTS = [
    "Plain words",
    'Quotes " and \\ backslashes',
    "Contoso, Inc. <evil@spam.example>",
    "Müller, Söhne & Co. KG",
    "شركة المثال المحدودة",
    "株式会社サンプル",
    "Ελληνικά и кириллица",
    "🎉 Fête 🎉",
    "=?utf-8?q?typed_by_hand?=",
    "A long name that goes on and on, " * 5 + "until it ends.",
    "Ein überlanger Name, der nicht enden möchte, " * 5 + "bis er endet.",
    "ß" * 200,
]


@pytest.mark.parametrize("text", TEXTS)
def test_names_and_subjects_arrive_as_written(text: str) -> None:
    raw = _raw(sender_name=text, subject=text, headers={"X-Kind": text})

    headers = _headers(raw)
    assert _decoded(headers["Subject"]) == text
    assert _decoded(headers["X-Kind"]) == text
    name, address = _mailbox(headers["From"])
    assert (name, address) == (text, "newsletter@contoso.example")


def test_any_name_arrives_as_written_and_adds_no_address() -> None:
    chance = random.Random(2026)  # noqa: S311 - test data
    alphabets = ["abc ,.;\"'()<>@[]\\:-&=?", "äöüß ,", "مرحبا ", "日本語", "😀é, "]
    for _ in range(200):
        letters = [chance.choice(chance.choice(alphabets)) for _ in range(chance.randint(1, 150))]
        text = " ".join("".join(letters).split())
        if not text:
            continue
        raw = _raw(sender_name=text, subject=text)

        headers = _headers(raw)
        assert _decoded(headers["Subject"]) == text
        assert _mailbox(headers["From"]) == (text, "newsletter@contoso.example")
        assert len(_parsed(raw)["From"].addresses) == 1
        _assert_fits_the_wire(raw)


@pytest.mark.parametrize("text", TEXTS)
def test_every_line_fits_the_wire(text: str) -> None:
    raw = _raw(sender_name=text, subject=text, text=text * 30, html=f"<p>{text * 30}</p>")

    _assert_fits_the_wire(raw)
    assert raw.isascii()
    for word in re.findall(rb"=\?utf-8\?.*?\?=", raw):
        assert len(word) <= 75
    bodies = raw.split(b"quoted-printable\r\n")[1:]
    assert len(bodies) == 2
    assert max(len(line) for body in bodies for line in body.split(b"\r\n")) <= 76


def test_has_these_headers() -> None:
    headers = _headers(_raw())

    assert headers == {
        "From": '"Contoso Newsletter" <newsletter@contoso.example>',
        "To": "<ada@visitor.example>",
        "Reply-To": "<hello@contoso.example>",
        "Subject": "Please confirm your subscription",
        "Date": "Sun, 22 Nov 2026 09:30:05 +0000",
        "Message-ID": f"<{OPERATION}@contoso.example>",
        "Content-Language": "en",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": headers["Content-Type"],
    }
    assert headers["Content-Type"].startswith("multipart/alternative; boundary=")


def test_mails_of_earlier_years_are_still_written_as_they_were() -> None:
    """Whoever changes the bytes keeps the old way, too: values.mail_frame.WRITTEN_AS."""
    raw = _raw(
        sender_name="Müller, Söhne & Co. KG",
        subject="Bitte bestätigen Sie Ihre Newsletter-Anmeldung, damit wir Ihnen schreiben dürfen",
        text=f"Grüße = „hallo“ \t\n.\nFrom here\n\n{LINK}\n\n{'日本語 ' * 40}\n--\n",
        html=f"<p>{'Straße &amp; Co. ' * 20}</p>\r\n<a href='{LINK}'>x</a> \n",
        to="用户@例子.example",
    )
    digest = "392e27be69187e78f3dfc46326a11d4baf9997f84ebe642566cf100d226345b3"
    assert (WRITTEN_AS, sha256(raw).hexdigest()) == (1, digest)


def test_the_boundary_is_in_no_part() -> None:
    boundary = _parsed(_raw()).get_boundary()
    assert boundary
    raw = _raw(text=f"--{boundary}--\n\n--{boundary}", html=f"<p>\r\n--{boundary}--\r\n</p>")
    message = _parsed(raw)
    assert message.get_boundary() == boundary
    assert _content(message, "plain") == f"--{boundary}--\n\n--{boundary}\n"
    assert raw.count(f"\r\n--{boundary}".encode()) == 3


def test_the_date_keeps_its_zone() -> None:
    summer = datetime(2026, 7, 1, 10, 0, 0, tzinfo=timezone(timedelta(hours=2)))

    raw = _raw(composed_at=summer)

    assert _headers(raw)["Date"] == "Wed, 01 Jul 2026 10:00:00 +0200"


def test_text_comes_before_html() -> None:
    parts = [part.get_content_type() for part in _parsed(_raw()).iter_parts()]

    assert parts == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "text",
    [
        "Grüße\n日本語\n\nEnde",
        "trailing space \n\ttab\n.\nFrom the start\n--boundary\n=3D is no quoting",
        "one\r\ntwo",
    ],
)
def test_bodies_arrive_as_written(text: str) -> None:
    message = _parsed(_raw(text=text, html=f"<pre>{text}</pre>"))

    plain = text.replace("\r\n", "\n")
    assert _content(message, "plain") == f"{plain}\n"
    assert _content(message, "html") == f"<pre>{plain}</pre>\n"


def test_long_links_are_unbroken() -> None:
    link = f"https://doi.contoso.example/api/confirm?token={'aZ09-_.' * 300}&x=%3D=="

    message = _parsed(_raw(text=f"Confirm:\n{link}\n", html=f'<a href="{link}">Confirm</a>'))

    assert link in _content(message, "plain").split("\n")
    assert f'<a href="{link}">' in _content(message, "html")
    assert parse_qs(urlsplit(LINK).query)["token"][0] in _content(_parsed(_raw()), "plain")


def test_international_domains_are_punycode() -> None:
    raw = _raw(
        to="ada@bücher.example",
        sender="news@straße.example",
        reply_to="hallo@straße.example",
        message_id=f"<{OPERATION}@straße.example>",
    )

    headers = _headers(raw)
    assert raw.isascii()
    assert headers["To"] == "<ada@xn--bcher-kva.example>"
    assert headers["From"].endswith("<news@xn--strae-oqa.example>")
    assert headers["Reply-To"] == "<hallo@xn--strae-oqa.example>"
    assert headers["Message-ID"] == f"<{OPERATION}@xn--strae-oqa.example>"


@pytest.mark.parametrize("part", ["to", "sender", "reply_to"])
def test_only_an_international_local_part_needs_smtputf8(part: str) -> None:
    assert needs_smtputf8(wire_mail(sample_mail(**{part: "jörg@visitor.example"})))
    assert not needs_smtputf8(wire_mail(sample_mail(**{part: "joerg@bücher.example"})))


def test_an_international_local_part_is_utf8() -> None:
    raw = _raw(to="用户@例子.example", sender_name="Müller")

    assert "\r\nTo: <用户@例子.example>\r\n".encode() in raw
    assert _mailbox(_headers(raw)["From"])[0] == "Müller"


def _raw(**changes: Any) -> bytes:
    return mime_message(wire_mail(sample_mail(**changes)))


def _assert_fits_the_wire(raw: bytes) -> None:
    lines = raw.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    # RFC 5322 section 2.1.1
    assert max(len(line) for line in lines) <= 78


def _headers(raw: bytes) -> dict[str, str]:
    """Unfolded, as they stand on the wire."""
    block = raw.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ")
    lines = [line.partition(": ") for line in block.split("\r\n")]
    assert len({name for name, _, _ in lines}) == len(lines)
    return {name: value for name, _, value in lines}


def _decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def _mailbox(value: str) -> tuple[str, str]:
    name, _, address = value.rpartition(" ")
    if name.startswith('"'):
        return re.sub(r"\\(.)", r"\1", name[1:-1]), address[1:-1]
    return _decoded(name), address[1:-1]


def _parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")
