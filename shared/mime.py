"""A mail as the bytes that travel over SMTP (RFC 5322, RFC 2045)."""

from collections.abc import Iterator
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote
from hashlib import sha256

from shared.wire_mail import WireMail

# Longer or foreign texts become encoded words: no line is ever folded inside a text.
LONGEST_PLAIN_TEXT = 60
# RFC 2047 section 2: an encoded word has 75 characters at most. `Header` counts the line.
LONGEST_LINE = 75
# RFC 2045 section 6.7: an encoded line of a body has 76; the policy's own length is 78.
_BODY = SMTP.clone(max_line_length=76)


def mime_message(mail: WireMail) -> bytes:
    """The whole message with CRLF line ends: the same bytes whenever it is written.

    Bodies are quoted-printable, so that long links survive relays that break lines. All bytes
    are ASCII unless a local part is not: then the address is UTF-8 and SMTPUTF8 (RFC 6532) is
    needed.

    The headers are written here: EmailMessage's own folding adds spaces inside long names
    (measured with Python 3.11 and 3.13).
    """
    headers = "".join(f"{name}: {value}\r\n" for name, value in _headers(mail))
    return headers.encode() + _body(mail).as_bytes()


def needs_smtputf8(mail: WireMail) -> bool:
    """Whether an address has a local part beyond ASCII."""
    return not f"{mail.sender}{mail.to}{mail.reply_to or ''}".isascii()


def _headers(mail: WireMail) -> Iterator[tuple[str, str]]:
    yield "From", _mailbox(mail.sender, mail.sender_name)
    yield "To", _mailbox(mail.to, None)
    if mail.reply_to:
        yield "Reply-To", _mailbox(mail.reply_to, None)
    yield "Subject", _text(mail.subject, "Subject")
    yield "Date", format_datetime(mail.composed_at)
    yield "Message-ID", mail.message_id
    yield "Content-Language", mail.language
    for name, value in mail.headers.items():
        yield name, _text(value, name)


def _mailbox(address: str, name: str | None) -> str:
    if not name:
        return f"<{address}>"
    if _is_plain(name):
        return f'"{quote(name)}" <{address}>'
    return f"{_encoded_words(name, 'From')}\r\n <{address}>"


def _text(text: str, header: str) -> str:
    return text if _is_plain(text) else _encoded_words(text, header)


def _is_plain(text: str) -> bool:
    # "=?" would be read as the start of an encoded word.
    return text.isascii() and len(text) <= LONGEST_PLAIN_TEXT and "=?" not in text


def _encoded_words(text: str, header: str) -> str:
    words = Header(text, "utf-8", header_name=header, maxlinelen=LONGEST_LINE)
    return words.encode(linesep="\r\n")


def _body(mail: WireMail) -> EmailMessage:
    body = EmailMessage(policy=_BODY)
    body.set_content(mail.text, cte="quoted-printable")
    # "=_" stands in no quoted-printable text (RFC 2045 section 6.7), and chance would make each
    # writing another.
    body.make_alternative(f"=_{sha256(mail.message_id.encode()).hexdigest()[:32]}")
    body.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return body
