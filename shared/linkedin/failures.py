"""How LinkedIn can fail, for who reacts to one of them in particular."""

from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin.calls import Call


class Unavailable(TemporaryFailure):
    """LinkedIn has a problem (5xx, 408). Try again soon."""


class OutOfTime(TemporaryFailure):
    """The caller's own time is over. It says nothing about LinkedIn."""


class Throttled(TemporaryFailure):
    """429: the day's quota of this resource is used up. `retry_after` is until midnight UTC."""


class TokenSettling(TemporaryFailure):
    """401/65601 for a token of a few seconds: not revoked, not known everywhere yet."""


class SignInNeeded(PermanentFailure):
    """No token works any more: a person has to sign in at LinkedIn again."""


class NotPermitted(PermanentFailure):
    """401 without token code, or 403. `call` has scopes and roles that are needed.

    `answer` is what LinkedIn said, without our advice.
    """

    def __init__(self, reason: str, call: Call, answer: str = "") -> None:
        super().__init__(reason)
        self.call = call
        self.answer = answer or reason


class Refused(PermanentFailure):
    """400: LinkedIn does not take the request; its own words are in the text."""


class NotFound(PermanentFailure):
    """404: there is no such form, lead or subscription (any more)."""


class Duplicate(PermanentFailure):
    """409: something that must be unique is there already."""


class VersionSunset(PermanentFailure):
    """426: the version of the API is gone, or was not sent."""


class NotLinkedIn(PermanentFailure):
    """An answer that the API does not give."""


class AnswerUnreadable(PermanentFailure):
    """LinkedIn answered with an object that we cannot read. Says where, quotes nothing."""


class ClientRefused(PermanentFailure):
    """The application's id or secret is wrong, or the redirect is not registered."""
