"""`doi forms check`, as somebody who writes forms, or a pipeline, meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.form_folder import Doi, definition, doi_on, write
from tests.examples import ROOT

DONE, NOT_ALL_DONE, NOTHING_FOUND, SETTINGS_WRONG = 0, 1, 3, 4
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def doi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doi:
    return doi_on(tmp_path, monkeypatch)


def found(doi: Doi, folder: Path, change: Change) -> dict[str, Any]:
    """What is said about the newsletter after a change."""
    form = definition()
    change(form)
    write(folder, form, "newsletter")
    result = doi("forms", "check", "--json")
    [checked] = json.loads(result.stdout)
    assert result.exit_code == (DONE if checked["good"] else NOT_ALL_DONE)
    return dict(checked)


def broken(checked: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["pointer"], each["mend"]) for each in checked["remarks"] if each["breaks"]]


def test_the_shipped_forms_are_good(monkeypatch: pytest.MonkeyPatch) -> None:
    result = doi_on(ROOT / "forms", monkeypatch)("forms", "check")
    assert result.exit_code == DONE, result.output
    assert "MEND" not in result.stdout
    assert "newsletter: published, in en, de, fr\n" in result.stdout
    assert "  mail  18 mails, clean (normal mode)\n" in result.stdout
    assert "  leads from 2 LinkedIn lead forms\n" in result.stdout
    assert "  leads none: no linkedIn section\n" in result.stdout


def test_every_mistake_of_every_file_is_told_with_its_line(doi: Doi, tmp_path: Path) -> None:
    form = definition()
    form["state"] = "live"
    form["stat"] = "draft"
    del form["mail"]["sender"]
    form["company"]["website"] = "%FORM_NOWHERE%"
    file = write(tmp_path, form)
    (tmp_path / "torn.json").write_text('{"id": "torn",\n', encoding="utf-8")
    write(tmp_path, definition("whitepaper"))
    result = doi("forms", "check")
    assert result.exit_code == NOT_ALL_DONE
    lines = file.read_text(encoding="utf-8").splitlines()

    def place(words: str, pointer: str) -> str:
        line = next(number for number, text in enumerate(lines, 1) if words in text)
        return f"  MEND  {tmp_path.name}/newsletter.json:{line} at {pointer}: "

    for shown in (
        "newsletter: no usable form\n",
        place("FORM_NOWHERE", "/company/website") + "the setting FORM_NOWHERE is missing\n",
        place('"live"', "/state") + "Input should be 'draft', 'published' or 'archived'\n",
        place('"stat":', "/stat") + "is unknown here\n        → did you mean 'state'?\n",
        place('"mail":', "/mail/sender") + "is missing\n",
        f"  MEND  {tmp_path.name}/torn.json at /: is not readable JSON: ",
        "whitepaper: published, in en, de\n",
    ):
        assert shown in result.stdout


@pytest.mark.parametrize(
    ("change", "pointer", "mend"),
    [
        (lambda f: f.update(state="live"), "/state", "write one of these: 'draft', "),
        (lambda f: f.update(zzz=1), "/zzz", "remove it; known here: $schema, allowedOrigins,"),
        (lambda f: f["fields"][1].update(labell={}), "/fields/1/labell", "did you mean 'label'?"),
        (lambda f: f["mail"].pop("text"), "/mail/text", "add it: one sentence: what the person"),
        (lambda f: f.pop("title"), "/title", "add it: one line of text in every language"),
        (lambda f: f["title"].pop("de"), "/title", "give exactly these languages: en, de, fr"),
        (lambda f: f.update(id="other"), "/id", "write newsletter here, or rename the file"),
        (
            lambda f: f["consents"][0].update(purposeId="%DOI_PEPPER%"),
            "/consents/0/purposeId",
            "a form's definition is published: put the value into a setting FORM_DOI_PEPPER",
        ),
        (
            lambda f: f["consents"][0].update(purposeId="%FORM_NONE%"),
            "/consents/0/purposeId",
            "set FORM_NONE where the app's settings are",
        ),
        (
            lambda f: f["consents"][0].update(purposeId="7"),
            "/consents/0/purposeId",
            "it should be: msdynmkt_purpose of the compliance profile",
        ),
        (lambda f: f.update(linkLifetime="P9D"), "/linkLifetime", "make it shorter, or forgotten"),
        (lambda f: f.update(linkLifetime=3), "/linkLifetime", "docs/forms.md says what"),
        (
            lambda f: f["linkedIn"]["forms"][0]["fields"].update(shoe={"label": "Shoe"}),
            "/linkedIn/forms/0/fields",
            "correct shoe, or add it to the form",
        ),
        (
            lambda f: f["linkedIn"]["forms"][0].update(consents={}),
            "/linkedIn/forms/0/consents",
            "map newsletter to a question of the lead form",
        ),
        (
            lambda f: f["mail"].update(sender="contoso@gmail.com"),
            "/mail/sender",
            "send from a domain of your own",
        ),
        (
            lambda f: f["privacyPolicyUrl"].update(de="http://www.contoso.com/privacy"),
            "/privacyPolicyUrl/de",
            "give the https address",
        ),
    ],
)
def test_each_mistake_says_how_to_mend_it(
    doi: Doi, tmp_path: Path, change: Change, pointer: str, mend: str
) -> None:
    mistakes = broken(found(doi, tmp_path, change))
    assert [where for where, _ in mistakes] == [pointer]
    assert mistakes[0][1].startswith(mend)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda f: f["company"].update(website="http://127.0.0.1:8080"), "/company/website"),
        (lambda f: f["mail"].pop("senderName"), "/mail/senderName"),
        (lambda f: f.update(forgottenAfter="P15D"), "/forgottenAfter"),
        (lambda f: f.update(allowedOrigins=[]), "/allowedOrigins"),
        (lambda f: f["consents"][0].update(required=False), "/consents"),
        (lambda f: f["mail"]["text"].update(fr=f["mail"]["text"]["en"]), "/mail/text/fr"),
    ],
)
def test_what_is_allowed_and_deserves_a_word(
    doi: Doi, tmp_path: Path, change: Change, pointer: str
) -> None:
    def with_a_real_sender(form: dict[str, Any]) -> None:
        form["mail"]["sender"] = "newsletter@contoso.com"
        change(form)

    checked = found(doi, tmp_path, with_a_real_sender)
    assert checked["good"]
    assert [each["pointer"] for each in checked["remarks"]] == [pointer]
    assert not checked["remarks"][0]["breaks"]


def test_a_form_of_a_real_company_has_nothing_to_remark(doi: Doi, tmp_path: Path) -> None:
    checked = found(doi, tmp_path, lambda f: f["mail"].update(sender="news@contoso.com"))
    assert checked == {
        "form": "newsletter",
        "file": f"{tmp_path.name}/newsletter.json",
        "good": True,
        "state": "published",
        "languages": ["en", "de", "fr"],
        "remarks": [],
        "mails": 18,
        "findings": [],
        "linkedInForms": 2,
    }


def test_a_mail_that_advertises_is_to_be_mended(doi: Doi, tmp_path: Path) -> None:
    form = definition()
    form["mail"]["text"]["en"] = "Buy now. Please confirm. Welcome."
    write(tmp_path, form)
    result = doi("forms", "check", "newsletter")
    assert result.exit_code == NOT_ALL_DONE
    assert "  mail  18 mails, 1 to mend: advertising-words\n" in result.stdout
    assert "`doi mail lint newsletter --normal`" in result.stdout
    assert doi("forms", "check", "--allow", "Buy now").exit_code == DONE


def test_a_sender_that_no_provider_takes_is_told_once(doi: Doi, tmp_path: Path) -> None:
    checked = found(doi, tmp_path, lambda f: f["mail"].update(sender="news@localhost"))
    assert {each["rule"] for each in checked["findings"]} == {"sendable"}
    assert checked["findings"][0]["excerpt"] == "the mail's sender is no address"
    preview = doi("forms", "preview", "newsletter", "--out", str(tmp_path / "out"))
    assert preview.exit_code == NOT_ALL_DONE
    assert preview.stderr.startswith("newsletter: the mail's sender is no address. `doi forms ch")


def test_an_unknown_form_and_an_empty_folder(doi: Doi, tmp_path: Path) -> None:
    empty = doi("forms", "check")
    assert "DOI_FORMS_FOLDER: no form in" in str(empty.exception)
    write(tmp_path, definition())
    unknown = doi("forms", "check", "nothing")
    assert unknown.exit_code == NOTHING_FOUND
    assert unknown.stderr == "There is no form nothing; there are newsletter.\n"


def test_two_forms_that_want_the_same_leads(doi: Doi, tmp_path: Path) -> None:
    write(tmp_path, definition())
    write(tmp_path, definition() | {"id": "second"})
    checked = json.loads(doi("forms", "check", "second", "--json").stdout)
    assert broken(checked[0])[0] == (
        "/linkedIn/forms/0/id",
        "name the lead form in one form only: this one, or newsletter",
    )
