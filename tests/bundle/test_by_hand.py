"""Checking a bundle without this software, as docs/evidence.md says, works and finds forgeries."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from cli.evidence.manifest import EVIDENCE
from tests.bundle.leaves import with_value
from tests.bundle.worlds import busy
from tests.docs.documents import ALL

DOCUMENT = ALL["docs/evidence.md"]
SHELL = [block.code for block in DOCUMENT.blocks if block.language == "bash"]
[PYTHON] = [block.code for block in DOCUMENT.blocks if block.language == "python"]
TOOLS = ("bash", "jq", "sha256sum", "openssl", "base64")
needs_tools = pytest.mark.skipif(
    not all(map(shutil.which, TOOLS)), reason=f"needs {', '.join(TOOLS)}"
)
ORDER_OF_COMMANDS = ("sha256sum --check", "pkeyutl -verify", "pkey -pubin", "consents[0].text")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in busy().files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the document's own commands
        ["bash", "-euo", "pipefail", "-c", command],  # noqa: S607 - see TOOLS
        cwd=folder,
        env=os.environ | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def run_python(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - likewise
        [sys.executable, "-I", "-c", PYTHON],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_document_has_these_steps() -> None:
    assert len(SHELL) == len(ORDER_OF_COMMANDS)
    for step, words in zip(SHELL, ORDER_OF_COMMANDS, strict=True):
        assert words in step


@needs_tools
def test_files_signature_fingerprint_and_text(folder: Path) -> None:
    files, signature, fingerprint, text = (run(step, folder) for step in SHELL)
    assert files.returncode == 0, files.stderr
    assert files.stdout.count(": OK") == len(busy().files) - 1
    assert "Signature Verified Successfully" in signature.stdout
    assert fingerprint.stdout.strip() == busy().evidence.installation.fingerprint.replace("-", "")
    version = busy().evidence.registrations[0].consents[0].version
    assert text.stdout.split()[0] == version


def test_the_facts_refer_to_what_stands_beside_them(folder: Path) -> None:
    """The table of facts, followed with nothing but the standard library."""

    def canonical(value: object) -> bytes:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    website, lead = json.loads((folder / EVIDENCE).read_text("utf-8"))["registrations"]
    for one in (website, lead):
        facts = {entry["kind"]: entry["facts"] for entry in one["chain"]["entries"]}
        [mail, *_] = one["mails"]
        mailed = sha256((folder / mail["file"]).read_bytes()).hexdigest()
        mimes = {
            entry["facts"]["mime"] for entry in one["chain"]["entries"] if entry["kind"] == "mailed"
        }
        assert mailed in mimes
        for consent, sealed in zip(one["consents"], facts["asked"]["consents"], strict=True):
            assert sealed["version"] == sha256(consent["text"].encode()).hexdigest()
    asked = website["chain"]["entries"][0]["facts"]
    origin = website["origins"]["asked"]["sealed"]
    assert asked["origin"] == sha256(origin.encode()).hexdigest()
    asked = lead["chain"]["entries"][0]["facts"]
    assert asked["lead"] == sha256(canonical(lead["lead"])).hexdigest()


@needs_tools
def test_a_changed_file_and_a_changed_list(folder: Path) -> None:
    (folder / "evidence.pdf").write_bytes(b"%PDF forged")
    changed = run(SHELL[0], folder)
    assert changed.returncode != 0
    assert "evidence.pdf: FAILED" in changed.stdout
    (folder / "files.txt").write_bytes(b"0" * 64 + b"  evidence.pdf\n")
    assert "Signature Verification Failure" in run(SHELL[1], folder).stdout


def test_the_chain(folder: Path) -> None:
    done = run_python(folder)
    assert done.returncode == 0, done.stderr
    entries = sum(len(one.chain.entries) for one in busy().evidence.registrations)
    assert done.stdout.count("True ") == entries
    for one in busy().evidence.registrations:
        assert one.chain.statement(one.registration_id).decode() in done.stdout


def test_a_changed_entry(folder: Path) -> None:
    place = ("registrations", 0, "chain", "entries", 2, "facts", "codeGiven")
    (folder / EVIDENCE).write_bytes(with_value(busy().files[EVIDENCE], place, value=True))
    done = run_python(folder)
    assert "False confirmed" in done.stdout
    assert "this entry was changed" in done.stderr
