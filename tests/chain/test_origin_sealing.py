"""Sealed origins: one key opens one record's, under one name, as long as the key is there."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.values.evidence.origin import (
    ASKED,
    CONFIRMED,
    KEY_BYTES,
    Origin,
    SealedOrigin,
    is_kept,
    sealed_digest,
)
from shared.values.evidence.origin_sealing import (
    OriginDamaged,
    key_for_record,
    open_origin,
    seal_origin,
)

DAY = date(2026, 11, 22)
DAY_KEY = bytes(range(KEY_BYTES))
WHOSE = "00000000-0000-4000-8000-000000000001"
KEY = key_for_record(DAY_KEY, WHOSE)
ORIGIN = Origin(address="203.0.113.7", user_agent="Browser/1.0")
texts = st.none() | st.text(max_size=300)


@given(st.builds(Origin, address=texts, user_agent=texts))
def test_what_was_sealed_can_be_opened(origin: Origin) -> None:
    sealed = seal_origin(ASKED, origin, DAY, KEY)
    assert open_origin(ASKED, sealed, KEY) == origin
    assert SealedOrigin.parse(sealed).day == DAY
    assert str(SealedOrigin.parse(sealed)) == sealed


def test_it_shows_nothing_and_is_never_the_same_twice() -> None:
    sealed = seal_origin(ASKED, ORIGIN, DAY, KEY)
    assert sealed.startswith("v1.2026-11-22.")
    assert "203" not in sealed.partition("22.")[2] or "203.0.113" not in sealed
    assert seal_origin(ASKED, ORIGIN, DAY, KEY) != sealed
    assert len(sealed_digest(sealed)) == 64


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (CONFIRMED, KEY),
        (ASKED, key_for_record(DAY_KEY, "00000000-0000-4000-8000-000000000002")),
        (ASKED, key_for_record(bytes(KEY_BYTES), WHOSE)),
        (ASKED, DAY_KEY),
    ],
)
def test_another_name_or_key_does_not_open_it(name: str, key: bytes) -> None:
    with pytest.raises(OriginDamaged):
        open_origin(name, seal_origin(ASKED, ORIGIN, DAY, KEY), key)


@pytest.mark.parametrize("place", [-1, -2, -20, 20])
def test_another_letter_does_not_open(place: int) -> None:
    sealed = list(seal_origin(ASKED, ORIGIN, DAY, KEY))
    sealed[place] = "A" if sealed[place] != "A" else "Q"
    with pytest.raises(OriginDamaged):
        open_origin(ASKED, "".join(sealed), KEY)


@pytest.mark.parametrize("text", ["", "v1.2026-11-22.", "v2.2026-11-22.AAAA", "v1.2026-13-22.AAAA"])
def test_what_is_no_sealed_origin(text: str) -> None:
    with pytest.raises(ValueError, match=r"sealed origin|month must be in"):
        SealedOrigin.parse(text)
    with pytest.raises(OriginDamaged):
        open_origin(ASKED, text, KEY)


def test_for_how_long_a_day_counts() -> None:
    kept = timedelta(days=14)
    assert is_kept(DAY, DAY, kept)
    assert is_kept(DAY, DAY + kept, kept)
    assert not is_kept(DAY, DAY + kept + timedelta(days=1), kept)
