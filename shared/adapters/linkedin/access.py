"""The access token that calls go out with, renewed in time, once for all instances."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from shared import events
from shared.adapters.linkedin.oauth import LinkedInOAuth
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.linkedin.failures import SignInNeeded
from shared.linkedin.ports import LinkedInTokens
from shared.ports import Deadline, Versioned
from shared.values.event_catalogue import Event
from shared.values.linkedin.authorization import Authorization

# A refusal needs a person; asking at every call would only be slow.
_ASK_AGAIN_AFTER = timedelta(hours=1)


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
        self._refused_at: datetime | None = None

    def current(self, deadline: Deadline) -> Authorization:
        """A token that is alive, as far as its end tells.

        Renewed early; while that fails, the old one does as long as it lives, and somebody is told
        of what does not pass by itself. Raises TemporaryFailure, and PermanentFailure such as
        SignInNeeded when nobody has signed in or the authorization is over.
        """
        with self._lock:
            known = self._known
            if known is None or known.is_due(self._now()):
                known = self._from_store(deadline)
            self._known = known
            return known

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

    def _from_store(self, deadline: Deadline) -> Authorization:
        stored = self._stored()
        now = self._now()
        if not stored.value.is_due(now):
            return stored.value
        if stored.value.refresh_token is None and not stored.value.is_ended(now):
            return stored.value
        if self._is_refused(now) and not stored.value.is_ended(now):
            return stored.value
        try:
            return self._refreshed(stored, deadline).value
        except (TemporaryFailure, PermanentFailure) as failure:
            if stored.value.is_ended(now):
                raise
            if isinstance(failure, PermanentFailure):
                self._refused_at = now
                _tell_refused(stored.value, failure)
            return stored.value

    def _is_refused(self, now: datetime) -> bool:
        return self._refused_at is not None and now - self._refused_at < _ASK_AGAIN_AFTER

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
            saved = self._tokens.save(stored.moved_to(fresh))
        except Changed:
            # Another instance was faster, or a person has signed in: theirs stays. It may carry
            # a refresh token that lives longer than ours.
            return self._stored()
        end = fresh.must_sign_in_by()
        if fresh.warns(self._now()):
            events.warn(Event.LINKEDIN_SIGN_IN_DUE, by=end.date().isoformat())
        return saved


def _tell_refused(dying: Authorization, failure: PermanentFailure) -> None:
    by = dying.access_ends_at.date().isoformat()
    reason = f"the access token cannot be renewed: {failure}"
    events.alarm(Event.LINKEDIN_SIGN_IN_DUE, by=by, reason=reason)
