"""`doi mail lint`, as an operator or a pipeline meets it."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.lint.rules import RULES
from tests.cli.form_folder import Doi, definition, doi_on, write
from tests.examples import ROOT

DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND, SETTINGS_WRONG = 0, 1, 2, 3, 4


@pytest.fixture
def doi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doi:
    return doi_on(tmp_path, monkeypatch)


@pytest.fixture
def advertising(tmp_path: Path) -> dict[str, Any]:
    """A newsletter that welcomes people in German, and has offers in English."""
    form = definition()
    form["mail"]["text"]["de"] = "Willkommen bei Contoso. Bitte bestätigen Sie Ihre Anmeldung."
    form["mail"]["subject"]["en"] = "Please confirm for our special offers"
    write(tmp_path, form)
    write(tmp_path, definition("webinar"))
    return form


def test_the_shipped_forms_are_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    result = doi_on(ROOT / "forms", monkeypatch)("mail", "lint")
    assert result.exit_code == DONE, result.output
    assert result.stdout.splitlines() == [
        "newsletter: 18 mails, clean (strict mode)",
        "webinar: 18 mails, clean (strict mode)",
        "whitepaper: 12 mails, clean (strict mode)",
    ]


@pytest.mark.usefixtures("advertising")
def test_each_finding_says_what_where_why_and_how_to_mend(doi: Doi, tmp_path: Path) -> None:
    result = doi("mail", "lint")
    assert result.exit_code == NOT_ALL_DONE
    lines = (tmp_path / "newsletter.json").read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "Willkommen bei" in text)
    place = f"{tmp_path.name}/newsletter.json:{line} at /mail/text/de"
    for shown in (
        "newsletter, de",
        "  welcome: “Willkommen”",
        "    Willkommen bei Contoso. Bitte bestätigen Sie Ihre…",
        f"    {place}  (confirmation, renewal, reminder · website, LinkedIn lead)",
        "    → Leave it out: whoever reads the mail may never have signed up.",
        "LG Stendal, 12.05.2021, 22 S 87/20",
        "newsletter: 18 mails, 2 to mend (strict mode)",
        "webinar: 18 mails, clean (strict mode)",
    ):
        assert shown in result.stdout
    assert result.stdout.count("LG Stendal") == 1


@pytest.mark.usefixtures("advertising")
def test_normal_mode_lets_a_welcome_pass(doi: Doi) -> None:
    result = doi("mail", "lint", "--normal", "--json")
    assert result.exit_code == NOT_ALL_DONE
    report = json.loads(result.stdout)
    assert (report["mode"], report["mails"], report["broken"]) == ("normal", 36, [])
    [found] = report["findings"]
    assert (found["form"], found["language"], found["rule"]) == (
        "newsletter",
        "en",
        "advertising-words",
    )
    assert (found["pointer"], found["part"]) == ("/mail/subject/en", "subject")
    assert len(found["mails"]) == 6
    assert found["url"].startswith("https://")


@pytest.mark.usefixtures("advertising")
def test_only_some_forms_and_languages(doi: Doi) -> None:
    assert doi("mail", "lint", "webinar").exit_code == DONE
    assert doi("mail", "lint", "newsletter", "--language", "fr").exit_code == DONE
    chosen = doi("mail", "lint", "forms/newsletter.json", "--language", "de", "--json")
    assert json.loads(chosen.stdout)["mails"] == 6
    for nothing in (["mail", "lint", "nothing"], ["mail", "lint", "--language", "it"]):
        result = doi(*nothing)
        assert (result.exit_code, result.stdout) == (NOTHING_FOUND, "")
        assert result.stderr


@pytest.mark.usefixtures("advertising")
def test_a_name_can_be_allowed(doi: Doi) -> None:
    allowed = doi("mail", "lint", "newsletter", "--normal", "--allow", "Special Offers")
    assert allowed.exit_code == DONE, allowed.output


def test_a_broken_file_is_no_clean_one(doi: Doi, tmp_path: Path) -> None:
    write(tmp_path, definition())
    write(tmp_path, definition("webinar") | {"state": "live"})
    result = doi("mail", "lint", "--json")
    assert result.exit_code == NOT_ALL_DONE
    assert json.loads(result.stdout)["broken"] == ["webinar"]
    assert "`doi forms check`" in result.stderr
    assert doi("mail", "lint", "newsletter").exit_code == DONE
    assert doi("mail", "lint", "webinar").exit_code == NOT_ALL_DONE


def test_the_rules_can_be_listed_without_any_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doi = doi_on(tmp_path, monkeypatch, DOI_PUBLIC_URL="")
    result = doi("mail", "lint", "--rules", "--json")
    assert result.exit_code == DONE
    assert [each["id"] for each in json.loads(result.stdout)] == [rule.id for rule in RULES]
    assert "welcome" in doi("mail", "lint", "--rules").stdout
    assert "welcome" not in doi("mail", "lint", "--rules", "--normal").stdout
