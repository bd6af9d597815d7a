"""A mail as it may leave us: checked, and its addresses as providers take them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import NewType

from email_validator import EmailNotValidError

from shared.failures import PermanentFailure
from shared.values.email_address import wire_address
from shared.values.mail import Mail

WireMail = NewType("WireMail", Mail)

# RFC 5322 section 3.6.8, narrowed to what header names look like.
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # RFC 5646, roughly
# What the adapters write themselves, or what would send the mail to somebody else.
_OUR_HEADERS = re.compile(
    r"(to|cc|bcc|from|sender|reply-to|subject|date|message-id|mime-version|return-path"
    r"|received|content-.*|resent-.*)",
    re.IGNORECASE,
)
# Control characters, line and paragraph separators, halves of characters: none belongs in a
# header, and every mail library and relay has its own idea of which of them ends a line.
_NEVER_IN_HEADERS = {"Cc", "Zl", "Zp", "Cs"}


def wire_mail(mail: Mail) -> WireMail:
    """The mail with punycode domains, safe to write into headers.

    A Unicode local part stays as it is (RFC 6531); every provider decides whether it takes one.
    Raises PermanentFailure naming the part at fault, never its text.
    """
    for part, text in _header_texts(mail):
        if any(unicodedata.category(character) in _NEVER_IN_HEADERS for character in text):
            raise PermanentFailure(f"the mail's {part} has a character that no header may have")
    for name in mail.headers:
        if not _HEADER_NAME.fullmatch(name) or _OUR_HEADERS.fullmatch(name):
            raise PermanentFailure("the mail sets a header that it must not set")
    if not _LANGUAGE.fullmatch(mail.language):
        raise PermanentFailure("the mail's language is no language tag")
    _check_encodable(mail.text + mail.html)
    return WireMail(
        replace(
            mail,
            sender=wire_sender(mail.sender),
            to=_address(mail.to, "recipient"),
            reply_to=_address(mail.reply_to, "reply-to address") if mail.reply_to else None,
            message_id=_message_id(mail.message_id),
        )
    )


def wire_sender(address: str) -> str:
    """The sender's address as providers take it. Raises PermanentFailure."""
    return _address(address, "sender")


def _header_texts(mail: Mail) -> Iterator[tuple[str, str]]:
    yield "operation id", mail.operation_id
    yield "message id", mail.message_id
    yield "sender", mail.sender
    yield "sender's name", mail.sender_name or ""
    yield "reply-to address", mail.reply_to or ""
    yield "recipient", mail.to
    yield "subject", mail.subject
    for value in mail.headers.values():
        yield "header", value


def _check_encodable(body: str) -> None:
    try:
        body.encode()
    except UnicodeEncodeError:
        # The error carries the body: not chained.
        raise PermanentFailure("the mail's body has half a character") from None


def _address(address: str, part: str) -> str:
    try:
        return wire_address(address)
    except EmailNotValidError:
        # Its message quotes the address: not chained, so that it can reach no log.
        raise PermanentFailure(f"the mail's {part} is no address") from None


def _message_id(message_id: str) -> str:
    # Built like an address (RFC 5322 section 3.6.4), and its domain has to be ASCII as well.
    if not re.fullmatch(r"<[^<>]+>", message_id):
        raise PermanentFailure("the mail's message id has no angle brackets")
    return f"<{_address(message_id[1:-1], 'message id')}>"
