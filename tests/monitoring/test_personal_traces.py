"""The search for persons in logs finds them."""

import base64
import json
from html import escape
from urllib.parse import quote, urlencode

import pytest

from tests.personal_traces import found_in

EMAIL, NAME = "erika.mustermann+news@example.com", "Łucja O'Neil & Söhne"
PHONE = "+49301234567"


@pytest.mark.parametrize("secret", [EMAIL, NAME, PHONE])
@pytest.mark.parametrize(
    "written",
    [
        lambda secret: secret,
        lambda secret: secret.upper(),
        lambda secret: f"GET /api/confirm?email={quote(secret, safe='')}&x=1",
        lambda secret: urlencode({"a": "b", "email": secret, "c": "d"}),
        lambda secret: json.dumps({"email": secret}),
        lambda secret: json.dumps({"email": secret}, ensure_ascii=False),
        lambda secret: f"<p>{escape(secret)}</p>",
        lambda secret: str(secret.encode()),
        lambda secret: secret.encode().hex(" ").replace(" ", ""),
    ],
)
def test_a_planted_line_is_found(secret: str, written: object) -> None:
    assert callable(written)
    line = f"2026-11-22 12:00:00 INFO host: {written(secret)} and more"
    assert found_in(["nothing here", line], [secret])[0][2] == line


@pytest.mark.parametrize("before", ["", "a", "ab", '{"email":"', '{"fields":{"email":"'])
@pytest.mark.parametrize("after", ["", '"}', "…"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("secret", [EMAIL, NAME, PHONE])
def test_it_is_found_in_base64_wherever_it_begins(
    secret: str, before: str, after: str, encode: object
) -> None:
    assert callable(encode)
    line = f"message {encode(f'{before}{secret}{after}'.encode()).decode()} handled"
    assert found_in([line], [secret])


def test_a_line_without_a_person_is_not_found() -> None:
    lines = ['{"event":"mailed","registration":"4f0c","form":"newsletter"}', "", "bXVzdGVybWFu"]
    assert found_in(lines, [EMAIL, NAME, PHONE]) == []
