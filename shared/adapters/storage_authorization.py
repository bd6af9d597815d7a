"""How a request to storage says who asks: by the app's identity, or locally with Azurite's key."""

from __future__ import annotations

import base64
import hmac
import time
from email.utils import formatdate
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Protocol

from shared.adapters.storage_access import StorageRefused, TokenRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from azure.core.credentials import AccessToken, TokenCredential

CONTENT_TYPE: Final = "application/xml"
# Long supported, by Azurite as well.
VERSION: Final = "2024-11-04"
_SCOPE: Final = "https://storage.azure.com/.default"
_RENEWED_BEFORE: Final = 300  # seconds; as the SDK's own policy does


class Authorization(Protocol):
    """Who asks."""

    def headers(
        self, method: str, path: str, query: Sequence[tuple[str, str]], body: bytes
    ) -> Mapping[str, str]:
        """What lets this request in; `query` not yet quoted. Raises StorageRefused."""

    def is_renewed(self) -> bool:
        """After a 401: whether the next headers may be others."""


class ByToken:
    """A bearer token of the app's identity, kept until shortly before it ends."""

    def __init__(self, credential: TokenCredential) -> None:
        self._credential = credential
        self._token: AccessToken | None = None

    def headers(
        self,
        method: str,  # noqa: ARG002 - the same for every request
        path: str,  # noqa: ARG002 - likewise
        query: Sequence[tuple[str, str]],  # noqa: ARG002 - likewise
        body: bytes,  # noqa: ARG002 - likewise
    ) -> Mapping[str, str]:
        """See Authorization."""
        return {"Authorization": f"Bearer {self._current().token}", "x-ms-date": _now()}

    def is_renewed(self) -> bool:
        """See Authorization."""
        self._token = None
        return True

    def _current(self) -> AccessToken:
        # Several first visitors may ask at once, each for the same: nobody waits for another's try.
        token = self._token
        left = token.expires_on - time.time() if token else 0
        if token and left >= _RENEWED_BEFORE:
            return token
        try:
            new = self._token = self._new_token()
        except StorageRefused:
            if token and left > 0:  # whoever gives out tokens may be back before it ends
                return token
            raise
        return new

    def _new_token(self) -> AccessToken:
        try:
            return self._credential.get_token(_SCOPE)
        except StorageRefused:
            raise
        except Exception as error:
            # Whoever made another credential has loaded this; for an instance's own nobody has to.
            from azure.core.exceptions import AzureError  # noqa: PLC0415 - see the line above

            from shared.adapters.access_token import why_no_token  # noqa: PLC0415 - likewise

            if not isinstance(error, AzureError):
                raise
            raise TokenRefused(why_no_token(error)) from None


class BySharedKey:
    """A signature with the account's key.

    https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
    """

    def __init__(self, account: str, key: str) -> None:
        """`key` is base64. Raises ValueError for one that is not."""
        self._account = account
        self._key = base64.b64decode(key)

    def is_renewed(self) -> bool:
        """See Authorization."""
        return False

    def headers(
        self, method: str, path: str, query: Sequence[tuple[str, str]], body: bytes
    ) -> Mapping[str, str]:
        """See Authorization."""
        now = _now()
        length, content_type = (str(len(body)), CONTENT_TYPE) if body else ("", "")
        resource = (
            f"/{self._account}{path}",
            *(f"{name}:{value}" for name, value in sorted(query)),
        )
        # Method, eleven headers of which we send two, our own headers, what is asked for.
        signed = (method, "", "", length, "", content_type, "", "", "", "", "", "")
        text = "\n".join((*signed, f"x-ms-date:{now}", f"x-ms-version:{VERSION}", *resource))
        signature = base64.b64encode(hmac.digest(self._key, text.encode(), sha256)).decode()
        return {"Authorization": f"SharedKey {self._account}:{signature}", "x-ms-date": now}


def _now() -> str:
    return formatdate(usegmt=True)
