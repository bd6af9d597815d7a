"""The handshake and the signature, by vectors computed from LinkedIn's description."""

import hashlib
import hmac
import subprocess
import sys

import pytest

from shared.values.linkedin.signature import (
    ChallengeRefused,
    SignatureMatch,
    answer_challenge,
    check_signature,
)
from tests.linkedin.documentation import compact, notification

SECRET = "test-client-secret"
BODY = compact(notification())
SIGNATURE = "7826c5a92a40914af6fd57cffdb5602346e33205df10a7a15def04967f59c767"
CODE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"


def signed(body: bytes) -> str:
    return hmac.new(SECRET.encode(), b"hmacsha256=" + body, hashlib.sha256).hexdigest()


def test_the_challenge_is_answered_as_linkedin_computes_it() -> None:
    assert answer_challenge(SECRET, CODE) == {
        "challengeCode": CODE,
        "challengeResponse": "05f7c3a9fc0fd9476f5fa3a0f318d460b83aba7b241196a57cc44868a392fc57",
    }


@pytest.mark.parametrize(
    "code",
    [
        "",
        f"hmacsha256={BODY.decode()}",
        f"{CODE}\n",
        f" {CODE}",
        CODE.replace("-", ""),
        "{" + CODE + "}",
        f"urn:uuid:{CODE}",
        CODE.replace("8", "٨", 1),
        CODE[:-1] + "g",
    ],
)
def test_nothing_but_a_uuid_is_signed(code: str) -> None:
    with pytest.raises(ChallengeRefused) as refusal:
        answer_challenge(SECRET, code)
    assert str(refusal.value) == ""


def test_the_body_of_the_vector_is_320_bytes() -> None:
    assert len(BODY) == 320


@pytest.mark.parametrize(
    ("header", "prefixed", "variant"),
    [
        (SIGNATURE, False, "canonical"),
        (SIGNATURE.upper(), False, "canonical"),
        (f" {SIGNATURE} ", False, "canonical"),
        (f"hmacsha256={SIGNATURE}", True, "header_prefixed"),
        (f"HMACSHA256={SIGNATURE.upper()}", True, "header_prefixed"),
    ],
)
def test_the_signature_holds(header: str, *, prefixed: bool, variant: str) -> None:
    match = check_signature(SECRET, BODY, header)
    assert match == SignatureMatch(
        body=BODY, header_prefixed=prefixed, format_characters_removed=False
    )
    assert match.variant == variant


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (BODY.replace(b"EVENT", b"EVENt"), SIGNATURE),
        (BODY[:-1], SIGNATURE),
        (BODY + b"\n", SIGNATURE),
        (b"", SIGNATURE),
        (b"\xff" + BODY, SIGNATURE),
        (BODY, SIGNATURE[:-1]),
        (BODY, SIGNATURE[:-1] + "8"),
        (BODY, ""),
        (BODY, None),
        (BODY, "hmacsha256="),
        (BODY, SIGNATURE.replace("7", "\u0667")),
        (BODY, f"hmacsha256=hmacsha256={SIGNATURE}"),
        (BODY, hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()),
    ],
)
def test_nothing_else_does(body: bytes, header: str | None) -> None:
    assert check_signature(SECRET, body, header) is None


def test_another_secret_does_not() -> None:
    assert check_signature("another", BODY, SIGNATURE) is None


def test_invisible_characters_that_were_not_signed_are_removed() -> None:
    received = BODY.replace(b"EVENT", "EV\u200bENT\ufeff".encode())
    match = check_signature(SECRET, received, SIGNATURE)
    assert match == SignatureMatch(body=BODY, header_prefixed=False, format_characters_removed=True)
    assert match.variant == "format_characters_removed"


def test_invisible_characters_that_were_signed_stay() -> None:
    received = BODY.replace(b"EVENT", "EV\u200bENT".encode())
    match = check_signature(SECRET, received, signed(received))
    assert match is not None
    assert match.body == received
    assert match.variant == "canonical"


def test_no_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        answer_challenge("", CODE)
    forged = hmac.new(b"", b"hmacsha256=" + BODY, hashlib.sha256).hexdigest()
    with pytest.raises(ValueError, match="empty"):
        check_signature("", BODY, forged)


def test_it_loads_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import shared.values.linkedin.signature;"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - sys.stdlib_module_names))"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['shared']"
