"""LinkedIn's permission to act for a member: two tokens with their ends.

https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens
"""

from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, Field

from shared.values.base import Value

# An access token is renewed when this much of its life (60 days) is over, so that a failure of
# LinkedIn's token service has days to pass.
_RENEW_AFTER: Final = 0.9
# A refresh token lives for a year, whatever it is used for; then a person has to sign in again.
WARN_BEFORE: Final = timedelta(days=30)
# LinkedIn calls fresh tokens revoked for some seconds:
# https://github.com/singer-io/tap-linkedin-ads/pull/47
SETTLING: Final = timedelta(seconds=30)


class Authorization(Value):
    """`refresh_token` is None for applications that LinkedIn gives none.

    The tokens are plain text, since this is what is stored: keep it out of logs.
    """

    access_token: str = Field(repr=False)
    issued_at: AwareDatetime
    access_ends_at: AwareDatetime
    refresh_token: str | None = Field(default=None, repr=False)
    refresh_ends_at: AwareDatetime | None = None
    scopes: tuple[str, ...] = ()

    def is_ended(self, now: datetime) -> bool:
        """Whether the access token is dead for certain."""
        return now >= self.access_ends_at

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to renew the access token."""
        return now >= self.issued_at + (self.access_ends_at - self.issued_at) * _RENEW_AFTER

    def is_settling(self, now: datetime) -> bool:
        """Whether the access token is so fresh that LinkedIn may not know it everywhere."""
        return now < self.issued_at + SETTLING

    def must_sign_in_by(self) -> datetime:
        """When the application stops working unless a person signs in again."""
        return self.refresh_ends_at or self.access_ends_at

    def warns(self, now: datetime) -> bool:
        """Whether somebody should be told that this moment is near, or past."""
        return now >= self.must_sign_in_by() - WARN_BEFORE
