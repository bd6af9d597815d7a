"""Access tokens for Microsoft's services."""

import re
from typing import TYPE_CHECKING, Protocol

from shared.failures import TemporaryFailure

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
_ENTRA_CODE = re.compile(r"\bAADSTS[0-9]{4,8}\b")


class AccessTokens(Protocol):
    """Where an adapter gets its bearer token from."""

    def bearer(self, scope: str) -> str:
        """The value of the Authorization header: "Bearer <token>".

        `scope` is the resource with "/.default". Raises TemporaryFailure when there is none.
        """


class CredentialTokens:
    """Tokens of an azure-identity credential, which caches and renews them by itself."""

    def __init__(self, credential: "TokenCredential") -> None:
        self._credential = credential

    def bearer(self, scope: str) -> str:
        # Whoever made the credential has loaded this: no cost here, none for stacks without Azure.
        from azure.core.exceptions import AzureError  # noqa: PLC0415 - see the line above

        try:
            token = self._credential.get_token(scope)
        except AzureError as error:
            # Its text quotes endpoints, ids and what the token service answered: not chained.
            # Temporary even for a refused identity: a role that is missing gets granted, and
            # people's registrations wait meanwhile.
            raise TemporaryFailure(why_no_token(error)) from None
        return f"Bearer {token.token}"


def why_no_token(error: Exception) -> str:
    """The error's class, and Microsoft Entra's code where there is one."""
    code = _ENTRA_CODE.search(str(error))
    return f"no access token: {type(error).__name__}{f' {code[0]}' if code else ''}"
