"""Whose token it is, as far as it says so."""

import base64
import json

import pytest

from shared.adapters.access_token_claims import identity_of


def bearer(claims: object) -> str:
    text = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"Bearer e30.{text}.signature"


@pytest.mark.parametrize(
    ("claims", "application", "is_person"),
    [
        ({"appid": "1234", "idtyp": "app"}, "1234", False),
        ({"azp": "1234"}, "1234", False),
        ({"appid": "cli", "upn": "ada@contoso.example", "scp": "user_impersonation"}, "cli", True),
        ({}, None, False),
        ([], None, False),
    ],
)
def test_an_application_or_a_person(
    claims: object, application: str | None, *, is_person: bool
) -> None:
    identity = identity_of(bearer(claims), "azure-cli")
    assert (identity.application_id, identity.is_person) == (application, is_person)
    assert "contoso" not in repr(identity)


@pytest.mark.parametrize("text", ["Bearer opaque", "", "Bearer a.!.c", "Bearer a.e", "a.YQ.c"])
def test_a_token_that_cannot_be_read_names_nobody(text: str) -> None:
    assert identity_of(text, "azure-cli").application_id is None
