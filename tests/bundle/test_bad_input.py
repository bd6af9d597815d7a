"""What is no bundle, not all of it, of another installation, or made to break the program."""

import contextlib
import json
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cli.evidence.check import Outcome
from cli.evidence.manifest import EVIDENCE, MANIFEST
from cli.evidence.reading import UnknownVersion
from tests.bundle.checking import (
    OTHER_KEY,
    OURS,
    broken,
    checks_of,
    first_broken,
    signed_again,
    with_file,
)
from tests.bundle.leaves import places_in, with_value
from tests.bundle.worlds import busy
from tests.properties.strategies import json_values

PLACES = [place for place in places_in(json.loads(busy().files[EVIDENCE])) if place]
IN_MANIFEST = list(places_in(json.loads(busy().files[MANIFEST])))


@pytest.mark.parametrize(
    "files", [{}, {"holiday.jpg": b"\xff\xd8"}, {EVIDENCE: busy().files[EVIDENCE]}]
)
def test_no_bundle(files: Mapping[str, bytes]) -> None:
    assert first_broken(files) == (
        "manifest.json, file: is missing: this is no bundle, or not all of it"
    )


@pytest.mark.parametrize("name", [name for name in busy().files if name != MANIFEST])
def test_a_file_is_missing(name: str) -> None:
    files = {each: content for each, content in busy().files.items() if each != name}
    assert first_broken(files) == f"{name}, file: is missing"


@pytest.mark.parametrize("name", [name for name in busy().files if name != MANIFEST])
def test_a_file_is_missing_and_so_from_the_list(name: str) -> None:
    files = {each: content for each, content in busy().files.items() if each != name}
    said = first_broken(signed_again(files))
    assert name in said
    assert "missing" in said or "is not in the list of files" in said


@pytest.mark.parametrize("name", [MANIFEST, EVIDENCE])
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"null", b"[]", b'"x"', b"[" * 100_000, b'{"format": "else"}', b"{}"],
)
def test_a_document_that_is_none(name: str, content: bytes) -> None:
    files = with_file(busy().files, name, content)
    said = [check.about for check in broken(files if name == MANIFEST else signed_again(files))]
    assert said[0] == name


@pytest.mark.parametrize("name", [MANIFEST, EVIDENCE])
def test_a_version_that_is_not_known(name: str) -> None:
    files = with_file(busy().files, name, with_value(busy().files[name], ("version",), 2))
    with pytest.raises(UnknownVersion, match="is of version 2, and this program knows version 1"):
        checks_of(files if name == MANIFEST else signed_again(files))


@pytest.mark.parametrize("version", [None, "1", True, 1.5, [1]])
def test_a_version_that_is_none(version: object) -> None:
    content = with_value(busy().files[MANIFEST], ("version",), version)
    said = first_broken(with_file(busy().files, MANIFEST, content))
    assert said == "manifest.json, version: is no number"


def test_a_name_that_leads_out_of_the_folder() -> None:
    manifest = json.loads(busy().files[MANIFEST])
    manifest["files"]["../secret"] = "0" * 64
    files = with_file(busy().files, MANIFEST, json.dumps(manifest).encode())
    assert first_broken(files).startswith("manifest.json, content: is not as it should be")


def test_a_file_beside_the_bundle_says_nothing_against_it() -> None:
    found = checks_of(with_file(busy().files, "notes.txt", b"call the lawyer"))
    assert not [check for check in found if check.outcome is Outcome.BROKEN]
    [stray] = [check for check in found if check.about == "notes.txt"]
    assert stray.outcome is Outcome.UNKNOWN


def test_a_file_that_the_list_has_and_no_registration() -> None:
    files = signed_again(with_file(busy().files, "mail-of-somebody.eml", b"Subject: x\r\n\r\n"))
    assert "of no registration: mail-of-somebody.eml" in first_broken(files)


def test_without_a_fingerprint_nobody_knows_whose_it_is() -> None:
    found = checks_of(busy().files, None)
    [check] = [each for each in found if each.about == "installation"]
    assert check.outcome is Outcome.UNKNOWN
    assert busy().evidence.installation.fingerprint in check.found
    assert not broken(busy().files, None)


def test_another_installation() -> None:
    said = first_broken(signed_again(busy().files, OTHER_KEY))
    assert said == (
        f"installation, key: the bundle is from another installation: {OTHER_KEY.key_id}; "
        f"a letter has {OURS.fingerprint}"
    )


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEA" + "A" * 43 + "=\n-----END PUBLIC KEY-----\n",
    ],
)
def test_a_public_key_that_is_none(pem: str) -> None:
    content = with_value(busy().files[MANIFEST], ("publicKey",), pem)
    assert first_broken(with_file(busy().files, MANIFEST, content)).startswith(
        "manifest.json, public key: cannot be read"
    )


def holds_or_not(files: Mapping[str, bytes]) -> None:
    """Whatever comes out, it comes as an answer."""
    with contextlib.suppress(UnknownVersion):
        assert all(check.found for check in checks_of(files))


# Earlier than any time zone allows.
@example(place=("registrations", 0, "askedAt"), value="0001-01-01T00:00:00+14:00")
@example(place=("registrations", 0, "chain", "entries", 0, "at"), value="9999-12-31T23:59:59-14:00")
@example(place=("registrations", 0, "chain", "entries", 0, "facts", "salt"), value="\ud800")
@example(place=("registrations", 0, "chain", "entries", 0, "facts", "salt"), value=10**4000)
@example(place=("registrations", 0, "origins", "asked", "sealed"), value="v1.2026-13-45.AAAA")
@example(place=("registrations", 0, "chain", "signature"), value="ü")
@given(place=st.sampled_from(PLACES), value=json_values)
def test_no_value_breaks_the_program(place: tuple[str | int, ...], value: object) -> None:
    document = json.loads(busy().files[EVIDENCE])
    part = document
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    content = json.dumps(document).encode()
    holds_or_not(signed_again(with_file(busy().files, EVIDENCE, content)))


@given(place=st.sampled_from(IN_MANIFEST), value=json_values)
def test_no_manifest_breaks_the_program(place: tuple[str | int, ...], value: object) -> None:
    document = json.loads(busy().files[MANIFEST])
    part = document
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    holds_or_not(with_file(busy().files, MANIFEST, json.dumps(document).encode()))


@settings(max_examples=60)
@given(content=st.binary(max_size=300))
def test_no_mail_breaks_the_program(content: bytes) -> None:
    mail = next(name for name in busy().files if name.endswith(".eml"))
    files = with_file(busy().files, mail, b"Subject: =?x?=\r\n" + content)
    holds_or_not(signed_again(files))
