"""The client in front of a scripted LinkedIn, with a clock that only a test moves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from shared.adapters.linkedin.access import LinkedInAccess
from shared.adapters.linkedin.oauth import ClientCredentials, LinkedInOAuth
from shared.adapters.linkedin.session import LinkedInApi, LinkedInSession
from shared.ports import Deadline
from shared.values.linkedin.authorization import Authorization
from tests.linkedin.scripted_server import Answer, ScriptedServer
from tests.linkedin.stored_tokens import StoredTokens

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
CLIENT = ClientCredentials(client_id="app-1", client_secret="hush & hidden")


def authorization(
    token: str = "token-1",  # noqa: S107 - a fake one
    *,
    issued_at: datetime = NOW - timedelta(days=1),
) -> Authorization:
    """Of 60 days, with a refresh token of a year."""
    return Authorization(
        access_token=token,
        issued_at=issued_at,
        access_ends_at=issued_at + timedelta(days=60),
        refresh_token="refresh-1",
        refresh_ends_at=issued_at + timedelta(days=365),
        scopes=("r_marketing_leadgen_automation",),
    )


def token_answer(
    token: str = "token-2",  # noqa: S107 - a fake one
    **fields: Any,
) -> Answer:
    """What the token service answers; a field that is None is left out."""
    body = {
        "access_token": token,
        "expires_in": 5184000,
        "refresh_token": "refresh-1",
        "refresh_token_expires_in": 31536000,
        "scope": "r_ads,r_marketing_leadgen_automation",
    }
    merged = {**body, **fields}
    return Answer(body={name: value for name, value in merged.items() if value is not None})


def refused_token(code: int = 65601) -> Answer:
    """As LinkedIn refuses a token."""
    body = {"status": 401, "serviceErrorCode": code, "code": "REVOKED_ACCESS_TOKEN", "message": "x"}
    return Answer(status=401, body=body)


@dataclass
class World:
    """`linkedin` is the API, `service` the token service; `pauses` are what was waited."""

    linkedin: ScriptedServer
    service: ScriptedServer
    http: requests.Session
    tokens: StoredTokens = field(default_factory=lambda: StoredTokens(stored=authorization()))
    now: datetime = NOW
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.service.answers = [token_answer()]
        self.oauth = LinkedInOAuth(self.service.url, CLIENT, self.http, lambda: self.now)
        self.access = LinkedInAccess(self.oauth, self.tokens, lambda: self.now)
        self.session = LinkedInSession(
            LinkedInApi(url=self.linkedin.url),
            self.access,
            self.http,
            lambda: self.now,
            self.pauses.append,
        )

    @property
    def deadline(self) -> Deadline:
        """Enough."""
        return Deadline(10)
