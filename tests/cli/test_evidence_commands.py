"""`doi evidence` and `doi verify`, as an operator and a lawyer meet them."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from shared.values.evidence.signing import SigningKey
from tests.bundle.leaves import with_value
from tests.bundle.worlds import ANNA, asking, busy_outside
from tests.examples import PEPPER
from tests.fakes.outside import FakeOutside
from tests.story import journey

DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND, DOES_NOT_HOLD = 0, 1, 2, 3, 7
OURS = SigningKey(PEPPER).key_id
THEIRS = SigningKey("the pepper of somebody else, 32 bytes long").key_id

Doi = Callable[..., Result]


@pytest.fixture(scope="module")
def outside() -> FakeOutside:
    """Anna came from the website and withdrew, then from LinkedIn."""
    return busy_outside()


@pytest.fixture
def doi(outside: FakeOutside) -> Doi:
    def run(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(app, arguments, obj=lambda: outside, env=environment)

    return run


@pytest.fixture
def bundle(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    copy = tmp_path / "bundle"
    copy.mkdir()
    for file in made.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


@pytest.fixture(scope="module")
def made(outside: FakeOutside, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `doi evidence` wrote."""
    folder = tmp_path_factory.mktemp("made") / "anna"
    command = ["evidence", ANNA, "--out", str(folder)]
    result = CliRunner().invoke(app, command, obj=lambda: outside)
    assert result.exit_code == DONE, result.output
    return folder


def test_a_bundle_is_written_for_its_owner_alone(made: Path) -> None:
    names = sorted(file.name for file in made.iterdir())
    assert [name for name in names if not name.startswith("mail-")] == [
        *("evidence.json", "evidence.pdf", "manifest.json"),
    ]
    assert len([name for name in names if name.startswith("mail-")]) == 2
    if os.name == "posix":
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in made.iterdir()} == {0o600}
    assert not [each for each in made.parent.iterdir() if each != made]


def test_what_it_says(doi: Doi, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "anna"
    result = doi(
        "evidence", f" {ANNA.upper().replace('EXAMPLE', 'example')} ", "--out", str(folder)
    )
    assert result.exit_code == DONE
    assert result.stdout.splitlines() == [
        f"2 registrations: {folder / 'evidence.pdf'}",
        f"Key: {OURS}. Whoever verifies should get it another way than the bundle.",
    ]
    assert result.stderr == ""


def test_for_programs(doi: Doi, tmp_path: Path) -> None:
    result = doi("evidence", ANNA, "--out", str(tmp_path / "anna"), "--language", "de", "--json")
    printed = json.loads(result.stdout)
    assert printed["fingerprint"] == OURS
    assert printed["broken"] == []
    assert printed["mailsNotKept"] == []
    website, lead = printed["registrations"]
    assert (website["form"], website["askedAt"]) == ("newsletter", "2026-11-22T12:00:00+00:00")
    assert website["withdrawnAt"] == "2026-11-23T12:03:00+00:00"
    assert lead["withdrawnAt"] is None
    assert len(printed["files"]) == 5


def test_nothing_is_stored(doi: Doi, tmp_path: Path) -> None:
    folder = tmp_path / "berta"
    result = doi("evidence", "berta@example.com", "--out", str(folder))
    assert (result.exit_code, result.stdout) == (NOTHING_FOUND, "")
    assert result.stderr == "Nothing is stored about this very address.\n"
    assert not folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["evidence", ANNA],
        ["evidence", "nonsense", "--out", "x"],
        ["evidence", ANNA, "--out", "x", "--language", "tlh"],
        ["verify"],
        ["verify", "nowhere-at-all"],
        ["verify", __file__],
        ["verify", ".", "--key", "0f3a"],
        ["verify", ".", "--key", "x" * 32],
    ],
)
def test_wrong_usage(doi: Doi, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    assert doi(*arguments).exit_code == WRONG_USAGE
    assert not Path("x").exists()


def test_a_bundle_that_is_there_is_not_replaced_by_chance(doi: Doi, bundle: Path) -> None:
    (bundle / "evidence.pdf").write_bytes(b"old")
    (bundle / "mail-00000000-0000-4000-8000-000000000009-1.eml").write_bytes(b"of an older one")
    refused = doi("evidence", ANNA, "--out", str(bundle))
    assert refused.exit_code == WRONG_USAGE
    assert "--force replaces it" in _joined(refused)
    assert (bundle / "evidence.pdf").read_bytes() == b"old"
    assert doi("evidence", ANNA, "--out", str(bundle), "--force").exit_code == DONE
    assert (bundle / "evidence.pdf").read_bytes().startswith(b"%PDF")
    assert not (bundle / "mail-00000000-0000-4000-8000-000000000009-1.eml").exists()
    assert doi("verify", str(bundle)).exit_code == DONE


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_what_is_not_of_a_bundle_is_never_deleted(doi: Doi, bundle: Path, force: list[str]) -> None:
    (bundle / "holiday.jpg").write_bytes(b"\xff\xd8")
    result = doi("evidence", ANNA, "--out", str(bundle), *force)
    assert result.exit_code == WRONG_USAGE
    assert "holiday.jpg" in _joined(result)
    assert (bundle / "holiday.jpg").exists()


def test_an_empty_folder_will_do(doi: Doi, tmp_path: Path) -> None:
    assert doi("evidence", ANNA, "--out", str(tmp_path)).exit_code == DONE


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_place_that_is_no_folder(doi: Doi, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "place"
    if kind == "file":
        place.write_text("x")
    else:
        place.symlink_to(tmp_path / "nowhere")
    assert doi("evidence", ANNA, "--out", str(place)).exit_code == WRONG_USAGE


def test_it_verifies_with_the_fingerprint_however_it_was_typed(doi: Doi, made: Path) -> None:
    for key in (OURS, OURS.upper(), OURS.replace("-", ""), OURS.replace("-", " ")):
        result = doi("verify", str(made), "--key", key)
        assert result.exit_code == DONE
        assert f"✓ key: {OURS}, as --key says" in result.stdout
        assert "It holds: " in result.stdout.splitlines()[-1]


def test_it_verifies_without_settings_and_says_what_that_means(made: Path) -> None:
    def no_settings() -> None:
        pytest.fail("nobody needs them")

    result = CliRunner().invoke(
        app, ["verify", str(made)], obj=no_settings, env={"DOI_PEPPER": None}
    )
    assert result.exit_code == DONE
    assert f"? key: {OURS} is the bundle's own: compare it" in result.stdout
    assert "1 could not be checked (?)" in result.stdout


def test_the_settings_of_an_installation_say_whether_it_is_its_own(doi: Doi, made: Path) -> None:
    own = doi("verify", str(made), DOI_PEPPER=PEPPER)
    assert own.exit_code == DONE
    assert f"{OURS}, as the pepper of the settings says" in own.stdout
    other = doi("verify", str(made), DOI_PEPPER="the pepper of somebody else, 32 bytes long")
    assert other.exit_code == DOES_NOT_HOLD
    assert f"from another installation: {OURS}; the pepper of the settings has {THEIRS}" in (
        other.stdout
    )
    reference = "@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/pepper)"
    assert doi("verify", str(made), DOI_PEPPER=reference).exit_code == DONE


def test_another_installation(doi: Doi, made: Path) -> None:
    result = doi("verify", str(made), "--key", THEIRS, "--json")
    assert result.exit_code == DOES_NOT_HOLD
    printed = json.loads(result.stdout)
    assert printed["holds"] is False
    [broken] = [check for check in printed["checks"] if check["outcome"] == "broken"]
    assert broken["about"] == "installation"


def test_a_changed_file(doi: Doi, bundle: Path) -> None:
    with (bundle / "evidence.pdf").open("ab") as file:
        file.write(b"\n")
    result = doi("verify", str(bundle))
    assert result.exit_code == DOES_NOT_HOLD
    assert "✗ file: was changed: its SHA-256 is another" in result.stdout
    assert result.stdout.splitlines()[-1] == (
        "It does not hold. First broken: evidence.pdf, file: was changed: its SHA-256 is another."
    )


def test_a_truncated_bundle_names_what_is_missing(doi: Doi, bundle: Path) -> None:
    mail = next(bundle.glob("*.eml"))
    mail.unlink()
    result = doi("verify", str(bundle), "--json")
    assert result.exit_code == DOES_NOT_HOLD
    first = next(c for c in json.loads(result.stdout)["checks"] if c["outcome"] == "broken")
    assert (first["about"], first["found"]) == (mail.name, "is missing")


def test_a_folder_that_is_no_bundle(doi: Doi, tmp_path: Path) -> None:
    result = doi("verify", str(tmp_path))
    assert result.exit_code == DOES_NOT_HOLD
    assert "manifest.json, file: is missing: this is no bundle" in result.stdout


def test_a_bundle_of_a_version_that_is_not_known(doi: Doi, bundle: Path) -> None:
    manifest = bundle / "manifest.json"
    manifest.write_bytes(with_value(manifest.read_bytes(), ("version",), 2))
    result = doi("verify", str(bundle))
    assert result.exit_code == NOT_ALL_DONE
    assert "manifest.json is of version 2, and this program knows version 1" in result.stderr


def test_evidence_that_does_not_hold_is_written_and_said(tmp_path: Path) -> None:
    """Somebody has changed the row in the table."""
    outside = busy_outside()
    key, stored = next(iter(outside.table.records.items()))
    forged: Any = stored.value.model_copy(update={"locale": "fr"})
    outside.table.records[key] = stored.moved_to(forged)
    folder = tmp_path / "anna"
    command = ["evidence", ANNA, "--out", str(folder)]
    result = CliRunner().invoke(app, command, obj=lambda: outside)
    assert result.exit_code == DOES_NOT_HOLD
    assert "It does not hold: " in result.stderr
    assert "entry 1 (asked): evidence.json shows something else" in result.stderr
    assert CliRunner().invoke(app, ["verify", str(folder)]).exit_code == DOES_NOT_HOLD


def test_a_mail_without_its_bytes_is_said(tmp_path: Path) -> None:
    outside = busy_outside()
    outside.mail_frames.frames.clear()
    result = CliRunner().invoke(
        app, ["evidence", ANNA, "--out", str(tmp_path / "anna")], obj=lambda: outside
    )
    assert result.exit_code == DONE
    assert result.stderr.count("Without a mail's bytes: ") == 2


def _joined(result: Result) -> str:
    """Without the frame that breaks lines."""
    return " ".join(result.output.replace("│", " ").split())


def test_whoever_could_still_confirm_is_said(tmp_path: Path) -> None:
    outside = FakeOutside()
    journey.sign_up(asking(ANNA, outside), outside)
    result = CliRunner().invoke(
        app, ["evidence", ANNA, "--out", str(tmp_path / "anna")], obj=lambda: outside
    )
    assert result.exit_code == DONE
    assert "Not confirmed: 00000000-0000-4000-8000-000000000001." in result.stderr
