"""Whose token it is, as the token itself says; for an operator who wonders, and nothing else.

Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference. A token
is the resource's to read, so nothing here is relied upon; one that cannot be read names nobody.
"""

import base64
import binascii
import json
from typing import Any

from shared.values.dataverse.users import Identity

_PARTS = 3  # header, claims, signature
_OF_A_PERSON = ("scp", "upn", "unique_name")


def identity_of(bearer: str, credential: str) -> Identity:
    """`bearer` is an Authorization header's value. A person's name is not taken over."""
    claims = _claims(bearer.removeprefix("Bearer "))
    application = claims.get("appid") or claims.get("azp")
    return Identity(
        credential=credential,
        application_id=str(application) if application else None,
        is_person=any(name in claims for name in _OF_A_PERSON),
    )


def _claims(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != _PARTS:
        return {}
    padded = parts[1] + "=" * (-len(parts[1]) % 4)
    try:
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}
