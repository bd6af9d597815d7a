"""Addresses of the five kinds that `register` must not tell apart, made on a running stack."""

import re
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import uuid4

import requests

from bench.running_stack import Target

SECONDS = 30.0
POLL_SECONDS = 0.2
ACCEPTED, OK = 202, 200
DOMAIN = "timing.example.com"


class Kind(StrEnum):
    """What the app knows of an address."""

    UNKNOWN = "unknown"
    PENDING = "pending"  # mailed, and not confirmed
    CONFIRMED = "confirmed"  # and in Dataverse
    DECLINED = "declined"  # "this was not me"
    SUPPRESSED = "suppressed"  # another spelling of a mailbox whose owner declined


@dataclass(kw_only=True)
class People:
    """Hands out addresses. All have the same length, so that the calls are of one size."""

    known: dict[Kind, list[str]]
    _turn: dict[Kind, int] = field(default_factory=dict)

    def address(self, kind: Kind) -> str:
        """A new one of the unknown; the others in turn."""
        if kind is Kind.UNKNOWN:
            return new_address()
        turn = self._turn[kind] = self._turn.get(kind, -1) + 1
        return self.known[kind][turn % len(self.known[kind])]


def new_address(mailbox: str | None = None) -> str:
    """Nobody had it before; `mailbox` is what comes before the plus-tag."""
    return f"{mailbox or uuid4().hex[:12]}+{uuid4().hex[:4]}@{DOMAIN}"


def registration(address: str) -> dict[str, Any]:
    """The body of a sign-up for the newsletter."""
    return {
        "fields": {"email": address, "firstName": "Anna", "lastName": "Lee"},
        "consents": ["newsletter"],
        "locale": "en",
        "source": {"campaign": "timing"},
    }


def registrations_url(target: Target) -> str:
    return f"{target.functions}/api/forms/newsletter/registrations"


def prepare(target: Target, each: int) -> People:
    """`each` addresses of every kind. Raises RuntimeError when the stack does not play along."""
    kinds = [kind for kind in Kind for _ in range(each) if kind is not Kind.UNKNOWN]
    known: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    asked = [(kind, new_address()) for kind in kinds]
    for _, address in asked:
        answer = requests.post(
            registrations_url(target), json=registration(address), timeout=SECONDS
        )
        _expect(answer, ACCEPTED)
    mails = _mails_to(target, {address for _, address in asked})
    for kind, address in asked:
        if kind is Kind.CONFIRMED:
            _press(target, "confirm", mails[address])
        elif kind in {Kind.DECLINED, Kind.SUPPRESSED}:
            _press(target, "decline", mails[address])
        other = new_address(address.partition("+")[0])
        known[kind].append(other if kind is Kind.SUPPRESSED else address)
    return People(known=known)


def _mails_to(target: Target, addresses: set[str]) -> dict[str, str]:
    """The text of each one's mail, as soon as all are there."""
    deadline = time.monotonic() + SECONDS + len(addresses)
    while time.monotonic() < deadline:
        caught = requests.get(f"{target.mail}/email", timeout=SECONDS).json()
        texts = {mail["to"][0]["address"]: mail["text"] for mail in caught}
        if addresses <= set(texts):
            return {address: texts[address] for address in addresses}
        time.sleep(POLL_SECONDS)
    raise RuntimeError("not every confirmation mail arrived")


def _press(target: Target, page: str, text: str) -> None:
    found = re.search(rf"/api/{page}\?token=(\S+)", text)
    if not found:
        raise RuntimeError(f"the mail has no link to {page}")
    answer = requests.post(
        f"{target.functions}/api/{page}", data={"token": found[1]}, timeout=SECONDS
    )
    _expect(answer, OK)


def _expect(answer: requests.Response, status: int) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request.method} {answer.url}: {answer.status_code}")
