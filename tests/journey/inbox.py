"""The mails that arrived in the mail catcher."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from tests.journey.waiting import until
from tests.running_stack import Stack

_LINK = r"^http\S+/api/{purpose}\?token=[\w.-]+$"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """`html_url` shows the mail in a browser, `source_url` has it byte for byte.

    The links are those of the plain text.
    """

    id: str
    subject: str
    text: str
    headers: Mapping[str, str]
    html_url: str
    source_url: str

    @property
    def confirm_url(self) -> str:
        return self._link("confirm")

    @property
    def decline_url(self) -> str:
        return self._link("decline")

    def _link(self, purpose: str) -> str:
        [link] = re.findall(_LINK.format(purpose=purpose), self.text, re.MULTILINE)
        return str(link)


def mails_to(stack: Stack, address: str) -> list[Mail]:
    """In no particular order."""
    caught: list[dict[str, Any]] = requests.get(f"{stack.mail}/email", timeout=30).json()
    return [
        Mail(
            id=mail["id"],
            subject=mail["subject"],
            text=mail["text"],
            headers=mail["headers"],
            html_url=f"{stack.mail}/email/{mail['id']}/html",
            source_url=f"{stack.mail}/email/{mail['id']}/source",
        )
        for mail in caught
        if [to["address"] for to in mail["to"]] == [address]
    ]


def mail_to(stack: Stack, address: str) -> Mail:
    """The only mail to an address, as soon as it is there."""
    [mail] = until(lambda: mails_to(stack, address), "a mail")
    return mail
