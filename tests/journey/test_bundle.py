"""From a sign-up on the running stack to a bundle that a court could check."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from pypdf import PdfReader

from tests.journey.customer_insights import known_once_promoted
from tests.journey.inbox import mail_to
from tests.journey.operator import doi, ended_doi
from tests.journey.person import Person, somebody
from tests.journey.sign_up import SECONDS, press, press_with, sign_up, token_of
from tests.journey.storage import wait_for_record
from tests.journey.waiting import until
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

NOTHING_FOUND, DOES_NOT_HOLD = 3, 7


def evidence(stack: Stack, person: Person, folder: Path, *options: str) -> dict[str, Any]:
    printed: dict[str, Any] = doi(stack, "evidence", person.email, "--out", str(folder), *options)
    return printed


def kinds(folder: Path) -> list[str]:
    [one] = json.loads((folder / "evidence.json").read_bytes())["registrations"]
    return [entry["kind"] for entry in one["chain"]["entries"]]


def opted_out(stack: Stack, registration_id: str) -> bool:
    [note] = json.loads(wait_for_record(stack, registration_id, "promoted")["withdrawals"])
    return note["optedOutAt"] is not None


def test_from_the_sign_up_to_the_bundle(stack: Stack, person: Person, tmp_path: Path) -> None:
    registration_id = sign_up(stack, person)
    mail = mail_to(stack, person.email)
    press(mail.confirm_url)
    [contact] = known_once_promoted(stack, person).contacts
    folder = tmp_path / "bundle"

    made = evidence(stack, person, folder)

    assert (made["broken"], made["mailsNotKept"]) == ([], [])
    assert [one["registration"] for one in made["registrations"]] == [registration_id]
    assert kinds(folder) == ["asked", "mailed", "confirmed", "written", "triggered"]
    arrived = requests.get(mail.source_url, timeout=SECONDS).content
    assert (folder / f"mail-{registration_id}-1.eml").read_bytes() == arrived
    pages = PdfReader(io.BytesIO((folder / "evidence.pdf").read_bytes())).pages
    said = " ".join("\n".join(page.extract_text() for page in pages).split())
    for words in (person.email, registration_id, contact["contactid"], "127.0.0.1"):
        assert words in said
    assert doi(stack, "verify", str(folder), "--key", made["fingerprint"])["holds"]
    assert doi(stack, "verify", str(folder))["holds"]  # the stack's own pepper says whose it is

    url = str(contact["new_withdrawlink"])
    assert press_with(f"{stack.functions}/api/withdraw", token_of(url)).ok
    until(lambda: opted_out(stack, registration_id), "the end of the withdrawal")
    evidence(stack, person, folder, "--force")
    assert kinds(folder)[-2:] == ["withdrawn", "opted_out"]
    assert doi(stack, "verify", str(folder))["holds"]


def test_another_installation_and_a_changed_file_are_refused(
    stack: Stack, person: Person, tmp_path: Path
) -> None:
    sign_up(stack, person)
    mail_to(stack, person.email)
    folder = tmp_path / "bundle"
    evidence(stack, person, folder, "--language", "de")

    elsewhere = ended_doi(
        stack, "verify", str(folder), DOI_PEPPER="the pepper of another installation"
    )
    assert elsewhere.returncode == DOES_NOT_HOLD
    assert "from another installation" in elsewhere.stdout

    with (folder / "evidence.json").open("ab") as file:
        file.write(b" ")
    changed = ended_doi(stack, "verify", str(folder))
    assert changed.returncode == DOES_NOT_HOLD
    assert "First broken: evidence.json, file: was changed" in changed.stdout


def test_about_a_stranger_there_is_nothing(stack: Stack, tmp_path: Path) -> None:
    folder = str(tmp_path / "bundle")
    ended = ended_doi(stack, "evidence", somebody().email, "--out", folder)
    assert ended.returncode == NOTHING_FOUND
    assert not (tmp_path / "bundle").exists()
