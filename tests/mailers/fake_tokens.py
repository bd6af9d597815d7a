"""Access tokens that name the scope they are for, or the permissions that they carry."""

import base64
import json

from shared.failures import TemporaryFailure


class FakeTokens:
    """Implements access_token.AccessTokens."""

    def bearer(self, scope: str) -> str:
        return f"Bearer token-for-{scope}"


class NoTokens:
    """Implements access_token.AccessTokens where there is no identity."""

    def bearer(self, scope: str) -> str:  # noqa: ARG002 - there is none for any
        raise TemporaryFailure("no access token: ClientAuthenticationError")


class WrongTokens:
    """Implements access_token.AccessTokens for something else than what is asked."""

    def bearer(self, scope: str) -> str:  # noqa: ARG002 - always the wrong one
        return "Bearer token-for-something-else"


class EntraTokens:
    """Implements access_token.AccessTokens as Microsoft Entra makes them, with these roles."""

    def __init__(self, *roles: str) -> None:
        self.token = ".".join(_encoded(part) for part in ({"alg": "RS256"}, {"roles": roles}))
        self.token += ".signature"

    def bearer(self, scope: str) -> str:  # noqa: ARG002 - of one service
        return f"Bearer {self.token}"


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
