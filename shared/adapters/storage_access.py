"""How to reach a storage account: with the app's identity, or locally with a connection string."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.core.exceptions import AzureError


@dataclass(frozen=True, kw_only=True)
class ByIdentity:
    """A service endpoint such as https://NAME.queue.core.windows.net and who we are."""

    url: str
    credential: "TokenCredential"


@dataclass(frozen=True, kw_only=True)
class ByConnectionString:
    """For Azurite; production has no keys."""

    connection_string: str


StorageAccess = ByIdentity | ByConnectionString

# Seconds. Storage in the same region answers within milliseconds; a caller is waiting.
CONNECT_TIMEOUT = 3
READ_TIMEOUT = 5
# More tries than this and the visitor would wait too long.
RETRIES = 1


def failure_code(error: "AzureError") -> str:
    """Status and code, or the error's class: the SDK's message can quote keys and rows."""
    code = getattr(error, "error_code", None) or type(error).__name__
    # Errors that are answers have one. Not asked for by their class: importing that is not cheap.
    if status := getattr(error, "status_code", None):
        return f"{status} {getattr(code, 'value', code)}"
    return str(code)


class StorageRefused(Exception):
    """Storage did not do it, or did not say so: the text is a status and a code, or a class."""

    def __init__(self, told: str, status: int | None = None) -> None:
        """`status` is None where nobody answered."""
        super().__init__(told)
        self.status = status


class TokenRefused(StorageRefused):
    """Nobody asked storage, for want of a token; the text says why, and holds no secret."""
