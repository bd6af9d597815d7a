"""What has to be there before leads arrive, each with the step that mends it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from shared.doctor.linkedin_failure import SECONDS, failed, failed_call
from shared.doctor.linkedin_owner_checks import check_owners
from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin.calls import LEAD_SCOPE
from shared.linkedin.client import LinkedInClient, OutsideWithLinkedIn
from shared.ports import Deadline
from shared.rules import LinkedInRules
from shared.values.check import Check, missing, ok, warning
from shared.values.linkedin.api_versions import WARN_BEFORE, ends_on
from shared.values.linkedin.authorization import Authorization

_SIGN_IN = "doi linkedin authorize"
_WRITE_SCOPE = "rw_ads"
_READ_SCOPE = "r_ads"


def examine(outside: OutsideWithLinkedIn) -> Iterator[Check]:
    """Every check in turn, from the settings to the leads. Ends where going on tells nothing."""
    linkedin = outside.rules.linkedin
    if linkedin is None:
        yield missing(
            "settings",
            "LinkedIn is not configured",
            "set LINKEDIN_CLIENT_ID and LINKEDIN_CLIENT_SECRET: developer portal, your app, Auth",
        )
        return
    yield ok("settings", "client id and secret are there")
    yield _webhook(outside)
    yield _version(linkedin, outside)
    try:
        token = outside.linkedin.access.current(Deadline(SECONDS))
    except (TemporaryFailure, PermanentFailure) as failure:
        yield failed("token", failed_call(failure, ()))
        return
    yield _token(token, outside)
    scopes, introspected = _scopes(token, outside.linkedin)
    if introspected is not None:
        yield introspected
    yield from _permissions(scopes)
    yield from check_owners(linkedin, scopes, outside)


def _webhook(outside: OutsideWithLinkedIn) -> Check:
    url = outside.rules.public_url
    if urlsplit(url).scheme == "https":
        return ok("webhook", f"{url}/api/linkedin/webhook")
    return warning(
        "webhook",
        f"{url} is not https, and LinkedIn notifies no other address",
        "set DOI_PUBLIC_URL to the app's https address; until then leads come by reconciliation",
    )


def _version(linkedin: LinkedInRules, outside: OutsideWithLinkedIn) -> Check:
    version, today = linkedin.api_version, outside.now().date()
    end = ends_on(version)
    mend = "set LINKEDIN_VERSION to a newer one: learn.microsoft.com/linkedin/marketing/versioning"
    if today >= end:
        return missing("version", f"{version} has been switched off on {end}", mend)
    if today >= end - WARN_BEFORE:
        return warning("version", f"{version} will be switched off on {end}", mend)
    return ok("version", f"{version}, until {end}")


def _token(token: Authorization, outside: OutsideWithLinkedIn) -> Check:
    """Without the end of the refresh token, LinkedIn did not tell it."""
    end = token.must_sign_in_by().date()
    if token.refresh_token is None:
        return warning(
            "token",
            f"there is no refresh token; the access token ends on {end}",
            f"{_SIGN_IN}, before that day; refresh tokens are for approved partner applications",
        )
    if token.refresh_ends_at is None:
        return ok("token", "there is a refresh token; LinkedIn does not say until when")
    if token.warns(outside.now()):
        return warning("token", f"the refresh token ends on {end}", _SIGN_IN)
    return ok("token", f"the refresh token lives until {end}")


def _scopes(token: Authorization, client: LinkedInClient) -> tuple[tuple[str, ...], Check | None]:
    """What the token may do, as LinkedIn says now; and what is wrong with asking."""
    try:
        known = client.sign_in.introspect(token.access_token, Deadline(SECONDS))
    except (TemporaryFailure, PermanentFailure) as failure:
        return token.scopes, failed("token at LinkedIn", failed_call(failure, ()))
    if not known.active:
        status = known.status or "not active"
        found = f"LinkedIn says that the access token is {status}"
        return known.scopes, missing("token at LinkedIn", found, _SIGN_IN)
    return known.scopes, None


def _permissions(scopes: tuple[str, ...]) -> Iterator[Check]:
    """Nothing where LinkedIn does not say what was given."""
    if not scopes:
        return
    wanted = " ".join(f"--scope {one}" for one in dict.fromkeys((*scopes, LEAD_SCOPE)))
    if LEAD_SCOPE in scopes:
        yield ok(LEAD_SCOPE, "given: leads, subscriptions, lead forms")
    else:
        yield missing(
            LEAD_SCOPE,
            "not given: no leads, no subscriptions",
            'developer portal, your app, Products: request "Lead Sync API" and wait for the'
            f" approval; then {_SIGN_IN} {wanted}",
        )
    yield _reading_forms(scopes, wanted)
    if _WRITE_SCOPE in scopes:
        yield ok(_WRITE_SCOPE, "given: lead forms can be created, changed, archived")
    else:
        yield warning(
            _WRITE_SCOPE,
            "not given: lead forms cannot be created, changed or archived from here",
            f"only if you want that: {_SIGN_IN} {wanted} --scope {_WRITE_SCOPE}",
        )


def _reading_forms(scopes: tuple[str, ...], wanted: str) -> Check:
    """Each of three permissions lets lead forms be read (Lead Sync, "Permissions")."""
    if _READ_SCOPE in scopes:
        return ok(_READ_SCOPE, "given: ad accounts and their lead forms can be read")
    if _WRITE_SCOPE in scopes:
        return ok(_READ_SCOPE, f"not given, and not needed: {_WRITE_SCOPE} includes it")
    if LEAD_SCOPE in scopes:
        return ok(
            _READ_SCOPE,
            f"not given, and not needed: lead forms are read with {LEAD_SCOPE}, for which the"
            " member needs a role on the company page as well",
        )
    return missing(
        _READ_SCOPE,
        "not given, nor anything else that lets lead forms be read",
        f"{_SIGN_IN} {wanted}; --scope {_READ_SCOPE} alone reads those of ad accounts",
    )
