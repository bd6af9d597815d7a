"""Keys under the pepper: what belongs to one mailbox, and what never does."""

import re
from uuid import RFC_4122, UUID

import pytest

from shared.values.keyed_digest import keyed_digest, keyed_uuid, random_uuid
from shared.values.mailbox import canonical, folded, mailbox_key
from tests.examples import PEPPER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna@example.com", "ANNA@Example.COM"),
        ("anna@example.com", "anna+news@example.com"),
        ("anna@example.com", "Anna+a+b@example.com"),
        ("anna.lee@gmail.com", "annalee@gmail.com"),
        ("anna.lee@gmail.com", "a.n.n.a.l.e.e+x@googlemail.com"),
        ("ünal@example.com", "ÜNAL@example.com"),
        ("anna@bücher.example", "anna@BÜCHER.example"),
    ],
)
def test_what_lands_in_one_mailbox(one: str, other: str) -> None:
    assert mailbox_key(one, PEPPER) == mailbox_key(other, PEPPER)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna@example.com", "ben@example.com"),
        ("anna@example.com", "anna@example.org"),
        ("anna@example.com", "anna@mail.example.com"),
        ("anna.lee@example.com", "annalee@example.com"),  # dots count everywhere else
        ("anna.lee@mail.gmail.com", "annalee@mail.gmail.com"),
        ("anna@example.com", "ann@aexample.com"),
        ("anna-news@example.com", "anna@example.com"),
        ("ünal@example.com", "unal@example.com"),
        ("strasse@example.com", "straße@example.com"),
        ("anna@bücher.example", "anna@bucher.example"),
        ("+news@example.com", "+other@example.com"),  # the tag is all there is
        ("+news@example.com", "@example.com"),
        ("аnna@example.com", "anna@example.com"),  # noqa: RUF001 - a Cyrillic letter
    ],
)
def test_what_is_another_mailbox(one: str, other: str) -> None:
    assert mailbox_key(one, PEPPER) != mailbox_key(other, PEPPER)


def test_folding() -> None:
    assert folded("Anna.Lee+news@Example.com") == "anna.lee@example.com"
    assert folded("Anna.Lee+news@GoogleMail.com") == "annalee@gmail.com"


def test_the_key_tells_nothing_without_the_pepper() -> None:
    key = mailbox_key("anna@example.com", PEPPER)
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert key != mailbox_key("anna@example.com", PEPPER + "x")


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("Anna.Lee+News@Example.COM", "anna.lee+news@example.com"),
        ("ANNA@GMAIL.COM", "anna@gmail.com"),
        ("a.n.n.a@gmail.com", "a.n.n.a@gmail.com"),
        ("ÜNAL@example.com", "Ünal@example.com"),
        ("\u212aarl@example.com", "\u212aarl@example.com"),  # the Kelvin sign is no k
        ("İ@example.com", "İ@example.com"),
        ("straße@example.com", "straße@example.com"),
    ],
)
def test_an_identity_is_the_exact_address_but_for_ascii_case(typed: str, compared: str) -> None:
    assert canonical(typed) == compared


def test_the_digest_never_changes() -> None:
    """Records are found by it: a change would orphan all of them."""
    assert keyed_digest("pepper", "mailbox", "anna@example.com").hex() == (
        "07d8b7563625275b9440569f7e7237dd6dbd5eb43c2ccf9683d307dee413fd8b"
    )
    assert (
        keyed_uuid("pepper", "contact", "anna@example.com")
        == "d566ca38-25df-8423-b016-265810d25cf7"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a", "b"), ("b", "a")),
        (("ab", "c"), ("a", "bc")),
        (("a",), ("a", "")),
        (("a", ""), ("", "a")),
        (("1:a",), ("a",)),
        (("a1:b",), ("a", "b")),
    ],
)
def test_parts_are_kept_apart(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert keyed_digest(PEPPER, "x", *one) != keyed_digest(PEPPER, "x", *other)
    assert keyed_uuid(PEPPER, "x", *one) != keyed_uuid(PEPPER, "x", *other)


def test_each_purpose_has_its_own_ids() -> None:
    assert keyed_uuid(PEPPER, "contact", "a") != keyed_uuid(PEPPER, "consent", "a")
    assert keyed_digest(PEPPER, "mailbox", "a") != keyed_digest(PEPPER, "contact", "a")


def test_derived_ids_are_uuids_of_version_8() -> None:
    for number in range(100):
        derived = UUID(keyed_uuid(PEPPER, "contact", str(number)))
        assert (derived.version, derived.variant) == (8, RFC_4122)


def test_random_ids_differ() -> None:
    ids = {random_uuid() for _ in range(100)}
    assert len(ids) == 100
    assert {UUID(each).version for each in ids} == {4}
