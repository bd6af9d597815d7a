"""The links in a mail, and the pages that they lead to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.chaos.settings import token_keys
from local.chaos.sign_ups import LANGUAGE
from shared.texts.catalogue import catalogue
from shared.values.confirmation_token import Purpose, Token, Tokens
from shared.values.link_view import LinkState

if TYPE_CHECKING:
    from local.chaos.caught_mail import CaughtMail

LINK = r"^(http\S+/api/{purpose})\?token=([\w.-]+)$"


@dataclass(frozen=True, kw_only=True)
class Link:
    """Where the page's button posts the token to."""

    address: str
    token: str


def link_in(mail: CaughtMail, purpose: Purpose) -> Link:
    """Raises ValueError where the text does not have exactly one."""
    pattern = LINK.format(purpose=purpose.value)
    [(address, token)] = re.findall(pattern, mail.text.replace("\r", ""), re.MULTILINE)
    return Link(address=address, token=token)


def token_in(mail: CaughtMail) -> Token:
    """Which registration the mail is about. Raises ValueError, TokenInvalid."""
    return Tokens(token_keys()).read(Purpose.CONFIRM, link_in(mail, Purpose.CONFIRM).token)


def page_shown(html: str) -> LinkState | None:
    """By its heading; None for a page that no link leads to."""
    pages = catalogue(LANGUAGE).pages
    shown = (state for state in LinkState if f">{pages[state].heading}<" in html)
    return next(shown, None)
