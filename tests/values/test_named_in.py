"""Whether a text names an address, as a whole and in whatever writing."""

import json

import pytest

from shared.values.named_in import is_named_in

ANNA = "anna@example.com"


@pytest.mark.parametrize(
    "text",
    [
        ANNA,
        "ANNA@Example.COM",
        f"To: Anna <{ANNA}>",
        f"'{ANNA}'",
        f"it was {ANNA}.",
        f"{ANNA}, and others",
        f'{{"broken": "{ANNA}',
        json.dumps({"a": [{"b": ANNA}]}),
        json.dumps({ANNA: None}),
        json.dumps({"a": ANNA}).replace("@", "\\u0040"),
        json.dumps({"a": json.dumps({"b": ANNA})}),
    ],
)
def test_it_is_named(text: str) -> None:
    assert is_named_in(text.encode(), [ANNA])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "joanna@example.com",
        "x.anna@example.com",
        "x+anna@example.com",
        "anna@example.com.au",
        "anna@example.community",
        "anna@example.com-pany.de",
        "anna@sub.example.com",
        "anna+x@example.com",
        "[" * 5000,
    ],
)
def test_somebody_else_is_named_or_nobody(text: str) -> None:
    assert not is_named_in(text.encode(), [ANNA])


def test_bytes_that_are_no_text() -> None:
    assert not is_named_in(b"\xff\xfe\x00", [ANNA])
    assert is_named_in(b"\xff " + ANNA.encode() + b" \xff", [ANNA])


def test_a_domain_in_either_writing() -> None:
    names = ["anna@bücher.example", "anna@xn--bcher-kva.example"]
    for name in names:
        assert is_named_in(name.encode(), names)
    assert not is_named_in(b"anna@bucher.example", names)
