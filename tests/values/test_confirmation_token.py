"""Tokens: nothing but what we signed, for the purpose we signed it for, is one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import TimestampSigner

from shared.values.confirmation_token import Purpose, Token, TokenInvalid, Tokens, lasting_key
from tests.examples import NOON, PEPPER, TOKEN_KEYS, registration
from tests.examples import key_of as key

NEWEST, OLDER = TOKEN_KEYS
TOKENS = Tokens(TOKEN_KEYS)
TOKEN = Token(key=key(registration()), form="newsletter", locale="pt-BR", issued_at=NOON)
TEXT = TOKENS.issue(Purpose.CONFIRM, TOKEN)


def refused(text: str, tokens: Tokens = TOKENS, purpose: Purpose = Purpose.CONFIRM) -> bool:
    try:
        tokens.read(purpose, text)
    except TokenInvalid as invalid:
        # Neither the message nor the cause tells what was wrong.
        return str(invalid) == "" and invalid.__cause__ is None
    return False


@pytest.mark.parametrize("purpose", list(Purpose))
def test_what_is_issued_is_read(purpose: Purpose) -> None:
    assert TOKENS.read(purpose, TOKENS.issue(purpose, TOKEN)) == TOKEN


def test_it_stands_in_a_link_as_it_is() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.-]{100,160}[A-Za-z0-9]", TEXT)


def test_many_tokens_stand_in_a_link_as_they_are() -> None:
    for number in range(200):
        token = Token(
            key=key(registration(number=number)),
            form="newsletter",
            locale="de",
            issued_at=NOON + timedelta(seconds=number),
        )
        text = TOKENS.issue(Purpose.DECLINE, token)
        assert re.fullmatch(r"[A-Za-z0-9_.-]+[A-Za-z0-9]", text)
        assert TOKENS.read(Purpose.DECLINE, text) == token


def test_it_names_no_person() -> None:
    assert "anna" not in TEXT
    same_mailbox = Token(
        key=key(registration("Anna+x@example.com")), form="f", locale="de", issued_at=NOON
    )
    assert same_mailbox.key.mailbox_key == TOKEN.key.mailbox_key


def test_the_moment_is_kept_to_the_second() -> None:
    token = Token(
        key=TOKEN.key,
        form="f",
        locale="de",
        issued_at=datetime(2026, 11, 22, 12, 0, 0, 999_999, tzinfo=UTC),
    )
    read = TOKENS.read(Purpose.CONFIRM, TOKENS.issue(Purpose.CONFIRM, token))
    assert read.issued_at == NOON


@pytest.mark.parametrize("length", range(len(TEXT)))
def test_a_truncated_token(length: int) -> None:
    assert refused(TEXT[:length])


@pytest.mark.parametrize("place", range(len(TEXT)))
def test_a_token_with_one_letter_altered(place: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="
    altered = [
        TEXT[:place] + letter + TEXT[place + 1 :] for letter in alphabet if letter != TEXT[place]
    ]
    assert all(refused(text) for text in altered)


@pytest.mark.parametrize("place", range(len(TEXT)))
def test_a_token_with_one_letter_missing_or_doubled(place: int) -> None:
    assert refused(TEXT[:place] + TEXT[place + 1 :])
    assert refused(TEXT[:place] + TEXT[place] + TEXT[place:])


def test_parts_of_two_tokens_make_none() -> None:
    later = Token(
        key=TOKEN.key, form="newsletter", locale="pt-BR", issued_at=NOON + timedelta(days=1)
    )
    other = TOKENS.issue(Purpose.CONFIRM, later)
    payload, moment, signature = TEXT.split(".")
    _, other_moment, other_signature = other.split(".")
    assert moment != other_moment
    assert refused(f"{payload}.{other_moment}.{signature}")
    assert refused(f"{payload}.{moment}.{other_signature}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "...",
        "x",
        "null",
        f" {TEXT}",
        f"{TEXT} ",
        f"{TEXT}\n",
        f"{TEXT}=",
        f"{TEXT}.",
        f"{TEXT}\x00",
        TEXT.upper(),
        TEXT.replace(".", ":"),
        "🙂" * 40,
        "ä",
        "\ud800",
        "A" * 100_000,
        "." * 1000,
        "%00",
        "../../etc/passwd",
        "' or 1=1 --",
    ],
)
def test_what_never_was_a_token(text: str) -> None:
    assert refused(text)


def test_a_token_serves_its_purpose_only() -> None:
    assert refused(TEXT, purpose=Purpose.DECLINE)
    assert refused(TOKENS.issue(Purpose.DECLINE, TOKEN), purpose=Purpose.CONFIRM)


def test_new_tokens_are_signed_with_the_newest_key() -> None:
    assert Tokens([NEWEST]).read(Purpose.CONFIRM, TEXT) == TOKEN
    assert refused(TEXT, Tokens([OLDER]))


def test_links_that_are_out_outlive_a_new_key() -> None:
    rotated = Tokens(["a-third-token-key-of-32-bytes-or-more", *TOKEN_KEYS])
    assert rotated.read(Purpose.CONFIRM, TEXT) == TOKEN
    assert rotated.read(Purpose.CONFIRM, Tokens([OLDER]).issue(Purpose.CONFIRM, TOKEN)) == TOKEN


def test_links_die_with_the_removal_of_their_key() -> None:
    assert refused(Tokens([OLDER]).issue(Purpose.CONFIRM, TOKEN), Tokens([NEWEST]))


def test_links_to_withdraw_outlive_every_key() -> None:
    text = Tokens(TOKEN_KEYS, lasting_key(PEPPER)).issue(Purpose.WITHDRAW, TOKEN)
    others = Tokens(["a-third-token-key-of-32-bytes-or-more"], lasting_key(PEPPER))
    assert others.read(Purpose.WITHDRAW, text) == TOKEN
    assert refused(text, Tokens(TOKEN_KEYS, lasting_key("another" + PEPPER)), Purpose.WITHDRAW)
    assert refused(text, Tokens(TOKEN_KEYS), Purpose.WITHDRAW)


def test_the_lasting_key_signs_nothing_else() -> None:
    tokens = Tokens(TOKEN_KEYS, lasting_key(PEPPER))
    for purpose in (Purpose.CONFIRM, Purpose.DECLINE):
        assert TOKENS.read(purpose, tokens.issue(purpose, TOKEN)) == TOKEN
        assert refused(tokens.issue(Purpose.WITHDRAW, TOKEN), tokens, purpose)


def test_the_signature_is_the_keyed_one_of_this_project() -> None:
    """Another program with the same key and library does not make our tokens by accident."""
    payload = TEXT.split(".")[0]
    assert refused(TimestampSigner(NEWEST).sign(payload).decode())
    assert refused(TimestampSigner(NEWEST, salt="double-opt-in.confirm").sign(payload).decode())


@pytest.mark.parametrize(
    ("later", "expired"),
    [
        (timedelta(0), False),
        (timedelta(days=3), False),  # the last moment
        (timedelta(days=3, microseconds=1), True),
        (timedelta(days=-1), False),  # clocks differ
    ],
)
def test_a_link_lives_as_long_as_its_form_says(later: timedelta, expired: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert TOKEN.expired(timedelta(days=3), NOON + later) is expired


def test_an_old_token_is_still_read() -> None:
    """Its page offers a fresh mail, so its age is not the reader's concern."""
    long_ago = Token(
        key=TOKEN.key, form="f", locale="de", issued_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    text = TOKENS.issue(Purpose.CONFIRM, long_ago)
    assert TOKENS.read(Purpose.CONFIRM, text).issued_at == long_ago.issued_at
