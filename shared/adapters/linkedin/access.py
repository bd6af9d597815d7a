"""The access token that calls go out with, renewed in time, once for all instances."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.adapters.linkedin.oauth import LinkedInOAuth
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.linkedin.failures import SignInNeeded
from shared.linkedin.ports import LinkedInTokens
from shared.linkedin.sign_in import Standing
from shared.ports import Deadline, Versioned
from shared.values.linkedin.authorization import Authorization

# A refusal needs a person; asking at every call would only be slow.
_ASK_AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class _Refusal:
    """LinkedIn does not renew this authorization."""

    authorization: Authorization
    at: datetime
    reason: str


class LinkedInAccess:
    """One for the process; every method may be called by any thread."""

    def __init__(
        self, oauth: LinkedInOAuth, tokens: LinkedInTokens, now: Callable[[], datetime]
    ) -> None:
        self._oauth = oauth
        self._tokens = tokens
        self._now = now
        self._lock = threading.Lock()
        self._known: Authorization | None = None
        self._refusal: _Refusal | None = None

    def current(self, deadline: Deadline) -> Authorization:
        """A token that is alive, as far as its end tells.

        Renewed early; while that fails, the old one does as long as it lives. Raises
        TemporaryFailure, and PermanentFailure such as SignInNeeded when nobody has signed in or the
        authorization is over.
        """
        with self._lock:
            return self._current(deadline)

    def standing(self, deadline: Deadline) -> Standing:
        """The same, and why LinkedIn does not renew it, if it does not."""
        with self._lock:
            authorization = self._current(deadline)
            refusal = self._refusal_of(authorization)
            return Standing(
                authorization=authorization, refused=refusal.reason if refusal else None
            )

    def renewed(self, refused: Authorization, deadline: Deadline) -> Authorization:
        """Another token than the one that LinkedIn refused: somebody else's newer one, or a new.

        Raises TemporaryFailure, and SignInNeeded.
        """
        with self._lock:
            stored = self._stored()
            if stored.value.access_token == refused.access_token:
                stored = self._refreshed(stored, deadline)
            self._known = stored.value
            return stored.value

    def _current(self, deadline: Deadline) -> Authorization:
        known = self._known
        if known is None or known.is_due(self._now()):
            known = self._from_store(deadline)
        self._known = known
        return known

    def _from_store(self, deadline: Deadline) -> Authorization:
        stored = self._stored()
        now = self._now()
        if not stored.value.is_due(now):
            return stored.value
        if stored.value.refresh_token is None and not stored.value.is_ended(now):
            return stored.value
        refusal = self._refusal_of(stored.value)
        if refusal and now - refusal.at < _ASK_AGAIN_AFTER and not stored.value.is_ended(now):
            return stored.value
        try:
            return self._refreshed(stored, deadline).value
        except (TemporaryFailure, PermanentFailure) as failure:
            if stored.value.is_ended(now):
                raise
            if isinstance(failure, PermanentFailure):
                self._refusal = _Refusal(authorization=stored.value, at=now, reason=str(failure))
            return stored.value

    def _refusal_of(self, authorization: Authorization) -> _Refusal | None:
        refusal = self._refusal
        return refusal if refusal and refusal.authorization == authorization else None

    def _stored(self) -> Versioned[Authorization]:
        stored = self._tokens.load()
        if stored is None:
            raise SignInNeeded("nobody has signed in at LinkedIn: `doi linkedin authorize`")
        return stored

    def _refreshed(
        self, stored: Versioned[Authorization], deadline: Deadline
    ) -> Versioned[Authorization]:
        fresh = self._oauth.refresh(stored.value, deadline)
        try:
            return self._tokens.save(stored.moved_to(fresh))
        except Changed:
            # Another instance was faster, or a person has signed in: theirs stays. It may carry
            # a refresh token that lives longer than ours.
            return self._stored()
