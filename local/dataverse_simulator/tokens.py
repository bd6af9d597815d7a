"""Bearer tokens: issued by the managed identity endpoint, checked by the Web API.

The endpoint is App Service's (https://learn.microsoft.com/azure/app-service/overview-managed-
identity, "REST endpoint reference"). Its tokens state audience, expiry and application (`appid`, as
Entra ID's do) in readable form, so that a token for another resource is refused even after a
restart. Signatures of Entra ID cannot be checked here: any other well-formed token passes, and is
taken for the administrator's.
"""

import base64
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from local.dataverse_simulator.seed import ADMINISTRATOR

LIFETIME = timedelta(hours=24)
ISSUER = "dataverse-simulator"
BEARER = re.compile(r"Bearer ([A-Za-z0-9\-._~+/]+=*)", re.IGNORECASE)
JWT_PARTS = 3  # header, claims, signature
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


class TokenRefused(Exception):
    """The message says why, in the words of a `WWW-Authenticate` header."""


def issue_token(resource: str, application_id: str, now: datetime) -> dict[str, str]:
    """The endpoint's answer; `expires_on` is in seconds since 1970, as text."""
    expires_on = int((now + LIFETIME).timestamp())
    claims = {"aud": resource, "exp": expires_on, "iss": ISSUER, "appid": application_id}
    header = {"typ": "JWT", "alg": "none"}
    token = f"{_encoded(header)}.{_encoded(claims)}.simulated"
    return {
        "access_token": token,
        "client_id": application_id,
        "expires_on": str(expires_on),
        "resource": resource,
        "token_type": "Bearer",
    }


def check_bearer(authorization: str, origin: str, now: datetime) -> str:
    """The id of the application that calls. `origin` is the Web API's. Raise TokenRefused."""
    match = BEARER.fullmatch(authorization)
    if match is None:
        raise TokenRefused("")
    claims = _claims(match[1])
    if claims.get("iss") != ISSUER:
        return ADMINISTRATOR.application_id
    expires = claims.get("exp")
    if not isinstance(expires, int) or expires <= now.timestamp():
        raise TokenRefused("error=invalid_token, error_description=The token is expired, ")
    if _place(str(claims.get("aud"))) != _place(origin):
        raise TokenRefused("error=invalid_token, error_description=The audience is invalid, ")
    return str(claims.get("appid", ""))


def _place(url: str) -> tuple[str, str]:
    """Scheme and host; the names of this machine are one host."""
    parts = urlsplit(url)
    name, colon, port = parts.netloc.rpartition(":")
    if not colon:
        name, port = parts.netloc, ""
    return parts.scheme, f"{'localhost' if name in LOOPBACK else name}:{port}"


def _encoded(part: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _claims(token: str) -> dict[str, object]:
    parts = token.split(".")
    if len(parts) != JWT_PARTS:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
