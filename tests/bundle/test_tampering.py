"""Whatever is changed in a bundle, `doi verify` refuses it.

Four forgers: one changes a file; one makes the list of files fit, without the key; one signs it
with a key of his own; and one has the installation's key, but changed the documents only.
"""

import json
from functools import cache

import pytest

from cli.evidence.check import Outcome
from cli.evidence.drawn import drawn
from cli.evidence.manifest import EVIDENCE, MANIFEST, PAPER
from tests.bundle.checking import (
    KEY,
    OTHER_KEY,
    OURS,
    broken,
    checks_of,
    first_broken,
    signed_again,
    with_file,
)
from tests.bundle.leaves import Place, others, places_in, value_at, with_value, without
from tests.bundle.worlds import busy, drawn_busy


@cache
def document(name: str) -> object:
    return json.loads(busy().files[name])


def name_of(place: Place) -> str:
    return ".".join(map(str, place))


VERSION = ("version",)
# When and with what the bundle was made, and where the installation stands.
ABOUT_THE_BUNDLE = {("madeAt",), ("language",), ("installation", "url")}
LEAVES = [pytest.param(place, id=name_of(place)) for place in places_in(document(EVIDENCE))]
PROVEN = [
    pytest.param(place, id=name_of(place))
    for place in places_in(document(EVIDENCE))
    if place not in {*ABOUT_THE_BUNDLE, VERSION, ("madeWith",)}
]
IN_MANIFEST = [
    pytest.param(place, id=name_of(place))
    for place in places_in(document(MANIFEST))
    if place != VERSION  # not refused, but not known: see test_bad_input.py
]
MAILS = [name for name in busy().files if name.endswith(".eml")]


def test_it_holds_before_anybody_touches_it() -> None:
    assert broken(busy().files) == []
    assert broken(drawn_busy().files, draw=drawn) == []
    assert len(LEAVES) > 150
    assert len(MAILS) == 2


@pytest.mark.parametrize("place", LEAVES)
def test_a_value_of_evidence_json(place: Place) -> None:
    content = busy().files[EVIDENCE]
    for other in others(value_at(document(EVIDENCE), place)):
        changed = with_file(busy().files, EVIDENCE, with_value(content, place, other))
        assert EVIDENCE in first_broken(changed)


@pytest.mark.parametrize("place", PROVEN)
def test_a_value_of_evidence_json_by_who_has_the_key_of_the_list(place: Place) -> None:
    """The chain, the texts' versions and the mails' digests say otherwise, before the PDF does."""
    content = busy().files[EVIDENCE]
    for other in others(value_at(document(EVIDENCE), place)):
        changed = with_file(busy().files, EVIDENCE, with_value(content, place, other))
        said = first_broken(signed_again(changed))
        assert said, other
        assert not said.startswith(PAPER), other


@pytest.mark.parametrize("place", sorted(ABOUT_THE_BUNDLE))
def test_what_the_chain_does_not_say_stands_in_the_pdf(place: Place) -> None:
    content = busy().files[EVIDENCE]
    other = "de" if place == ("language",) else others(value_at(document(EVIDENCE), place))[0]
    changed = with_file(busy().files, EVIDENCE, with_value(content, place, other))
    assert first_broken(signed_again(changed)).startswith(f"{PAPER}, what it says: is not what")


def test_a_pdf_of_other_programs_is_not_compared() -> None:
    content = with_value(busy().files[EVIDENCE], ("madeWith",), "layout 0, quill 1")
    found = checks_of(signed_again(with_file(busy().files, EVIDENCE, content)))
    [check] = [each for each in found if (each.about, each.what) == (PAPER, "what it says")]
    assert check.outcome is Outcome.UNKNOWN
    assert "quill 1" in check.found


@pytest.mark.parametrize("place", LEAVES)
def test_a_value_taken_out_of_evidence_json_by_who_has_the_key(place: Place) -> None:
    changed = with_file(busy().files, EVIDENCE, without(busy().files[EVIDENCE], place))
    assert first_broken(signed_again(changed))


@pytest.mark.parametrize("place", IN_MANIFEST)
def test_a_value_of_the_manifest(place: Place) -> None:
    content = busy().files[MANIFEST]
    for other in others(value_at(document(MANIFEST), place)):
        changed = with_value(content, place, other)
        assert first_broken(with_file(busy().files, MANIFEST, changed)), other
    assert first_broken(with_file(busy().files, MANIFEST, without(content, place)))


@pytest.mark.parametrize("name", [EVIDENCE, PAPER, *MAILS])
def test_one_bit_of_a_file(name: str) -> None:
    content = drawn_busy().files[name]
    for at in {*range(0, len(content), 97), len(content) - 1}:
        changed = bytearray(content)
        changed[at] ^= 1
        assert f"{name}, file: was changed" in first_broken(
            with_file(drawn_busy().files, name, bytes(changed))
        )


@pytest.mark.parametrize("name", [EVIDENCE, PAPER, *MAILS])
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda _: b"", id="emptied"),
        pytest.param(lambda content: content[: len(content) // 2], id="cut in half"),
        pytest.param(lambda content: content[:-1], id="without its last byte"),
        pytest.param(lambda content: content + b"\n", id="a byte more"),
        pytest.param(lambda content: content.replace(b"\r\n", b"\n") + b" ", id="other line ends"),
    ],
)
def test_all_of_a_file(name: str, change: object) -> None:
    assert callable(change)
    changed = with_file(drawn_busy().files, name, change(drawn_busy().files[name]))
    assert f"{name}, file: was changed" in first_broken(changed)


@pytest.mark.parametrize("name", [PAPER, *MAILS])
def test_a_byte_of_mail_or_pdf_by_who_has_the_key_of_the_list(name: str) -> None:
    content = drawn_busy().files[name]
    headers, text = content[:40], content.index(b"\r\n\r\n") if name != PAPER else 2000
    assert headers
    for at in (5, text + 20, len(content) - 3):
        changed = bytearray(content)
        changed[at] ^= 1
        files = signed_again(with_file(drawn_busy().files, name, bytes(changed)))
        assert first_broken(files, draw=drawn)


def test_a_list_that_fits_without_the_key() -> None:
    changed = with_file(busy().files, PAPER, b"%PDF-1.7 of somebody else")
    forged = json.loads(signed_again(changed)[MANIFEST])
    forged["signature"] = json.loads(busy().files[MANIFEST])["signature"]
    changed[MANIFEST] = json.dumps(forged).encode()
    assert "manifest.json, signature: does not fit" in first_broken(changed)


def test_a_list_signed_with_another_key() -> None:
    """Nobody told the fingerprint: the chain was signed by the installation all the same."""
    forged = signed_again(busy().files, OTHER_KEY)
    assert f"another installation: {OTHER_KEY.key_id}; a letter has" in first_broken(forged)
    without_letter = [f"{check.about}, {check.what}" for check in broken(forged, None)]
    assert "evidence.json, key" in without_letter
    ids = [one.registration_id for one in busy().evidence.registrations]
    assert {f"{each}, signature" for each in ids} <= set(without_letter)


def test_the_public_key_alone() -> None:
    """The signature of the list is then not of this key."""
    forged = json.loads(busy().files[MANIFEST])
    others_manifest = json.loads(signed_again(busy().files, OTHER_KEY)[MANIFEST])
    forged |= {name: others_manifest[name] for name in ("publicKey", "fingerprint")}
    changed = with_file(busy().files, MANIFEST, json.dumps(forged).encode())
    assert "manifest.json, signature: does not fit" in first_broken(changed, None)


def test_everything_made_anew_with_another_key_shows_by_the_fingerprint_only() -> None:
    evidence = busy().evidence
    registrations = tuple(
        one.model_copy(
            update={
                "chain": OTHER_KEY.signed(
                    one.chain.model_copy(update={"signature": None}), one.registration_id
                )
            }
        )
        for one in evidence.registrations
    )
    installation = evidence.installation.model_copy(
        update={
            "public_key": json.loads(signed_again({"a": b""}, OTHER_KEY)[MANIFEST])["publicKey"],
            "fingerprint": OTHER_KEY.key_id,
        }
    )
    changes = {"registrations": registrations, "installation": installation}
    forged = evidence.model_copy(update={**changes, "made_with": "a program of somebody else"})
    files = signed_again(with_file(busy().files, EVIDENCE, forged.to_bytes()), OTHER_KEY)
    assert broken(files, None) == []
    assert [check.about for check in broken(files, OURS)] == ["installation"]


def entries(content: bytes, registration: int = 0) -> tuple[dict[str, object], list[object]]:
    evidence = json.loads(content)
    found = evidence["registrations"][registration]["chain"]["entries"]
    return evidence, found


def as_bundle(evidence: object) -> dict[str, bytes]:
    content = json.dumps(evidence, ensure_ascii=False).encode()
    return signed_again(with_file(busy().files, EVIDENCE, content), KEY)


def test_the_last_entry_is_taken_away() -> None:
    evidence, found = entries(busy().files[EVIDENCE])
    found.pop()
    assert "signature: it is not of this chain: entries are missing" in first_broken(
        as_bundle(evidence)
    )


def test_an_entry_in_the_middle_is_taken_away() -> None:
    evidence, found = entries(busy().files[EVIDENCE])
    del found[2]
    said = first_broken(as_bundle(evidence))
    assert "chain: entry 3 (" in said


def test_two_entries_change_places() -> None:
    evidence, found = entries(busy().files[EVIDENCE])
    found[1], found[2] = found[2], found[1]
    assert "chain: entry 2 (confirmed): its kind, time, facts or the entry before it" in (
        first_broken(as_bundle(evidence))
    )


def test_the_chain_of_another_registration() -> None:
    evidence, _ = entries(busy().files[EVIDENCE])
    parts = evidence["registrations"]
    assert isinstance(parts, list)
    parts[0]["chain"], parts[1]["chain"] = parts[1]["chain"], parts[0]["chain"]
    assert "signature: it is not of this chain" in first_broken(as_bundle(evidence))


def test_a_chain_is_taken_away() -> None:
    """What is shown then has no proof, and the PDF has another number of entries."""
    evidence, found = entries(busy().files[EVIDENCE])
    found.clear()
    assert first_broken(as_bundle(evidence))


def test_a_registration_is_taken_away() -> None:
    evidence, _ = entries(busy().files[EVIDENCE])
    parts = evidence["registrations"]
    assert isinstance(parts, list)
    gone = parts.pop()["registrationId"]
    assert f"evidence.json, files: of no registration: mail-{gone}" in first_broken(
        as_bundle(evidence)
    )


def test_a_registration_stands_there_twice() -> None:
    evidence, _ = entries(busy().files[EVIDENCE])
    parts = evidence["registrations"]
    assert isinstance(parts, list)
    parts.append(parts[0])
    assert "registrations: stand there twice" in first_broken(as_bundle(evidence))


def test_two_mails_change_names() -> None:
    first, second = MAILS
    files = busy().files
    changed = {**files, first: files[second], second: files[first]}
    assert f"{first}, file: was changed" in first_broken(changed)
    said = [f"{check.what}: {check.found}" for check in broken(signed_again(changed))]
    assert f"mail 1: {first} is not the mail whose SHA-256 the entry has" in said
