"""The chain: whatever is changed in it is found, and what is left out tells nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.values.evidence.canonical_json import canonical_json, digest_of
from shared.values.evidence.chain import Chain, broken_link
from shared.values.evidence.entry import Entry, EntryKind, Facts, utc_text
from shared.values.evidence.signing import SigningKey, is_chain_signed, is_signed, key_id_of
from tests.examples import NOON, PEPPER

KEY = SigningKey(PEPPER)
WHOSE = "00000000-0000-4000-8000-000000000001"
NOBODY = "00000000-0000-4000-8000-000000000002"

letters = st.text(max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | letters,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(letters, inner, max_size=3),
    max_leaves=6,
)
facts = st.dictionaries(letters, values, max_size=5)
moments = st.datetimes(timezones=st.just(UTC))
happenings = st.lists(st.tuples(st.sampled_from(EntryKind), moments, facts), min_size=1, max_size=8)
Happening = tuple[EntryKind, datetime, dict[str, Any]]
one_of_them = st.integers(min_value=0, max_value=7)


def as_it_happened(entry: Entry) -> Facts:
    return entry.facts or {}


def chain_of(happened: list[Happening], previous: str = "") -> Chain:
    """Sealed and signed, each entry at its own time."""
    chain = Chain()
    for kind, at, known in happened:
        chain = chain.with_entry(kind, at, known).sealed(as_it_happened, previous)
    return KEY.signed(chain, WHOSE)


def holds(chain: Chain) -> bool:
    return broken_link(chain) is None and is_chain_signed(chain, WHOSE, KEY.public_key)


def with_entry_at(chain: Chain, place: int, **changes: object) -> Chain:
    entries = list(chain.entries)
    entries[place] = entries[place].model_copy(update=changes)
    return chain.model_copy(update={"entries": tuple(entries)})


@given(happenings)
def test_a_chain_holds_as_it_was_sealed_and_after_a_journey_through_json(
    happened: list[Happening],
) -> None:
    chain = chain_of(happened)
    assert holds(chain)
    again = Chain.model_validate_json(chain.model_dump_json(by_alias=True))
    assert again == chain
    assert holds(again)


@given(happenings)
def test_sealing_at_once_or_one_by_one_is_the_same(happened: list[Happening]) -> None:
    pending = Chain()
    for kind, at, known in happened:
        pending = pending.with_entry(kind, at, known)
    assert pending.sealed(as_it_happened).entries == chain_of(happened).entries


@given(happenings, one_of_them, facts)
def test_other_facts_are_found(happened: list[Happening], place: int, other: Facts) -> None:
    place %= len(happened)
    assume(digest_of(other) != digest_of(happened[place][2]))
    changed = with_entry_at(chain_of(happened), place, facts=other)
    broken = broken_link(changed)
    assert broken is not None
    assert (broken.number, broken.kind) == (place + 1, happened[place][0])


@given(happenings, one_of_them, moments)
def test_another_time_is_found(happened: list[Happening], place: int, other: datetime) -> None:
    place %= len(happened)
    assume(other != happened[place][1])
    assert broken_link(with_entry_at(chain_of(happened), place, at=other)) is not None


@given(happenings, one_of_them, st.sampled_from(EntryKind))
def test_another_kind_is_found(happened: list[Happening], place: int, other: EntryKind) -> None:
    place %= len(happened)
    assume(other is not happened[place][0])
    assert broken_link(with_entry_at(chain_of(happened), place, kind=other)) is not None


@given(happenings, one_of_them)
def test_an_entry_that_was_taken_out_is_found(happened: list[Happening], place: int) -> None:
    chain, place = chain_of(happened), place % len(happened)
    entries = (*chain.entries[:place], *chain.entries[place + 1 :])
    assert not holds(chain.model_copy(update={"entries": entries}))


@given(happenings, one_of_them, one_of_them)
def test_another_order_is_found(happened: list[Happening], one: int, other: int) -> None:
    chain, entries = chain_of(happened), list(chain_of(happened).entries)
    one, other = one % len(entries), other % len(entries)
    assume(one != other)
    entries[one], entries[other] = entries[other], entries[one]
    assert broken_link(chain.model_copy(update={"entries": tuple(entries)})) is not None


@given(happenings, one_of_them, happenings)
def test_an_entry_that_was_put_in_is_found(
    happened: list[Happening], place: int, others: list[Happening]
) -> None:
    chain, strange = chain_of(happened), chain_of(others).entries[-1]
    place %= len(happened) + 1
    entries = (*chain.entries[:place], strange, *chain.entries[place:])
    assert not holds(chain.model_copy(update={"entries": entries}))


@given(happenings, facts)
def test_an_entry_that_was_put_at_the_end_in_the_right_way_is_found_by_the_signature(
    happened: list[Happening], known: Facts
) -> None:
    chain = chain_of(happened)
    longer = chain.with_entry(EntryKind.WITHDRAWN, NOON, known).sealed(as_it_happened)
    assert broken_link(longer) is None
    forged = longer.model_copy(update={"signature": chain.signature, "signed_by": KEY.key_id})
    assert not is_chain_signed(forged, WHOSE, KEY.public_key)
    assert longer.signature is None  # nobody signed that yet


@given(happenings, st.text(alphabet="0123456789abcdef", min_size=64, max_size=64))
def test_another_registration_before_it_is_found(happened: list[Happening], before: str) -> None:
    chain = chain_of([(EntryKind.ASKED, NOON, {}), *happened], before)
    assert holds(chain)
    assert chain.previous == before
    assert broken_link(chain.model_copy(update={"previous": ""})) is not None


@given(happenings)
def test_the_signature_is_of_one_registration_and_one_installation(
    happened: list[Happening],
) -> None:
    chain, stranger = chain_of(happened), SigningKey("another pepper of more than 32 bytes!")
    assert not is_chain_signed(chain, NOBODY, KEY.public_key)
    assert not is_chain_signed(chain, WHOSE, stranger.public_key)
    forged = stranger.signed(chain.model_copy(update={"signature": None}), WHOSE)
    assert not is_chain_signed(forged, WHOSE, KEY.public_key)
    assert forged.signed_by != chain.signed_by


@given(happenings, one_of_them)
def test_without_its_facts_a_chain_still_holds(happened: list[Happening], place: int) -> None:
    chain = chain_of(happened)
    bare = chain.without_facts()
    assert holds(bare)
    assert bare.without_facts() == bare
    assert [entry.facts for entry in bare.entries] == [None] * len(happened)
    place %= len(happened)
    entries = (*bare.entries[:place], chain.entries[place], *bare.entries[place + 1 :])
    assert holds(chain.model_copy(update={"entries": entries}))  # some kept, some not
    assert not holds(with_entry_at(bare, place, facts_digest=digest_of({"other": "facts"})))
    assert not holds(with_entry_at(bare, place, facts_digest=None))


@given(facts)
def test_facts_beside_a_digest_that_is_not_theirs_are_found(known: Facts) -> None:
    chain = chain_of([(EntryKind.ASKED, NOON, {"email": "anna@example.com"})])
    bare = with_entry_at(chain.without_facts(), 0, facts=known)
    assert broken_link(bare) is not None


def change_a_letter(text: str) -> str:
    return ("B" if text.startswith("A") else "A") + text[1:]


@pytest.mark.parametrize(
    "damage",
    [
        change_a_letter,
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text[:-1] + chr(ord(text[-1]) + 1),  # the same bytes: Base64 has spare bits
        lambda _: "",
        lambda _: "no Base64: ü",
    ],
)
def test_a_damaged_signature_is_no_signature(damage: Callable[[str], str]) -> None:
    chain = chain_of([(EntryKind.ASKED, NOON, {})])
    assert chain.signature is not None
    damaged = chain.model_copy(update={"signature": damage(chain.signature)})
    assert not is_chain_signed(damaged, WHOSE, KEY.public_key)
    assert not is_signed(chain.signature, b"something else", KEY.public_key)
    assert not is_signed(chain.signature, chain.statement(WHOSE), b"no key")


def test_an_unsealed_entry_is_no_evidence() -> None:
    chain = Chain().with_entry(EntryKind.ASKED, NOON, {})
    broken = broken_link(chain)
    assert broken is not None
    assert broken.reason == "it has no hash"
    assert not is_chain_signed(chain, WHOSE, KEY.public_key)


def test_what_has_happened_is_sealed_once() -> None:
    chain = chain_of([(EntryKind.ASKED, NOON, {"a": 1})], "before")
    assert chain.sealed(lambda _: {"other": "facts"}, "elsewhere") is chain
    assert KEY.signed(chain, WHOSE) is chain
    longer = chain.with_entry(EntryKind.MAILED, NOON, {}).sealed(as_it_happened, "elsewhere")
    assert longer.previous == "before"
    assert longer.entries[0] == chain.entries[0]
    assert longer.signature is None


def test_a_chain_that_begins_late_builds_on_nothing() -> None:
    late = Chain().with_entry(EntryKind.CONFIRMED, NOON, {}).sealed(as_it_happened, "before")
    assert (late.previous, late.asked) == ("", None)
    assert broken_link(late) is None


def test_an_empty_chain_is_not_signed() -> None:
    assert KEY.signed(Chain(), WHOSE) == Chain()
    assert Chain().head == ""


@given(moments, st.integers(min_value=-14, max_value=14))
def test_a_time_is_the_same_in_every_zone(at: datetime, hours: int) -> None:
    assume(1 < at.year < 9999)
    assert utc_text(at.astimezone(timezone(timedelta(hours=hours)))) == utc_text(at)


def test_a_time_to_the_microsecond() -> None:
    assert utc_text(NOON) == "2026-11-22T12:00:00.000000Z"
    with pytest.raises(ValueError, match="no time zone"):
        utc_text(NOON.replace(tzinfo=None))


def test_the_bytes_that_are_hashed() -> None:
    """Another program, in years, has to make the same."""
    value: dict[str, Any] = {"b": ["ü", None, True], "a": {"z": 1, "y": 'say "no"\n'}}
    assert (
        canonical_json(value) == '{"a":{"y":"say \\"no\\"\\n","z":1},"b":["ü",null,true]}'.encode()
    )
    assert digest_of({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    chain = chain_of([(EntryKind.ASKED, NOON, {"email": "anna@example.com"})])
    assert chain.head == digest_of(
        {
            "at": "2026-11-22T12:00:00.000000Z",
            "facts": digest_of({"email": "anna@example.com"}),
            "kind": "asked",
            "previous": "",
        }
    )


def test_the_key_of_an_installation() -> None:
    """It must stay what it is: evidence of years is signed with it, and others know its id."""
    assert KEY.key_id == key_id_of(KEY.public_key) == SigningKey(PEPPER).key_id
    assert KEY.key_id == "5ecf-0ae9-12bf-bb00-24d7-19f7-ba01-b88b"
