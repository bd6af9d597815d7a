"""Signing in at LinkedIn, and what is known about a token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.ports import Deadline
from shared.values.linkedin.authorization import Authorization


@dataclass(frozen=True, kw_only=True)
class Introspection:
    """What the token service says about a token."""

    active: bool
    status: str
    scopes: tuple[str, ...]
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The authorization that calls go out with.

    `refused`: why LinkedIn does not renew it; it then works until its access token ends.
    """

    authorization: Authorization
    refused: str | None


class SignIn(Protocol):
    """LinkedIn's token service. Raises TemporaryFailure and PermanentFailure; see failures."""

    def authorization_url(self, redirect_uri: str, state: str, scopes: Sequence[str]) -> str:
        """Where the person signs in and allows it. `state` is unguessable and compared later."""

    def exchange_code(self, code: str, redirect_uri: str, deadline: Deadline) -> Authorization:
        """The authorization that the person gave. `redirect_uri` is the one of the URL."""

    def introspect(self, token: str, deadline: Deadline) -> Introspection:
        """Whether LinkedIn accepts the token, and for what."""


class Access(Protocol):
    """The access token that calls go out with."""

    def current(self, deadline: Deadline) -> Authorization:
        """One that is alive, as far as its end tells. Raises TemporaryFailure, SignInNeeded."""

    def standing(self, deadline: Deadline) -> Standing:
        """The same, and whether LinkedIn renews it. Raises as `current`."""
