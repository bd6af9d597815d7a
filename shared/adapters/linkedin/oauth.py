"""LinkedIn's token service: three-legged OAuth 2.0, refresh, introspection.

https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow
https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import requests

from shared.adapters.linkedin.exchange import HttpAnswer, HttpRequest, exchange
from shared.adapters.linkedin.failure_of import said
from shared.adapters.linkedin.token_service_failure import no_token_service, token_service_failure
from shared.linkedin.failures import SignInNeeded
from shared.linkedin.sign_in import Introspection
from shared.ports import Deadline
from shared.values.linkedin.authorization import Authorization
from shared.values.linkedin.numbers import read_moment, read_whole_number


@dataclass(frozen=True, kw_only=True)
class ClientCredentials:
    """The application at LinkedIn. The secret also signs the webhook's traffic."""

    client_id: str
    client_secret: str = field(repr=False)


class LinkedInOAuth:
    """`url` is LinkedIn's, https://www.linkedin.com. Raises TemporaryFailure, PermanentFailure."""

    def __init__(
        self,
        url: str,
        client: ClientCredentials,
        http: requests.Session,
        now: Callable[[], datetime],
    ) -> None:
        self._url = url.rstrip("/")
        self._client = client
        self._http = http
        self._now = now

    def authorization_url(self, redirect_uri: str, state: str, scopes: Sequence[str]) -> str:
        """Where the person signs in and allows it. `state` is unguessable and compared later."""
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "scope": " ".join(scopes),
        }
        return f"{self._url}/oauth/v2/authorization?{urlencode(query, quote_via=quote)}"

    def exchange_code(self, code: str, redirect_uri: str, deadline: Deadline) -> Authorization:
        """The authorization that the person gave. `redirect_uri` is the one of the URL."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return self._authorization(form, None, deadline)

    def refresh(self, old: Authorization, deadline: Deadline) -> Authorization:
        """A new access token. The refresh token's end stays where it was.

        Raises SignInNeeded when the refresh token is missing, expired or revoked.
        """
        if old.refresh_token is None:
            raise SignInNeeded(
                "LinkedIn gave no refresh token, and the access token is over:"
                " sign in again with `doi linkedin authorize`"
            )
        form = {"grant_type": "refresh_token", "refresh_token": old.refresh_token}
        return self._authorization(form, old, deadline)

    def introspect(self, token: str, deadline: Deadline) -> Introspection:
        """Whether LinkedIn accepts the token, and for what."""
        answer = self._post("introspectToken", {"token": token}, deadline)
        given = answer.json_object()
        if given is None or not isinstance(given.get("active"), bool):
            raise no_token_service()
        try:
            ends_at = read_moment(given["expires_at"]) if "expires_at" in given else None
        except ValueError:
            raise no_token_service() from None
        return Introspection(
            active=given["active"],
            status=said(given.get("status")),
            scopes=_scopes(given),
            ends_at=ends_at,
        )

    def _authorization(
        self, form: Mapping[str, str], old: Authorization | None, deadline: Deadline
    ) -> Authorization:
        now = self._now()
        given = self._post("accessToken", form, deadline).json_object() or {}
        access_token, refresh_token = given.get("access_token"), given.get("refresh_token")
        if not isinstance(access_token, str) or not access_token:
            raise no_token_service()
        try:
            access_ends_at = _end(given["expires_in"], now)
            refresh_ends_at = _end(given.get("refresh_token_expires_in"), now)
        except (KeyError, ValueError, OverflowError):
            raise no_token_service() from None
        if access_ends_at is None:
            raise no_token_service()
        return Authorization(
            access_token=access_token,
            issued_at=now,
            access_ends_at=access_ends_at,
            refresh_token=refresh_token or (old.refresh_token if old else None),
            refresh_ends_at=refresh_ends_at or (old.refresh_ends_at if old else None),
            scopes=_scopes(given) or (old.scopes if old else ()),
        )

    def _post(self, path: str, form: Mapping[str, str], deadline: Deadline) -> HttpAnswer:
        client = {
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
        }
        request = HttpRequest(
            method="POST",
            url=f"{self._url}/oauth/v2/{path}",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            body=urlencode({**form, **client}).encode(),
        )
        answer = exchange(self._http, request, "token service", deadline)
        if not answer.succeeded:
            raise token_service_failure(answer, self._now())
        return answer


def _end(seconds: Any, now: datetime) -> datetime | None:
    return None if seconds is None else now + timedelta(seconds=read_whole_number(seconds))


def _scopes(given: Mapping[str, Any]) -> tuple[str, ...]:
    """LinkedIn separates them by commas, the standard by spaces."""
    scope = given.get("scope")
    return tuple(scope.replace(",", " ").split()) if isinstance(scope, str) else ()
