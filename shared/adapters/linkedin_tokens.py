"""LinkedIn's tokens, kept in table `leads` for all instances.

They begin with those in the settings. Whoever puts a new one there, or signs in with the command
line, replaces them; a token that LinkedIn renewed is kept beside the name of what it came from.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from pydantic import ValidationError

from shared.adapters.guarded_rows import GuardedRows
from shared.adapters.storage_access import StorageAccess
from shared.failures import Changed
from shared.ports import Versioned
from shared.values.linkedin.authorization import Authorization

TABLE = "leads"
_KEYS = {"PartitionKey": "linkedin", "RowKey": "authorization"}
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# An access token's life, counted from when the app first saw it: it does not tell by itself.
# https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens
_ACCESS_LIFE = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class TokenSettings:
    """The tokens in the settings; both are None where somebody signs in with the command line."""

    refresh_token: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str | None:
        """Tells settings apart without telling what they are."""
        token = self.refresh_token or self.access_token
        return sha256(token.encode()).hexdigest()[:16] if token else None


class StoredTokens:
    """Implements linkedin.ports.LinkedInTokens."""

    def __init__(
        self, access: StorageAccess, settings: TokenSettings, now: Callable[[], datetime]
    ) -> None:
        self._rows = GuardedRows(access, TABLE)
        self._settings = settings
        self._now = now

    def load(self) -> Versioned[Authorization] | None:
        """What was saved last, unless the settings have changed since; None when there is none."""
        found = self._rows.get(_KEYS["PartitionKey"], _KEYS["RowKey"])
        row, etag = found or ({}, None)
        if found and self._settings.name in (None, row.get("cameFrom")):
            try:
                value = Authorization.model_validate_json(str(row.get("authorization")))
            except ValidationError:
                pass  # of another version, or damaged: begin anew
            else:
                return Versioned(value=value, etag=etag)
        return self._begin(etag)

    def save(self, authorization: Versioned[Authorization]) -> Versioned[Authorization]:
        """Insert or replace. Raises Changed when somebody else has replaced it."""
        row = {
            **_KEYS,
            "authorization": authorization.value.model_dump_json(by_alias=True),
            "cameFrom": self._settings.name or "signed in",
        }
        return authorization.saved_as(self._rows.put(row, authorization.etag))

    def _begin(self, etag: str | None) -> Versioned[Authorization] | None:
        settings, now = self._settings, self._now()
        if settings.refresh_token:
            # Over already, so that it is renewed before its first use.
            value = Authorization(
                access_token=settings.access_token or "none yet",
                issued_at=_LONG_AGO,
                access_ends_at=_LONG_AGO,
                refresh_token=settings.refresh_token,
            )
            return Versioned(value=value, etag=etag)
        if not settings.access_token:
            return None
        value = Authorization(
            access_token=settings.access_token,
            issued_at=now,
            access_ends_at=now + _ACCESS_LIFE,
        )
        try:
            return self.save(Versioned(value=value, etag=etag))
        except Changed:
            return Versioned(value=value, etag=etag)  # another instance has noted the same
