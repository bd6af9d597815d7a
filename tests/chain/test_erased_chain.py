"""What is left of an erased record still proves what it proved, and tells nothing."""

from datetime import timedelta

from shared.values.erased import ErasureProof
from shared.values.evidence.canonical_json import digest_of
from shared.values.evidence.chain import broken_link
from shared.values.evidence.facts import asked_facts
from shared.values.evidence.signing import is_chain_signed
from tests.chain.proven import assert_proven, kinds
from tests.examples import key_of, record, registration
from tests.fakes.outside import SIGNING_KEY, FakeOutside
from tests.story.erasing import erase_person, mailbox_of
from tests.story.journey import deliver, link, press, sign_up, stored

ASKED = registration()


def erased() -> tuple[FakeOutside, list[str], ErasureProof]:
    """An app, what had happened to Anna's registration, and what is left of it."""
    outside = FakeOutside()
    press(link(sign_up(ASKED, outside)), outside)
    found = stored(ASKED, outside)
    assert found is not None
    assert_proven(found)
    outside.pass_time(timedelta(minutes=1))
    erase_person(outside)
    [proof] = outside.records.proofs(key_of(ASKED).mailbox_key)
    return outside, kinds(found), proof.value


def test_the_chain_holds_and_is_signed() -> None:
    _, happened, proof = erased()
    assert [entry.kind.value for entry in proof.chain.entries] == happened
    assert happened == ["asked", "mailed", "confirmed", "written", "triggered"]
    assert broken_link(proof.chain) is None
    assert is_chain_signed(proof.chain, proof.registration_id, SIGNING_KEY.public_key)


def test_no_fact_is_left_and_none_can_be_guessed() -> None:
    _, _, proof = erased()
    assert all(entry.facts is None for entry in proof.chain.entries)
    guessed = digest_of(dict(asked_facts(ASKED.id, ASKED)))
    assert guessed not in {entry.facts_digest for entry in proof.chain.entries}


def test_facts_that_were_never_sealed_leave_no_digest() -> None:
    """They have nothing random: who knows the address could try it out."""
    outside = FakeOutside()
    proof = ErasureProof.of(record(), "a" * 64, outside.now(), outside.now())
    assert proof.chain.entries == ()


def test_whoever_signs_up_again_builds_on_it() -> None:
    outside, _, proof = erased()
    outside.pass_time(timedelta(days=1))
    again = registration(number=2).model_copy(update={"asked_at": outside.now()})
    sign_up(again, outside)
    found = stored(again, outside)
    assert found is not None
    assert found.chain.previous == proof.chain.asked
    outside.pass_time(timedelta(days=8))
    deliver("follow-ups", outside)  # it was not confirmed
    assert stored(again, outside) is None
    assert mailbox_of(outside).last_asked == proof.chain.asked


def test_with_the_proof_ends_the_chain() -> None:
    outside, _, _ = erased()
    for _ in range(3):
        outside.pass_time(outside.rules.proof)
        deliver("follow-ups", outside)
    assert mailbox_of(outside).last_asked is None
    assert not outside.table.mailboxes
