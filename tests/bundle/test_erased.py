"""What a bundle has of somebody who was erased: that something was, when, in a chain that holds."""

import json
from datetime import timedelta

import pytest

from cli.evidence.gathering import gather
from cli.evidence.manifest import EVIDENCE, PAPER
from cli.evidence.wording import Language
from shared.values.erased import address_digest
from tests.bundle.checking import broken, first_broken, signed_again, with_file
from tests.bundle.leaves import Place, others, places_in, value_at, with_value
from tests.bundle.worlds import ANNA, asking, bundle_of, busy_outside, confirm
from tests.examples import PEPPER
from tests.fakes.outside import FakeOutside
from tests.story.erasing import TRACES, erase_person


def erased_outside() -> FakeOutside:
    """Anna came from the website and from LinkedIn, and asked to be forgotten."""
    outside = busy_outside()
    erase_person(outside)
    return outside


def test_a_proof_without_facts() -> None:
    outside = busy_outside()
    before = bundle_of(outside).evidence
    erase_person(outside)
    bundle = bundle_of(outside)
    assert broken(bundle.files) == []
    assert bundle.evidence.registrations == ()
    for shown, was in zip(bundle.evidence.erased, before.registrations, strict=True):
        assert shown.registration_id == was.registration_id
        assert shown.asked_at == was.asked_at
        assert shown.address == address_digest(ANNA, PEPPER)
        kept = [entry.hash for entry in shown.chain.entries]
        assert kept[: len(was.chain.entries)] == [entry.hash for entry in was.chain.entries]
        assert all(entry.facts is None for entry in shown.chain.entries)


def test_nothing_of_the_person_is_in_it_but_the_address_that_was_asked_for() -> None:
    bundle = bundle_of(erased_outside())
    assert not [name for name in bundle.files if name.endswith(".eml")]
    for content in (bundle.files[EVIDENCE].decode(), bundle.files[PAPER].decode()):
        assert not [trace for trace in TRACES if trace in content and trace not in {ANNA, "Anna"}]
    assert bundle.files[EVIDENCE].decode().count(ANNA) == 1


def test_whoever_signs_up_again_has_both() -> None:
    outside = erased_outside()
    outside.pass_time(timedelta(days=2))
    confirm(asking(ANNA, outside, number=7), outside)
    bundle = bundle_of(outside)
    assert first_broken(bundle.files) == ""
    assert (len(bundle.evidence.registrations), len(bundle.evidence.erased)) == (1, 2)


def test_another_address_of_the_mailbox_finds_nothing() -> None:
    outside = erased_outside()
    assert gather("anna+x@example.com", Language.ENGLISH, outside) is None


DOCUMENT = json.loads(bundle_of(erased_outside()).files[EVIDENCE])
# Who erased when, until when, and whose digest it is: the installation's word, in the signed list.
SAID_ONLY = {"address", "erasedAt", "until", "form"}
SEALED = [
    place
    for place in places_in(DOCUMENT)
    if place[0] == "erased" and len(place) > 2 and place[2] not in SAID_ONLY
]


@pytest.mark.parametrize("place", [pytest.param(p, id=".".join(map(str, p))) for p in SEALED])
def test_a_value_by_who_has_the_key_of_the_list(place: Place) -> None:
    files = bundle_of(erased_outside()).files
    found = value_at(json.loads(files[EVIDENCE]), place)
    for other in others(found):
        changed = with_file(files, EVIDENCE, with_value(files[EVIDENCE], place, other))
        said = first_broken(signed_again(changed))
        assert said, other
        assert not said.startswith(PAPER), other
