"""What an access token of Microsoft Entra says about who asks.

https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference

Not verified: it is our own, and whoever it is shown to verifies it. Nothing but the doctor's
explanations depends on it.
"""

import base64
import json
from typing import Any

_PARTS = 3  # header, claims, signature


def claims_in(bearer: str) -> dict[str, Any]:
    """The claims of "Bearer <token>"; empty where the token is none that can be read."""
    parts = bearer.removeprefix("Bearer ").split(".")
    if len(parts) != _PARTS:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def roles_in(bearer: str) -> frozenset[str] | None:
    """Its application permissions; None where the token cannot be read."""
    claims = claims_in(bearer)
    roles = claims.get("roles", [])
    if not claims or not isinstance(roles, list):
        return None
    return frozenset(role for role in roles if isinstance(role, str))
