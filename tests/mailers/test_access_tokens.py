"""Tokens over an azure-core credential."""

from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

from shared.adapters.access_token import CredentialTokens
from shared.failures import TemporaryFailure

SCOPE = "https://communication.azure.com//.default"


class Credential:
    """A TokenCredential that gives a token naming its scopes, or fails."""

    def __init__(self, failure: Exception | None = None) -> None:
        self._failure = failure

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        if self._failure:
            raise self._failure
        return AccessToken(f"token-for-{scopes[0]}", 2_000_000_000)


def test_gives_the_authorization_header() -> None:
    assert CredentialTokens(Credential()).bearer(SCOPE) == f"Bearer token-for-{SCOPE}"


@pytest.mark.parametrize("failure_type", [ClientAuthenticationError, ServiceRequestError])
def test_a_missing_token_is_temporary_and_tells_no_secret(
    failure_type: type[ClientAuthenticationError | ServiceRequestError],
) -> None:
    tokens = CredentialTokens(Credential(failure_type("AADSTS7000215: secret hunter2 is wrong")))

    with pytest.raises(TemporaryFailure) as failure:
        tokens.bearer(SCOPE)

    assert str(failure.value) == f"no access token: {failure_type.__name__} AADSTS7000215"
    assert failure.value.__suppress_context__
    assert failure.value.__cause__ is None
