"""A folder of forms: settings filled in, broken files named, the others kept."""

from pathlib import Path
from typing import Any

import pytest

from shared.form_files import FormUnreadable, LoadedForms, load_forms, read_form, settings_in
from shared.read_settings import SettingsInvalid
from shared.texts.languages import languages
from shared.values.form import State
from shared.wiring import Wiring
from tests.examples import FORM_SETTINGS, PURPOSE, ROOT, WEBSITE
from tests.told import told
from tests.values.form_definitions import changed, mistakes, write
from tests.values.test_settings import IN_AZURE


def load(folder: Path) -> LoadedForms:
    return load_forms(folder, FORM_SETTINGS, languages())


def set_title(text: str) -> Any:
    return lambda form: form["title"].update(de=text)


def test_settings_are_filled_in_everywhere(tmp_path: Path) -> None:
    form = changed(tmp_path)
    assert form.company.website == WEBSITE
    assert form.privacy_policy_url["de"] == f"{WEBSITE}/privacy.html"
    assert form.allowed_origins == (WEBSITE,)
    assert form.consents[0].purpose_id == PURPOSE
    assert form.trigger
    assert form.trigger.name == FORM_SETTINGS["FORM_TRIGGER_WHITEPAPER"]


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("100 % für %FORM_WEBSITE_URL%", f"100 % für {WEBSITE}"),
        ("%FORM_WEBSITE_URL%%FORM_WEBSITE_URL%", WEBSITE * 2),
        ("50 % und 20 % und %", "50 % und 20 % und %"),
        ("https://contoso.example/f%C3%BCr%20Sie", "https://contoso.example/f%C3%BCr%20Sie"),
        ("https://a/%C3%BCber%C3%A4%FORM_WEBSITE_URL%", f"https://a/%C3%BCber%C3%A4{WEBSITE}"),
    ],
)
def test_only_settings_are_replaced(tmp_path: Path, text: str, becomes: str) -> None:
    assert changed(tmp_path, set_title(text)).title["de"] == becomes


@pytest.mark.parametrize("name", ["DOI_PEPPER", "SMTP_PASSWORD", "form_website_url", "PATH"])
def test_no_other_setting_can_be_published(tmp_path: Path, name: str) -> None:
    settings = {**FORM_SETTINGS, name: "secret"}
    file = write(tmp_path, set_title(f"x %{name}%"))
    with pytest.raises(FormUnreadable) as unreadable:
        read_form(file, settings, languages())
    assert str(unreadable.value) == (
        f"whitepaper.json at /title/de: %{name}%: only settings that begin with FORM_ go here"
    )


@pytest.mark.parametrize("name", ["DATAVERSE_URL", "ACS_ENDPOINT"])
def test_one_that_looks_like_a_part_of_an_address_is_left_alone(tmp_path: Path, name: str) -> None:
    file = write(tmp_path, set_title(f"x %{name}%"))  # %DA is a byte of a web address
    form = read_form(file, {**FORM_SETTINGS, name: "secret"}, languages())
    assert form.title["de"] == f"x %{name}%"


@pytest.mark.parametrize("settings", [{}, {"FORM_WEBSITE_URL": ""}])
def test_a_setting_that_is_missing(tmp_path: Path, settings: dict[str, str]) -> None:
    with pytest.raises(FormUnreadable) as unreadable:
        read_form(write(tmp_path), settings, languages())
    assert [(each.pointer, each.reason) for each in unreadable.value.mistakes] == [
        (pointer, f"the setting {name} is missing")
        for pointer, name in (
            ("/company/website", "FORM_WEBSITE_URL"),
            ("/consents/0/purposeId", "FORM_PURPOSE_COMMERCIAL"),
            ("/consents/1/topicId", "FORM_TOPIC_PRODUCT_NEWS"),
            ("/mail/sender", "FORM_MAIL_SENDER"),
            ("/trigger/name", "FORM_TRIGGER_WHITEPAPER"),
        )
    ]


def test_other_mistakes_are_told_beside_a_missing_setting(tmp_path: Path) -> None:
    file = write(tmp_path, lambda form: form.update(state="live"))
    settings = {**FORM_SETTINGS, "FORM_TOPIC_PRODUCT_NEWS": ""}
    with pytest.raises(FormUnreadable) as unreadable:
        read_form(file, settings, languages())
    assert [each.pointer for each in unreadable.value.mistakes] == ["/consents/1/topicId", "/state"]


def test_a_key_that_stands_there_twice(tmp_path: Path) -> None:
    file = tmp_path / "whitepaper.json"
    file.write_text('{"title": {"de": "Alt", "de": "Neu"}}', encoding="utf-8")
    with pytest.raises(FormUnreadable, match=r"is not readable JSON: .* the same key twice: de"):
        read_form(file, FORM_SETTINGS, languages())


def test_the_place_of_a_missing_setting_is_a_json_pointer(tmp_path: Path) -> None:
    assert mistakes(tmp_path, lambda form: form.update({"a/b": ["%FORM_NONE%"]})) == [
        ("/a~1b/0", "the setting FORM_NONE is missing"),
        ("/a~1b", "is unknown here"),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1, 2", b'{"id": "whitepaper"}}', b"\xff\xfe\x00", b"\x80{}"]
)
def test_what_is_no_json(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "whitepaper.json"
    file.write_bytes(content)
    with pytest.raises(FormUnreadable, match=r"whitepaper\.json at /: is not readable JSON"):
        read_form(file, FORM_SETTINGS, languages())


@pytest.mark.parametrize("content", [b"[]", b'"form"', b"null", b"7"])
def test_json_that_is_no_form(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "whitepaper.json"
    file.write_bytes(content)
    with pytest.raises(FormUnreadable, match=r"whitepaper\.json at /: "):
        read_form(file, FORM_SETTINGS, languages())


def test_a_broken_form_among_good_ones(tmp_path: Path) -> None:
    write(tmp_path, name="good")
    write(tmp_path, lambda form: form.update(state="archived"), name="old")
    write(tmp_path, lambda form: form.update(state="live"), name="broken")
    (tmp_path / "form.schema.json").write_text("{}", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a form", encoding="utf-8")
    loaded = load(tmp_path)
    assert {name: form.state for name, form in loaded.forms.items()} == {
        "good": State.PUBLISHED,
        "old": State.ARCHIVED,
    }
    (broken,) = loaded.broken
    assert (broken.file, broken.pointer) == ("broken.json", "/state")
    assert str(broken).startswith("broken.json at /state: Input should be ")


def test_the_app_refuses_to_start_with_a_broken_form(tmp_path: Path) -> None:
    write(tmp_path, name="good")
    write(tmp_path, lambda form: form.update(state="live"), name="broken")
    with pytest.raises(SettingsInvalid, match=r"forms are wrong:\nbroken.json at /state: "):
        Wiring({**IN_AZURE, **FORM_SETTINGS, "DOI_FORMS_FOLDER": str(tmp_path)})


def test_the_app_skips_a_broken_form_only_if_the_setting_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, name="good")
    write(tmp_path, lambda form: form.update(state="live"), name="broken")
    folder = {"DOI_FORMS_FOLDER": str(tmp_path), "DOI_BROKEN_FORMS": "skip"}
    wiring = Wiring({**IN_AZURE, **FORM_SETTINGS, **folder})
    assert list(wiring.forms) == ["good"]
    [skipped] = told(caplog)
    assert (skipped.level, skipped.event) == ("ERROR", "form_skipped")
    assert skipped.has(file="broken.json", pointer="/state")
    assert skipped.facts["reason"].startswith("Input should be ")
    wiring.tell_mistakes()
    assert told(caplog) == [skipped] * 2


@pytest.mark.parametrize("files", [[], ["broken"]])
def test_the_app_does_not_start_without_any_form(tmp_path: Path, files: list[str]) -> None:
    for name in files:
        write(tmp_path, lambda form: form.update(state="live"), name=name)
    folder = {"DOI_FORMS_FOLDER": str(tmp_path), "DOI_BROKEN_FORMS": "skip"}
    with pytest.raises(SettingsInvalid, match="DOI_FORMS_FOLDER: no usable form"):
        Wiring({**IN_AZURE, **FORM_SETTINGS, **folder})


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    folder = {"DOI_FORMS_FOLDER": str(tmp_path / "none")}
    with pytest.raises(SettingsInvalid, match="DOI_FORMS_FOLDER: no usable form"):
        Wiring({**IN_AZURE, **FORM_SETTINGS, **folder})


def test_where_which_settings_stand(tmp_path: Path) -> None:
    found = settings_in(ROOT / "forms")
    assert found["newsletter"]["/trigger/name"] == ("FORM_TRIGGER_NEWSLETTER",)
    assert found["newsletter"]["/consents/0/purposeId"] == ("FORM_PURPOSE_COMMERCIAL",)
    assert "/mail/subject/en" not in found["newsletter"]
    (tmp_path / "broken.json").write_text("{", "utf-8")
    (tmp_path / "a.json").write_text('{"a": {"b/c": "%FORM_X%/%FORM_Y%"}}', "utf-8")
    assert settings_in(tmp_path) == {"a": {"/a/b~1c": ("FORM_X", "FORM_Y")}}
