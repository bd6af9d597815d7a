"""Each rule of a form file, broken once: the file, the place and the reason are told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.texts.languages import languages
from shared.values.form import State
from shared.values.form_rules import CONSENTS_LENGTH, RESERVED_NAMES
from tests.values.form_definitions import Change, changed, mistakes, write
from tests.values.form_definitions import whitepaper as definition

FIRST_NAME, JOB_TITLE, PHONE, COMPANY_SIZE, PROJECT_START = 1, 3, 4, 5, 7


def put(*path: str | int, value: Any) -> Change:
    """A change that writes one value."""

    def change(form: Any) -> None:
        for part in path[:-1]:
            form = form[part]
        form[path[-1]] = value

    return change


def drop(*path: str | int) -> Change:
    """A change that leaves one value out."""

    def change(form: Any) -> None:
        for part in path[:-1]:
            form = form[part]
        del form[path[-1]]

    return change


def test_the_sample_is_a_form(tmp_path: Path) -> None:
    form = changed(tmp_path)
    assert form.state is State.PUBLISHED
    assert form.email_field.id == "email"
    assert form.link_lifetime == timedelta(days=3)
    assert form.reminder_after == timedelta(days=2)


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    def shorten(form: dict[str, Any]) -> None:
        for name in ("linkLifetime", "forgottenAfter", "reminderAfter", "allowedOrigins"):
            del form[name]
        del form["company"]["colour"]

    form = changed(tmp_path, shorten)
    assert (form.link_lifetime, form.forgotten_after) == (timedelta(days=3), timedelta(days=7))
    assert form.reminder_after is None
    assert form.allowed_origins == ()
    assert form.honeypot == "homepage"
    assert form.company.colour == "#1a56a8"
    assert form.redirects.accepted is None


@pytest.mark.parametrize(
    ("change", "pointer", "reason"),
    [
        # the form itself
        (put("surprise", value=1), "/surprise", "is unknown here"),
        (put("a/b~c", value=1), "/a~1b~0c", "is unknown here"),
        (drop("mail"), "/mail", "is missing"),
        (put("id", value="Whitepaper"), "/id", "pattern"),
        (put("id", value="other"), "/id", "but the file is called 'whitepaper.json'"),
        (put("state", value="live"), "/state", "'draft', 'published' or 'archived'"),
        (put("languages", value=[]), "/languages", "at least 1 item"),
        (put("languages", 1, value="german"), "/languages/1", "pattern"),
        (put("title", value={}), "/title", "at least 1 item"),
        (put("title", "de", value=""), "/title/de", "at least 1 character"),
        (put("title", "de", value="two\nlines"), "/title/de", "pattern"),
        (put("title", "de", value="x" * 401), "/title/de", "at most 400"),
        (put("title", "de_DE", value="Titel"), "/title/de_DE", "pattern"),
        (put("company", "website", value="contoso.com"), "/company/website", "not a web address"),
        (put("company", "website", value="https://"), "/company/website", "not a web address"),
        (put("company", "website", value="https://["), "/company/website", "Invalid IPv6 URL"),
        (put("company", "colour", value="blue"), "/company/colour", "pattern"),
        (put("company", "imprint", "de", value="x" * 2001), "/company/imprint/de", "at most 2000"),
        (
            put("privacyPolicyUrl", "de", value="javascript:alert(1)"),
            "/privacyPolicyUrl/de",
            "not a web address",
        ),
        (put("privacyPolicyUrl", "de", value="https://a/b c"), "/privacyPolicyUrl/de", "pattern"),
        (put("privacyPolicyUrl", "de", value="https://a@b/"), "/privacyPolicyUrl/de", "web addr"),
        (
            put("allowedOrigins", 0, value="https://a.example/"),
            "/allowedOrigins/0",
            "not an origin",
        ),
        (put("allowedOrigins", 0, value="https://A.example"), "/allowedOrigins/0", "lower case"),
        (put("allowedOrigins", 0, value="*"), "/allowedOrigins/0", "not a web address"),
        (put("honeypot", value="home page"), "/honeypot", "pattern"),
        (put("linkLifetime", value="3 days"), "/linkLifetime", "not an ISO 8601 duration"),
        (put("linkLifetime", value=3), "/linkLifetime", "not an ISO 8601 duration"),
        (put("linkLifetime", value="P3X"), "/linkLifetime", "valid timedelta"),
        (put("forgottenAfter", value="7"), "/forgottenAfter", "not an ISO 8601 duration"),
        (put("reminderAfter", value=True), "/reminderAfter", "not an ISO 8601 duration"),
        (put("linkLifetime", value="PT0S"), "/linkLifetime", "greater than"),
        (put("forgottenAfter", value="P366D"), "/forgottenAfter", "less than or equal"),
        (put("reminderAfter", value="PT0S"), "/reminderAfter", "greater than"),
        (put("redirects", value={"accepted": "/thanks"}), "/redirects/accepted", "web address"),
        # fields
        (put("fields", value=[]), "/fields", "at least 1 item"),
        (put("fields", FIRST_NAME, "id", value="first-name"), "/fields/1/id", "pattern"),
        (drop("fields", FIRST_NAME, "label"), "/fields/1/label", "is missing"),
        (drop("fields", FIRST_NAME, "kind"), "/fields/1", "'kind'"),
        (put("fields", FIRST_NAME, "kind", value="name"), "/fields/1", "'name' found using 'kind'"),
        (put("fields", FIRST_NAME, "maxLength", value=0), "/fields/1/maxLength", "greater than"),
        (put("fields", FIRST_NAME, "maxLength", value=4001), "/fields/1/maxLength", "less than"),
        (put("fields", FIRST_NAME, "minLength", value=-1), "/fields/1/minLength", "greater than"),
        (put("fields", FIRST_NAME, "minLength", value=51), "/fields/1", "greater than maxLength"),
        (
            put("fields", FIRST_NAME, "pattern", value="("),
            "/fields/1/pattern",
            "regular expression",
        ),
        (put("fields", FIRST_NAME, "column", value="First Name"), "/fields/1/column", "pattern"),
        (put("fields", FIRST_NAME, "autocomplete", value="<"), "/fields/1/autocomplete", "pattern"),
        (put("fields", FIRST_NAME, "options", value=[]), "/fields/1/options", "is unknown here"),
        (put("fields", PHONE, "region", value="Germany"), "/fields/4/region", "pattern"),
        (put("fields", COMPANY_SIZE, "options", value=[]), "/fields/5/options", "at least 1 item"),
        (
            put("fields", COMPANY_SIZE, "options", 1, "value", value="small"),
            "/fields/5/options",
            "same value",
        ),
        (
            put("fields", COMPANY_SIZE, "options", 1, "value", value="a b"),
            "/fields/5/options/1/value",
            "pattern",
        ),
        (
            drop("fields", COMPANY_SIZE, "options", 1, "dataverseValue"),
            "/fields/5/options",
            "every option has a dataverseValue or none",
        ),
        (
            put("fields", PROJECT_START, "earliest", value="2100-01-01"),
            "/fields/7",
            "earliest is after latest",
        ),
        (put("fields", PROJECT_START, "latest", value="soon"), "/fields/7/latest", "valid date"),
        # consents
        (put("consents", value=[]), "/consents", "at least 1 item"),
        (
            put("consents", 0, "purposeId", value="42"),
            "/consents/0/purposeId",
            "is not a GUID such as",
        ),
        (put("consents", 1, "topicId", value="42"), "/consents/1/topicId", "is not a GUID such as"),
        # mail
        (put("mail", "sender", value="contoso"), "/mail/sender", "pattern"),
        (put("mail", "sender", value="Contoso <a@b.example>"), "/mail/sender", "pattern"),
        (put("mail", "replyTo", value="a@b\r\nBcc: c@d"), "/mail/replyTo", "pattern"),
        (put("mail", "senderName", value="A\r\nBcc: c@d"), "/mail/senderName", "pattern"),
        (put("mail", "subject", "de", value="A\nB"), "/mail/subject/de", "pattern"),
        # trigger
        (put("trigger", "name", value="doi"), "/trigger/name", "pattern"),
        (
            put("trigger", "attributes", "campaign", value="x"),
            "/trigger/attributes/campaign",
            "pattern",
        ),
        (
            put("trigger", "attributes", "msdynmkt_bindingid", value="x"),
            "/trigger/attributes",
            "set by the app itself: msdynmkt_bindingid",
        ),
        (
            put("trigger", "attributes", "msdynmkt_source", value=""),
            "/trigger/attributes/msdynmkt_source",
            "at least 1 character",
        ),
        (
            put("trigger", "attributes", "msdynmkt_source", value=5),
            "/trigger/attributes/msdynmkt_source",
            "valid string",
        ),
        (
            put("trigger", "attributes", "msdynmkt_source", value={"fact": "weather"}),
            "/trigger/attributes/msdynmkt_source/fact",
            "'form', 'language'",
        ),
        (
            put("trigger", "attributes", "msdynmkt_source", value={"field": "phone"}),
            "/trigger/attributes/msdynmkt_source/otherwise",
            "is missing",
        ),
        (
            put("trigger", "attributes", value={f"msdynmkt_a{n}": "x" for n in range(30)}),
            "/trigger/attributes",
            "at most 29",
        ),
    ],
)
def test_a_mistake_in_one_place(tmp_path: Path, change: Change, pointer: str, reason: str) -> None:
    ((found_pointer, found_reason),) = mistakes(tmp_path, change)
    assert found_pointer == pointer
    assert reason in found_reason


@pytest.mark.parametrize(
    ("change", "pointer", "reason"),
    [
        (put("fields", JOB_TITLE, "id", value="lastName"), "/fields", "used twice as a field"),
        (
            put("honeypot", value="lastName"),
            "/fields",
            "used twice as a field or honeypot: lastName",
        ),
        (put("fields", JOB_TITLE, "column", value="lastname"), "/fields", "to the column lastname"),
        (put("consents", 1, "id", value="download"), "/consents", "two consents have the same id"),
        (drop("fields", 0), "/fields", "exactly one field of kind 'email'"),
        (
            lambda form: form["fields"].append(form["fields"][0] | {"id": "b", "column": None}),
            "/fields",
            "exactly one field of kind 'email'",
        ),
        (put("fields", 0, "required", value=False), "/fields", "with 'required': true"),
        (put("linkLifetime", value="P8D"), "/linkLifetime", "is longer than forgottenAfter"),
        (put("reminderAfter", value="P7D"), "/reminderAfter", "is not shorter than forgottenAfter"),
        (
            put("trigger", "attributes", "msdynmkt_x", value={"field": "age", "otherwise": "-"}),
            "/trigger/attributes",
            "unknown fields: age",
        ),
        (drop("title", "de"), "/title", "has en; needs en, de"),
        (put("title", "fr", value="Titre"), "/title", "has de, en, fr; needs en, de"),
        (drop("fields", PHONE, "hint", "de"), "/fields/4/hint", "has en; needs en, de"),
        (
            drop("fields", COMPANY_SIZE, "options", 2, "label", "de"),
            "/fields/5/options/2/label",
            "has en; needs en, de",
        ),
        (drop("consents", 1, "text", "de"), "/consents/1/text", "has en; needs en, de"),
        (drop("company", "imprint", "de"), "/company/imprint", "has en; needs en, de"),
        (drop("privacyPolicyUrl", "de"), "/privacyPolicyUrl", "has en; needs en, de"),
        (drop("mail", "subject", "de"), "/mail/subject", "has en; needs en, de"),
        (drop("mail", "text", "de"), "/mail/text", "has en; needs en, de"),
    ],
)
def test_parts_that_do_not_fit_together(
    tmp_path: Path, change: Change, pointer: str, reason: str
) -> None:
    ((found_pointer, found_reason),) = mistakes(tmp_path, change)
    assert found_pointer == pointer
    assert reason in found_reason


@pytest.mark.parametrize(("length", "fits"), [(CONSENTS_LENGTH - 4000, True), (1001, False)])
def test_all_consent_texts_fit_into_a_queue_message(
    tmp_path: Path, length: int, *, fits: bool
) -> None:
    def lengthen(form: dict[str, Any]) -> None:
        third = form["consents"][1] | {"id": "third", "text": {"en": "x", "de": "x" * length}}
        form["consents"].append(third)
        form["consents"][0]["text"]["de"] = form["consents"][1]["text"]["de"] = "x" * 2000

    too_long = [("/consents", f"the texts in de exceed {CONSENTS_LENGTH} characters")]
    assert mistakes(tmp_path, lengthen) == ([] if fits else too_long)


@pytest.mark.parametrize("name", sorted(RESERVED_NAMES))
def test_names_that_a_form_post_needs_itself(tmp_path: Path, name: str) -> None:
    ((_, reason),) = mistakes(tmp_path, put("fields", JOB_TITLE, "id", value=name))
    assert reason == f"reserved, choose another field id: {name}"


def instead_of_german(tag: str) -> Change:
    """A change that calls every German text something else."""

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {tag if key == "de" else key: renamed(item) for key, item in value.items()}

    return lambda form: form.update(renamed(definition()) | {"languages": ["en", tag]})


def test_a_language_without_texts(tmp_path: Path) -> None:
    ((pointer, reason),) = mistakes(tmp_path, instead_of_german("tlh"))
    assert pointer == "/languages"
    assert reason == f"no texts in tlh; there are {', '.join(sorted(languages()))}"


def test_german_texts_serve_austria(tmp_path: Path) -> None:
    assert changed(tmp_path, instead_of_german("de-AT")).languages == ("en", "de-AT")


def test_all_mistakes_of_a_file_are_told(tmp_path: Path) -> None:
    def break_twice(form: dict[str, Any]) -> None:
        form["state"] = "live"
        form["fields"][PHONE]["region"] = "Germany"

    assert [pointer for pointer, _ in mistakes(tmp_path, break_twice)] == [
        "/state",
        "/fields/4/region",
    ]


def test_all_broken_rules_of_a_file_are_told(tmp_path: Path) -> None:
    def break_three_rules(form: dict[str, Any]) -> None:
        del form["title"]["de"]
        del form["mail"]["subject"]["en"]
        form["linkLifetime"] = "P9D"

    assert mistakes(tmp_path, break_three_rules) == [
        ("/title", "has en; needs en, de"),
        ("/mail/subject", "has de; needs en, de"),
        ("/linkLifetime", "is longer than forgottenAfter"),
    ]


@pytest.mark.parametrize("spelling", ["A1B2C3D4-0000-4000-8000-00000000ABCD".lower(), None])
def test_guids_are_compared_in_lower_case(tmp_path: Path, spelling: str | None) -> None:
    guid = spelling or "A1B2C3D4-0000-4000-8000-00000000ABCD"
    form = changed(tmp_path, put("consents", 0, "purposeId", value=guid))
    assert form.consents[0].purpose_id == "a1b2c3d4-0000-4000-8000-00000000abcd"


def test_a_form_never_changes(tmp_path: Path) -> None:
    form = changed(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        form.id = "other"


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_read(tmp_path: Path, state: State) -> None:
    assert changed(tmp_path, put("state", value=state.value)).state is state


def test_a_file_is_written_as_editors_do(tmp_path: Path) -> None:
    file = write(tmp_path)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())  # with a byte order mark
    assert mistakes(tmp_path, lambda form: form) == []


def test_ids_may_be_pasted_in_capitals_and_braces(tmp_path: Path) -> None:
    pasted = "{20000000-AAAA-0000-0000-000000000001}"
    assert mistakes(tmp_path, put("consents", 1, "topicId", value=pasted)) == []


def test_a_list_of_wrong_entries_is_not_called_empty_as_well(tmp_path: Path) -> None:
    found = mistakes(tmp_path, put("consents", value=[{"id": "x"}]))
    assert {pointer for pointer, _ in found} == {"/consents/0/text", "/consents/0/purposeId"}
