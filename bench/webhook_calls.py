"""The calls that are measured, each with the only answer that is right."""

import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self
from urllib.parse import urlencode
from uuid import uuid4

from local.stack.layout import SETTINGS

_PATH = "/api/linkedin/webhook"


class Kind(StrEnum):
    """`HEALTH` does nothing but answer: what the others are compared with."""

    HEALTH = "`GET /api/health`"
    CHALLENGE = "challenge (`GET`)"
    NOTIFICATION = "signed notification (`POST`)"


@dataclass(frozen=True, kw_only=True)
class LinkedInApplication:
    """What LinkedIn signs with, and the optional secret in the webhook's address."""

    client_secret: str
    webhook_secret: str

    @classmethod
    def of_local_settings(cls) -> Self:
        """Those of the local stack, whose environment wins over local.settings.json."""
        values: Mapping[str, str] = json.loads(SETTINGS.read_bytes())["Values"] | os.environ
        return cls(
            client_secret=values["LINKEDIN_CLIENT_SECRET"],
            webhook_secret=values.get("LINKEDIN_WEBHOOK_SECRET", ""),
        )

    def path(self, **query: str) -> str:
        """The webhook's, with its secret where it has one."""
        secret = {"secret": self.webhook_secret} if self.webhook_secret else {}
        return f"{_PATH}?{urlencode(secret | query)}"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request; `answer` is the JSON of a right answer, which has status 200."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str]
    answer: Mapping[str, Any]


def make_call(kind: Kind, application: LinkedInApplication, lead: str) -> Call:
    """A new one: each challenge has a code of its own; notifications tell of the same lead."""
    if kind is Kind.HEALTH:
        return Call(method="GET", path="/api/health", headers={}, answer={"status": "alive"})
    if kind is Kind.CHALLENGE:
        code = str(uuid4())
        return Call(
            method="GET",
            path=application.path(challengeCode=code),
            headers={},
            answer=challenge_answer(application.client_secret, code),
        )
    body = _notification(lead)
    signature = _digest(application.client_secret, b"hmacsha256=" + body)
    return Call(
        method="POST",
        path=application.path(),
        body=body,
        headers={"Content-Type": "application/json", "X-LI-Signature": signature},
        answer={"accepted": 1, "ignored": 0},
    )


def challenge_answer(client_secret: str, code: str) -> dict[str, str]:
    """https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation"""
    response = _digest(client_secret, code.encode())
    return {"challengeCode": code, "challengeResponse": response}


def _notification(lead: str) -> bytes:
    """That a lead is gone: the first leaves a tombstone, the others find it and end there.

    The webhook does the same for it as for a new lead, and nobody is mailed.
    """
    notification = {
        "type": "LEAD_ACTION",
        "leadGenFormResponse": f"urn:li:leadGenFormResponse:{lead}",
        "leadGenForm": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:1, 1)",
        "owner": {"organization": "urn:li:organization:123"},
        "associatedEntity": {"event": "urn:li:event:123"},
        "leadType": "EVENT",
        "leadAction": "DELETED",
        "occurredAt": 1686182358881,
    }
    return json.dumps(notification, separators=(",", ":")).encode()


def _digest(client_secret: str, message: bytes) -> str:
    return hmac.new(client_secret.encode(), message, sha256).hexdigest()
