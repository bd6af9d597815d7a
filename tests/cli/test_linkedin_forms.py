"""`doi linkedin forms`, in front of the LinkedIn simulator."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.operated_linkedin import (
    ACCOUNT,
    DONE,
    NO_ANSWER,
    NOTHING_FOUND,
    PAGE,
    REFUSED,
    WRONG_USAGE,
    Operated,
    printed,
)
from tests.linkedin_simulator.client import ENGLISH, EVENT, GERMAN


def file_with(folder: Path, content: Any) -> str:
    file = folder / "form.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(file)


def new_form(language: str = "en", country: str = "US", **changes: Any) -> dict[str, Any]:
    """A whole form, as LinkedIn documents it."""
    locale = f"{language}_{country}"
    email = {
        "name": "email",
        "question": {"localized": {locale: "E-mail"}},
        "predefinedField": "EMAIL",
        "questionDetails": {"textQuestionDetails": {}},
    }
    return {
        "owner": {"sponsoredAccount": ACCOUNT},
        "creationLocale": {"language": language, "country": country},
        "name": "From the command line",
        "content": {
            "headline": {"localized": {locale: "Hello"}},
            "questions": [email],
            "legalInfo": {"privacyPolicyUrl": "https://www.contoso.example/p", "consents": []},
        },
        **changes,
    }


def test_the_list_names_forms_and_who_takes_their_leads(operated: Operated) -> None:
    result = operated.doi("forms", "list")
    assert result.exit_code == DONE
    for shown in ("lead forms: 2", str(ENGLISH), "Newsletter (Deutsch)", "PUBLISHED", "newsletter"):
        assert shown in result.stdout


def test_the_list_for_programs(operated: Operated) -> None:
    found = printed(operated.doi("forms", "list", "--json"))
    by_id = {form["id"]: form for form in found["forms"]}
    assert set(by_id) == {str(ENGLISH), str(GERMAN)}
    assert by_id[str(GERMAN)] == {
        "id": "3162",
        "state": "PUBLISHED",
        "version": 1,
        "locale": "de-DE",
        "name": "Newsletter (Deutsch)",
        "ourForms": ["newsletter"],
        "review": by_id["3162"]["review"],
        "owner": ACCOUNT,
    }
    assert found["unreadable"] == []


def test_the_list_of_another_owner(operated: Operated) -> None:
    found = printed(operated.doi("forms", "list", "--json", "--owner", PAGE))
    assert [form["id"] for form in found["forms"]] == [str(EVENT)]
    assert found["forms"][0]["ourForms"] == ["webinar"]


@pytest.mark.parametrize("owner", ["522529623", "urn:li:person:1", "nonsense"])
def test_what_is_no_owner_is_wrong_usage(operated: Operated, owner: str) -> None:
    assert operated.doi("forms", "list", "--owner", owner).exit_code == WRONG_USAGE


def test_without_any_owner_it_says_where_to_name_one(operated: Operated) -> None:
    operated.connect(owners=())
    result = operated.doi("forms", "list")
    assert result.exit_code == WRONG_USAGE
    assert "LINKEDIN_OWNERS" in result.output


def test_a_form_is_shown_with_what_a_mapping_needs(operated: Operated) -> None:
    result = operated.doi("forms", "show", str(ENGLISH))
    assert result.exit_code == DONE
    for shown in ("FIRST_NAME", "label interests", "deliverability", "utm_campaign", "version 1"):
        assert shown in result.stdout
    exact = printed(operated.doi("forms", "show", f"urn:li:leadGenForm:{ENGLISH}", "--json"))
    assert exact["id"] == str(ENGLISH)
    assert exact["content"]["legalInfo"]["consents"][0]["id"] == 1


def test_a_form_that_linkedin_does_not_have(operated: Operated) -> None:
    result = operated.doi("forms", "show", "1")
    assert (result.exit_code, result.stdout) == (NOTHING_FOUND, "")
    assert "404" in result.stderr
    assert operated.doi("forms", "show", "nonsense").exit_code == WRONG_USAGE


def test_a_form_is_created(operated: Operated, tmp_path: Path) -> None:
    created = operated.doi("forms", "create", file_with(tmp_path, new_form()), "--json")
    assert created.exit_code == DONE, created.output
    new_id = printed(created)["id"]
    assert created.stderr == ""
    shown = printed(operated.doi("forms", "show", new_id, "--json"))
    assert (shown["name"], shown["state"]) == ("From the command line", "DRAFT")


def test_creating_a_form_in_another_language_tells_what_that_means(
    operated: Operated, tmp_path: Path
) -> None:
    created = operated.doi("forms", "create", file_with(tmp_path, new_form("de", "DE")))
    assert created.exit_code == DONE, created.output
    assert "only in campaigns of that language" in created.stderr
    assert created.stdout.startswith("Created: 7")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (new_form(owner={"organization": PAGE}), "forms of ad accounts"),
        (new_form(content={"headline": {"localized": {"en_US": "x"}}}), "at least one question"),
        ({"content": {"questions": 5}}, "/content/questions"),
    ],
)
def test_what_linkedin_would_refuse_is_not_sent(
    operated: Operated, tmp_path: Path, content: Any, problem: str
) -> None:
    result = operated.doi("forms", "create", file_with(tmp_path, content))
    assert result.exit_code == REFUSED
    assert "Not sent: " in result.stderr
    assert problem in result.stderr
    assert not [one for one in operated.api.state()["requests"] if "leadForms" in one["path"]]


@pytest.mark.parametrize("content", ["", "[]", "{", "5"])
def test_a_file_that_is_no_json_object_is_wrong_usage(
    operated: Operated, tmp_path: Path, content: str
) -> None:
    assert operated.doi("forms", "create", file_with(tmp_path, content)).exit_code == WRONG_USAGE
    missing = operated.doi("forms", "create", str(tmp_path / "nowhere.json"))
    assert missing.exit_code == WRONG_USAGE


def test_what_linkedin_refuses_is_told_in_its_words(operated: Operated, tmp_path: Path) -> None:
    operated.api.settings(scopes=["r_marketing_leadgen_automation"])
    result = operated.doi("forms", "create", file_with(tmp_path, new_form()))
    assert result.exit_code == REFUSED
    assert "rw_ads" in result.stderr


def test_content_changes_only_after_a_warning(operated: Operated, tmp_path: Path) -> None:
    changes = file_with(tmp_path, {"hiddenFields": [{"name": "utm_campaign", "value": "winter"}]})
    refused = operated.doi("forms", "update", str(ENGLISH), changes, answer="n\n")
    assert refused.exit_code == 1
    assert "new version of the form" in refused.stderr
    assert "form 'newsletter'" in refused.stderr
    before = printed(operated.doi("forms", "show", str(ENGLISH), "--json"))
    assert before["hiddenFields"][0]["value"] == "autumn-en"

    changed = operated.doi("forms", "update", str(ENGLISH), changes, "--yes", "--json")
    assert changed.exit_code == DONE, changed.output
    assert "new version of the form" in changed.stderr
    assert printed(changed) == {"id": str(ENGLISH), "changed": ["hiddenFields"]}
    after = printed(operated.doi("forms", "show", str(ENGLISH), "--json"))
    assert (after["hiddenFields"][0]["value"], after["versionId"]) == ("winter", 2)


def test_a_new_name_needs_no_warning(operated: Operated, tmp_path: Path) -> None:
    renamed = operated.doi("forms", "update", "3162", file_with(tmp_path, {"name": "Neu"}))
    assert (renamed.exit_code, renamed.stderr) == (DONE, "")
    assert printed(operated.doi("forms", "show", "3162", "--json"))["name"] == "Neu"


def test_a_form_is_archived_after_a_question(operated: Operated) -> None:
    refused = operated.doi("forms", "archive", "3162", answer="n\n")
    assert refused.exit_code == 1
    assert "form 'newsletter'" in refused.stderr
    assert printed(operated.doi("forms", "show", "3162", "--json"))["state"] == "PUBLISHED"
    archived = operated.doi("forms", "archive", "3162", "--yes", "--json")
    assert archived.exit_code == DONE, archived.output
    assert printed(archived) == {"id": "3162", "state": "ARCHIVED"}
    assert printed(operated.doi("forms", "show", "3162", "--json"))["state"] == "ARCHIVED"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"status": 503}, "try again"),
        ({"status": 429, "times": 2}, "midnight UTC"),
    ],
)
def test_linkedin_that_does_not_answer(
    operated: Operated, fault: dict[str, Any], words: str
) -> None:
    operated.api.fault(match="GET leadForms", **fault)
    result = operated.doi("forms", "list")
    assert (result.exit_code, result.stdout) == (NO_ANSWER, "")
    assert words in result.stderr


def test_a_version_that_is_gone_says_which_setting_mends_it(operated: Operated) -> None:
    operated.version = "202511"
    operated.connect()
    result = operated.doi("forms", "list")
    assert result.exit_code == REFUSED
    assert "LINKEDIN_VERSION" in result.stderr
    assert "DOI_LINKEDIN" not in result.stderr


def test_nobody_has_signed_in(operated: Operated) -> None:
    operated.tokens.stored = None
    result = operated.doi("forms", "list")
    assert result.exit_code == REFUSED
    assert "doi linkedin authorize" in result.stderr
