"""What a refusal of LinkedIn's token service means."""

from datetime import datetime

from shared.adapters.linkedin.exchange import HttpAnswer
from shared.adapters.linkedin.failure_of import said, until_midnight
from shared.adapters.retry_after import retry_after_seconds
from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin.failures import (
    ClientRefused,
    NotLinkedIn,
    SignInNeeded,
    Throttled,
    Unavailable,
)


def token_service_failure(answer: HttpAnswer, now: datetime) -> TemporaryFailure | PermanentFailure:
    """An answer that is no success. `now` is in UTC."""
    given = answer.json_object() or {}
    error, words = said(given.get("error")), said(given.get("error_description"))
    reason = f"LinkedIn, token service: {answer.status} {error} {words}".rstrip()
    wait = retry_after_seconds(answer.headers.get("retry-after"), now)
    if answer.status == 429:  # noqa: PLR2004 - HTTP's own
        return Throttled(reason, until_midnight(now) if wait is None else wait)
    if answer.status >= 500 or answer.status == 408:  # noqa: PLR2004 - HTTP's own
        return Unavailable(reason, wait)
    match error:
        case "invalid_grant":
            return SignInNeeded(f"{reason}: sign in again with `doi linkedin authorize`")
        case "":
            return no_token_service()
        case _:
            return ClientRefused(
                f"{reason}: check the application's id, secret, redirect URL and permissions"
            )


def no_token_service() -> NotLinkedIn:
    """Somebody else answered."""
    return NotLinkedIn("LinkedIn, token service: not an answer of it; check its address")
