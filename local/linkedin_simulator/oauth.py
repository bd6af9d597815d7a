"""`/oauth/v2`: authorization page, access tokens, introspection.

https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow,
https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens,
https://learn.microsoft.com/linkedin/shared/authentication/token-introspection.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from local.linkedin_simulator.stored import AccessToken, AuthorizationCode, Grant
from local.linkedin_simulator.world import World

CODE_LIFETIME = timedelta(minutes=30)
NO_MATCH = (
    "Unable to retrieve access token: appid/redirect uri/code verifier does not match "
    "authorization code. Or authorization code expired. Or external member binding exists"
)
DEAD_GRANT = "The provided authorization grant or refresh token is invalid, expired or revoked."


class OAuthError(Exception):
    """Refused; `body` is RFC 6749's, section 5.2."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"error": error, "error_description": description}


def exchange(world: World, form: Mapping[str, str]) -> dict[str, Any]:
    """An access token for a code or a refresh token. Raise OAuthError."""
    grant_type = _required(form, "grant_type")
    _require_client(world, form)
    match grant_type:
        case "authorization_code":
            number = _redeem(world, _required(form, "code"), _required(form, "redirect_uri"))
        case "refresh_token":
            number = _grant_of(world, _required(form, "refresh_token"))
        case _:
            raise OAuthError(400, "unsupported_grant_type", f"'{grant_type}' is not supported")
    return _issue(world, number)


def _required(form: Mapping[str, str], name: str) -> str:
    value = form.get(name, "")
    if not value:
        raise OAuthError(400, "invalid_request", f'A required parameter "{name}" is missing')
    return value


def _require_client(world: World, form: Mapping[str, str]) -> None:
    application = world.seed.application
    client_id, secret = _required(form, "client_id"), _required(form, "client_secret")
    right = hmac.compare_digest(secret.encode(), application.client_secret.encode())
    if client_id != application.client_id or not right:
        raise OAuthError(401, "invalid_client", "Client authentication failed")


def _redeem(world: World, code: str, redirect_uri: str) -> int:
    """A code works once, for 30 minutes, with the redirect URI that it was asked for with."""
    found = world.take_code(code)
    now = world.now()
    if (
        found is None
        or found.redirect_uri != redirect_uri
        or now >= found.issued_at + CODE_LIFETIME
    ):
        raise OAuthError(400, "invalid_request", NO_MATCH)
    number = world.next_id()
    refresh_token = new_secret() if world.settings.refresh_tokens else None
    grant = Grant(refresh_token=refresh_token, scopes=found.scopes, granted_at=now)
    world.put_grant(number, grant)
    return number


def _grant_of(world: World, refresh_token: str) -> int:
    for number, grant in world.grants.items():
        if grant.refresh_token == refresh_token and not grant.revoked:
            if world.now() >= refresh_end(world, grant):
                break
            return number
    raise OAuthError(400, "invalid_grant", DEAD_GRANT)


def refresh_end(world: World, grant: Grant) -> datetime:
    return grant.granted_at + timedelta(days=world.settings.refresh_token_days)


def _issue(world: World, number: int) -> dict[str, Any]:
    """The access token ends with its refresh token at the latest; refreshing extends nothing."""
    grant, now = world.grants[number], world.now()
    lifetime = timedelta(seconds=world.settings.access_token_seconds)
    if grant.refresh_token is not None:
        lifetime = min(lifetime, refresh_end(world, grant) - now)
    token = AccessToken(token=new_secret(), grant=number, issued_at=now, expires_at=now + lifetime)
    world.put_access_token(token)
    answer: dict[str, Any] = {
        "access_token": token.token,
        "expires_in": int(lifetime.total_seconds()),
        "scope": ",".join(grant.scopes),
        "token_type": "Bearer",
    }
    if grant.refresh_token is not None and world.settings.refresh_tokens:
        answer["refresh_token"] = grant.refresh_token
        remaining = refresh_end(world, grant) - now
        answer["refresh_token_expires_in"] = int(remaining.total_seconds())
    return answer


def new_secret() -> str:
    """As long as LinkedIn's, about 500 characters."""
    return f"AQ{secrets.token_urlsafe(360)}"


def introspect(world: World, form: Mapping[str, str]) -> dict[str, Any]:
    """Raise OAuthError. An unknown token is merely not active."""
    _require_client(world, form)
    given = _required(form, "token")
    token = world.access_tokens.get(given)
    if token is not None:
        number, expires_at = token.grant, token.expires_at
    else:
        try:
            number = _grant_of(world, given)
        except OAuthError:
            return {"active": False}
        expires_at = refresh_end(world, world.grants[number])
    grant = world.grants[number]
    status = "active" if world.now() < expires_at else "expired"
    if grant.revoked:
        status = "revoked"
    return {
        "active": status == "active",
        "status": status,
        "client_id": world.seed.application.client_id,
        "authorized_at": int(grant.granted_at.timestamp()),
        "created_at": int((token.issued_at if token else grant.granted_at).timestamp()),
        "expires_at": int(expires_at.timestamp()),
        "scope": ",".join(grant.scopes),
        "auth_type": "3L",
    }


def new_code(world: World, redirect_uri: str, scopes: tuple[str, ...]) -> str:
    code = AuthorizationCode(
        code=new_secret()[:120], redirect_uri=redirect_uri, scopes=scopes, issued_at=world.now()
    )
    world.put_code(code)
    return code.code
