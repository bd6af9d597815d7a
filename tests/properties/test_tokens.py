"""Tokens: read as issued, and nothing else is one."""

import contextlib
from string import ascii_letters, digits

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shared.values.confirmation_token import Purpose, Token, TokenInvalid, Tokens
from shared.values.record import RecordKey
from tests.properties.strategies import moments, nasty_text

purposes = st.sampled_from(Purpose)
keys = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=32, max_size=48)
tokens = st.builds(
    Token,
    key=st.builds(
        RecordKey,
        mailbox_key=st.binary(min_size=32, max_size=32).map(bytes.hex),
        registration_id=st.uuids(version=4).map(str),
    ),
    form=st.from_regex(r"[a-z][a-z0-9-]{0,49}", fullmatch=True),
    locale=st.sampled_from(["de", "en", "pt-BR", "zh-Hant"]),
    issued_at=moments,
)
# Every place of a token, and what may be put there instead.
places = st.integers(min_value=0, max_value=400)
strangers = st.one_of(
    st.sampled_from("ABCDEFGHabcdefgh0123456789-_.=/+ \n\x00é"), st.characters(), st.just("")
)


def valid(signer: Tokens, purpose: Purpose, text: str) -> bool:
    try:
        signer.read(purpose, text)
    except TokenInvalid:
        return False
    return True


@given(tokens, purposes, keys)
def test_round_trip(token: Token, purpose: Purpose, key: str) -> None:
    signer = Tokens([key])
    assert signer.read(purpose, signer.issue(purpose, token)) == token


@given(tokens, purposes, keys, places, strangers)
def test_any_change_of_any_character_is_refused(
    token: Token, purpose: Purpose, key: str, place: int, stranger: str
) -> None:
    signer = Tokens([key])
    text = signer.issue(purpose, token)
    place %= len(text)
    assume(text[place] != stranger)
    assert not valid(signer, purpose, text[:place] + stranger + text[place + 1 :])
    if stranger:
        assert not valid(signer, purpose, text[:place] + stranger + text[place:])


@settings(max_examples=30)
@given(tokens, purposes, keys)
def test_the_last_character_of_each_part_has_no_spare_bits(
    token: Token, purpose: Purpose, key: str
) -> None:
    """Base64 decodes several last letters to the same bytes; only one of them is ours."""
    signer = Tokens([key])
    text = signer.issue(purpose, token)
    ends = [place for place, letter in enumerate(f"{text}."[1:]) if letter == "."]
    assert len(ends) == 3
    for end in ends:
        for letter in set(f"{ascii_letters}{digits}-_") - {text[end]}:
            assert not valid(signer, purpose, text[:end] + letter + text[end + 1 :])


@given(tokens, st.permutations(list(Purpose)), keys)
def test_one_purpose_serves_no_other(token: Token, order: list[Purpose], key: str) -> None:
    one, other = order[:2]
    signer = Tokens([key])
    assert not valid(signer, other, signer.issue(one, token))


@given(tokens, purposes, st.lists(keys, min_size=3, max_size=3, unique=True))
def test_old_links_hold_until_their_key_is_removed(
    token: Token, purpose: Purpose, three: list[str]
) -> None:
    newest, older, oldest = three
    link = Tokens([older, oldest]).issue(purpose, token)
    assert Tokens([newest, older, oldest]).read(purpose, link) == token
    assert not valid(Tokens([newest, oldest]), purpose, link)
    # What is issued meanwhile needs the newest key only.
    assert Tokens([newest]).read(purpose, Tokens(three).issue(purpose, token)) == token


@given(st.one_of(nasty_text, st.from_regex(r"[\w.-]{0,200}", fullmatch=True)), purposes)
def test_any_other_text_is_refused_and_nothing_else_happens(text: str, purpose: Purpose) -> None:
    assert not valid(Tokens(["a key of more than thirty-two bytes"]), purpose, text)


@given(tokens, purposes, keys, st.text(max_size=200))
def test_what_an_older_app_signed_is_read_or_refused(
    token: Token, purpose: Purpose, key: str, form: str
) -> None:
    """A payload of another shape, rightly signed: no crash."""
    odd = Token(key=token.key, form=form, locale=token.locale, issued_at=token.issued_at)
    signer = Tokens([key])
    with contextlib.suppress(TokenInvalid, UnicodeEncodeError):
        assert signer.read(purpose, signer.issue(purpose, odd)).key == token.key
