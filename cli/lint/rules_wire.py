"""Rules about the message as it travels: its headers, its lines, its encoding."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

from cli.lint.composed import ComposedMail, Hit, Part

_LONGEST_LINE = 998
_LONGEST_ENCODED_LINE = 76
_ONCE = ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version")
_RECEIPTS = frozenset(
    {
        "disposition-notification-to",
        "return-receipt-to",
        "x-confirm-reading-to",
        "generate-delivery-report",
    }
)
_BODIES = {"text/plain": Part.TEXT, "text/html": Part.HTML}


def sendable(mail: ComposedMail) -> Iterator[Hit]:
    """The app itself would hand it to a provider."""
    if mail.refusal:
        yield Hit(part=Part.HEADERS, excerpt=mail.refusal)


def line_length(mail: ComposedMail) -> Iterator[Hit]:
    """No line is longer than a server has to take; encoded bodies have shorter ones."""
    for line in mail.wire.split(b"\r\n"):
        if len(line) > _LONGEST_LINE:
            yield _line_hit(line)
    for body in _bodies(mail):
        if str(body["Content-Transfer-Encoding"]).lower() == "quoted-printable":
            encoded = str(body.get_payload(decode=False)).encode("ascii", "surrogateescape")
            for line in encoded.replace(b"\r\n", b"\n").split(b"\n"):
                if len(line) > _LONGEST_ENCODED_LINE:
                    yield _line_hit(line)


def survives_the_wire(mail: ComposedMail) -> Iterator[Hit]:
    """What a mail program decodes is what was written, to the last character of each link."""
    written = {"text/plain": mail.mail.text, "text/html": mail.mail.html}
    found = {body.get_content_type(): body for body in _bodies(mail)}
    for kind, text in written.items():
        body = found.get(kind)
        if body is None:
            yield Hit(part=_BODIES[kind], excerpt=f"the message has no {kind}")
        elif changed := _first_change(text, str(body.get_content())):
            yield Hit(part=_BODIES[kind], excerpt=changed)


def attachments(mail: ComposedMail) -> Iterator[Hit]:
    """Nothing but a plain text and an HTML part."""
    for each in mail.message.walk():
        is_body = each.get_content_type() in _BODIES and not each.get_filename()
        if not each.is_multipart() and not is_body:
            yield Hit(part=Part.HEADERS, excerpt=each.get_content_type())


def headers_once(mail: ComposedMail) -> Iterator[Hit]:
    """The headers that a message has once, and only once."""
    for name in _ONCE:
        count = len(mail.message.get_all(name, []))
        if count != 1:
            yield Hit(part=Part.HEADERS, excerpt=f"{name} stands there {count} times")


def list_headers(mail: ComposedMail) -> Iterator[Hit]:
    """Nothing says that this is mail of a list."""
    for name, value in _headers(mail):
        if name.lower().startswith("list-") or (name.lower(), value.strip().lower()) in {
            ("precedence", "bulk"),
            ("precedence", "list"),
        }:
            yield Hit(part=Part.HEADERS, excerpt=f"{name}: {value}")


def auto_submitted(mail: ComposedMail) -> Iterator[Hit]:
    """The message says that a program sent it."""
    if "auto-generated" not in [
        value.strip().lower() for name, value in _headers(mail) if name.lower() == "auto-submitted"
    ]:
        yield Hit(part=Part.HEADERS, excerpt="Auto-Submitted: auto-generated")


def read_receipts(mail: ComposedMail) -> Iterator[Hit]:
    """Nobody is asked to tell that the mail was read."""
    for name, value in _headers(mail):
        if name.lower() in _RECEIPTS:
            yield Hit(part=Part.HEADERS, excerpt=f"{name}: {value}")


def _headers(mail: ComposedMail) -> list[tuple[str, str]]:
    """Those of the message, and those that other providers than SMTP are given."""
    own = [(name, str(value)) for name, value in mail.message.items()]
    return list(dict.fromkeys([*own, *mail.mail.headers.items()]))


def _bodies(mail: ComposedMail) -> list[EmailMessage]:
    return [each for each in mail.message.walk() if each.get_content_type() in _BODIES]


def _first_change(written: str, read: str) -> str | None:
    """The first line that differs, if any; a body may end with one line break more."""
    old = written.removesuffix("\n").split("\n")
    new = read.replace("\r\n", "\n").removesuffix("\n").split("\n")
    for number in range(max(len(old), len(new))):
        before, after = "".join(old[number : number + 1]), "".join(new[number : number + 1])
        if before != after:
            return re.sub(r"token=[\w.-]+", "token=…", f"line {number + 1}: {before} → {after}")
    return None


def _line_hit(line: bytes) -> Hit:
    return Hit(part=Part.HEADERS, excerpt=f"{len(line)} octets: {line[:60].decode('latin-1')}…")
