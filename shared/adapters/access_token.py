"""Access tokens for Microsoft's services."""

from typing import TYPE_CHECKING, Protocol

from shared.failures import TemporaryFailure

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


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
            raise TemporaryFailure(f"no access token: {type(error).__name__}") from None
        return f"Bearer {token.token}"
