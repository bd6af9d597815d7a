"""Whose token it is, as the token itself says; for an operator who wonders, and nothing else.

A token is the resource's to read, so nothing here is relied upon; one that cannot be read names
nobody.
"""

from shared.adapters.token_claims import claims_in
from shared.values.dataverse.users import Identity

_OF_A_PERSON = ("scp", "upn", "unique_name")


def identity_of(bearer: str, credential: str) -> Identity:
    """`bearer` is an Authorization header's value. A person's name is not taken over."""
    claims = claims_in(bearer)
    application = claims.get("appid") or claims.get("azp")
    return Identity(
        credential=credential,
        application_id=str(application) if application else None,
        is_person=any(name in claims for name in _OF_A_PERSON),
    )
