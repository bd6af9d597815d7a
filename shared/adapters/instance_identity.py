"""The identity of the instance, asked for its token without azure-identity.

For the visitor's way only: importing that package and what it needs takes longer than the first
registration itself. Everything else asks azure-identity.
https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from shared.adapters.quick_http import NoAnswer, QuickHttp
from shared.adapters.storage_access import TokenRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

_API_VERSION = "2019-08-01"
_OK = 200
_ENDPOINT = "no access token: the identity endpoint"
# A new instance's endpoint may not be ready, and a busy one says so: as azure-identity does.
_NOT_YET = frozenset({404, 410, 429})


class Token(NamedTuple):
    """As azure.core.credentials.AccessToken: `expires_on` in seconds since 1970."""

    token: str
    expires_on: int


@dataclass(frozen=True, kw_only=True)
class IdentityEndpoint:
    """Where the instance gives out tokens, and the secret that only the instance knows."""

    url: str
    header: str = field(repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> IdentityEndpoint | None:
        """As Azure sets them on every instance; None elsewhere."""
        url, header = environment.get("IDENTITY_ENDPOINT"), environment.get("IDENTITY_HEADER")
        return cls(url=url, header=header) if url and header else None


class InstanceIdentity:
    """As azure.core.credentials.TokenCredential. Keeps no token: who asks does."""

    def __init__(self, endpoint: IdentityEndpoint, client_id: str | None) -> None:
        """`client_id` names a user-assigned identity; else it is the system-assigned one."""
        self._endpoint = endpoint
        self._client_id = client_id
        self._http = QuickHttp()

    def get_token(self, *scopes: str, **_: Any) -> Token:
        """For one scope, a resource with "/.default". Raises TokenRefused."""
        [scope] = scopes
        query = {"api-version": _API_VERSION, "resource": scope.removesuffix("/.default")}
        if self._client_id:
            query["client_id"] = self._client_id
        url = f"{self._endpoint.url}?{urlencode(query)}"
        headers = {"X-IDENTITY-HEADER": self._endpoint.header}
        try:
            answer = self._http.send("GET", url, headers, repeated=_NOT_YET)
            if answer.status != _OK:
                raise TokenRefused(f"{_ENDPOINT} answered {answer.status}")
            told = json.loads(answer.data)
            return Token(token=told["access_token"], expires_on=int(told["expires_on"]))
        except NoAnswer as failure:
            raise TokenRefused(f"{_ENDPOINT} did not answer: {failure}") from None
        except (ValueError, KeyError, TypeError):
            raise TokenRefused(f"{_ENDPOINT} gave none") from None
