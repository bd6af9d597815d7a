"""Which step mends a call that LinkedIn refused."""

from dataclasses import dataclass

from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin.failures import (
    ClientRefused,
    NotLinkedIn,
    NotPermitted,
    SignInNeeded,
    Throttled,
    VersionSunset,
)
from shared.values.check import Check, missing, unknown

SECONDS = 120.0  # for all that one check asks of LinkedIn
_SIGN_IN = "doi linkedin authorize"


@dataclass(frozen=True, kw_only=True)
class Failed:
    """What LinkedIn said, and the step to take."""

    found: str
    mend: str
    is_temporary: bool = False


def failed(name: str, failed: Failed) -> Check:
    """What cannot be asked for now is unknown; what was refused is missing."""
    tell = unknown if failed.is_temporary else missing
    return tell(name, failed.found, failed.mend)


def failed_call(failure: TemporaryFailure | PermanentFailure, scopes: tuple[str, ...]) -> Failed:
    """`scopes`: what the token may do, as far as it is known."""
    match failure:
        case Throttled():
            mend = "wait for midnight UTC; the developer portal, Analytics, shows the quota"
        case TemporaryFailure():
            mend = "try again later"
        case SignInNeeded():
            mend = _SIGN_IN
        case ClientRefused():
            mend = (
                "copy client id and secret anew into LINKEDIN_CLIENT_ID and LINKEDIN_CLIENT_SECRET:"
                " developer portal, your app, Auth"
            )
        case VersionSunset():
            mend = (
                "set LINKEDIN_VERSION to a newer one:"
                " learn.microsoft.com/linkedin/marketing/versioning"
            )
        case NotPermitted():
            mend = _permission(failure, scopes)
        case NotLinkedIn():
            mend = "check LINKEDIN_API_URL and LINKEDIN_OAUTH_URL"
        case _:
            mend = "check the owner's URN in LINKEDIN_OWNERS"
    found = failure.answer if isinstance(failure, NotPermitted) else str(failure)
    return Failed(found=found, mend=mend, is_temporary=isinstance(failure, TemporaryFailure))


def _permission(failure: NotPermitted, scopes: tuple[str, ...]) -> str:
    """LinkedIn does not say whether permission or role is missing: the token's scopes do."""
    call = failure.call
    permission = (
        f"a permission is missing: {_SIGN_IN} with --scope {call.scopes[0]} (and those you have);"
        " the app needs the product in the developer portal"
    )
    role = (
        f"a role is missing, of the member who signed in: {call.roles}. Campaign Manager, Account"
        " settings, Manage access; for the page: Admin tools, Manage admins"
    )
    if not scopes:
        return f"{permission}; or {role}"
    return role if set(call.scopes) & set(scopes) else permission
