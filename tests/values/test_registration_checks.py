"""Consents, language and source of a registration."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest

from shared.values.form import Form
from shared.values.registration import Source
from shared.values.registration_checks import (
    CheckedRegistration,
    check_registration,
    language_of,
)
from tests.examples import sample_forms

WHITEPAPER = sample_forms()["whitepaper"]
FIELDS: Mapping[str, Any] = {
    "email": "anna@example.com",
    "firstName": "Anna",
    "lastName": "Lee",
    "companySize": "small",
    "asset": "consent",
}


def check(form: Form = WHITEPAPER, **changes: Any) -> CheckedRegistration:
    posted = {
        "language": "de",
        "fields": FIELDS,
        "consents": ["download"],
        "page_url": None,
        "campaign": None,
    }
    return check_registration(form, **(posted | changes))


def errors(**changes: Any) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in check(**changes).errors]


def test_a_ticked_box_is_kept_with_the_text_beside_it() -> None:
    checked = check(consents=["productNews", "download"])
    assert checked.errors == ()
    assert [given.id for given in checked.consents] == ["download", "productNews"]
    for given in checked.consents:
        text = WHITEPAPER.consent(given.id).text["de"]
        assert (given.language, given.text) == ("de", text)
        assert given.version == sha256(text.encode()).hexdigest()


def test_the_version_of_a_text_is_the_hash_of_exactly_that_text() -> None:
    consent = WHITEPAPER.consents[0]
    assert consent.version("en") != consent.version("de")
    changed = consent.model_copy(update={"text": {"de": consent.text["de"] + " "}})
    assert changed.version("de") != consent.version("de")
    umlaut = consent.model_copy(update={"text": {"de": "Ü"}})
    assert umlaut.version("de") == sha256("Ü".encode()).hexdigest()


def test_an_optional_box_may_stay_empty() -> None:
    assert [given.id for given in check(consents=["download"]).consents] == ["download"]


def test_a_box_ticked_twice_is_one_consent() -> None:
    assert len(check(consents=["download", "download"]).consents) == 1


@pytest.mark.parametrize(
    ("consents", "expected"),
    [
        ([], [("/consents/download", "consent_required")]),
        (["productNews"], [("/consents/download", "consent_required")]),
        (["Download"], [("/consents/0", "unknown_consent"), ("/consents/download", "consent_req")]),
        (["download", "<b>"], [("/consents/1", "unknown_consent")]),
        (None, [("/consents", "wrong_type")]),
        ("download", [("/consents", "wrong_type")]),
        ({"download": True}, [("/consents", "wrong_type")]),
        (True, [("/consents", "wrong_type")]),
        (["download", 1], [("/consents", "wrong_type")]),
        ([["download"]], [("/consents", "wrong_type")]),
    ],
)
def test_boxes_that_are_missing_or_unknown(consents: Any, expected: list[tuple[str, str]]) -> None:
    found = errors(consents=consents)
    assert [pointer for pointer, _ in found] == [pointer for pointer, _ in expected]
    for (_, code), (_, beginning) in zip(found, expected, strict=True):
        assert code.startswith(beginning)


def test_many_unknown_boxes_get_a_short_answer() -> None:
    assert len(errors(consents=["x"] * 5000)) <= 51


def test_without_any_consent_there_is_nothing_to_confirm() -> None:
    optional = tuple(c.model_copy(update={"required": False}) for c in WHITEPAPER.consents)
    form = WHITEPAPER.model_copy(update={"consents": optional})
    assert errors(form=form, consents=[]) == [("/consents", "consent_required")]
    assert errors(form=form, consents=["productNews"]) == []


def test_where_the_registration_came_from() -> None:
    page_url = "https://www.contoso.example/a?utm_source=x#y"
    checked = check(page_url=f" {page_url} ", campaign=" spring ")
    assert checked.errors == ()
    assert checked.source == Source(page_url=page_url, campaign="spring")


@pytest.mark.parametrize("nothing", [None, ""])
def test_the_source_may_stay_unknown(nothing: str | None) -> None:
    assert check(page_url=nothing, campaign=nothing).source == Source()


@pytest.mark.parametrize(
    ("page_url", "code"),
    [
        ("javascript:alert(1)", "pattern"),
        ("www.contoso.example", "pattern"),
        ("https://", "pattern"),
        ("http://[", "pattern"),
        ("https://a/" + "x" * 1991, "too_long"),
        ("https://a/\r\nBcc:", "line_break"),
        ("https://a/\x00", "control_character"),
        (5, "wrong_type"),
        (["https://a"], "wrong_type"),
    ],
)
def test_a_page_that_is_none(page_url: Any, code: str) -> None:
    assert errors(page_url=page_url, campaign="spring") == [("/source/pageUrl", code)]


@pytest.mark.parametrize(
    ("campaign", "code"),
    [("x" * 101, "too_long"), ("a\r\nBcc:", "line_break"), (5, "wrong_type"), ({}, "wrong_type")],
)
def test_a_campaign_that_is_none(campaign: Any, code: str) -> None:
    assert errors(page_url="https://a/", campaign=campaign) == [("/source/campaign", code)]


def test_longest_page_and_campaign() -> None:
    page_url, campaign = "https://a/" + "x" * 1990, "x" * 100
    assert check(page_url=page_url, campaign=campaign).source == Source(
        page_url=page_url, campaign=campaign
    )


def test_every_mistake_is_told_at_once() -> None:
    found = errors(fields={}, consents=[], page_url=1, campaign=1)
    assert {pointer for pointer, _ in found} == {
        "/fields/email",
        "/fields/firstName",
        "/fields/lastName",
        "/fields/companySize",
        "/fields/asset",
        "/consents/download",
        "/source/pageUrl",
        "/source/campaign",
    }


@pytest.mark.parametrize(
    ("wanted", "accept_language", "language"),
    [
        ("de", "en", "de"),
        ("de-AT", None, "de"),
        (None, "fr;q=0.9, de;q=0.5", "de"),
        ("", "de", "de"),
        ("tlh", "de", "en"),  # unknown: the form's first
        (None, None, "en"),
        (5, "de", "de"),
        (["de"], None, "en"),
        ("x" * 30_000, None, "en"),
        ("\ud800", None, "en"),
    ],
)
def test_an_unknown_language_falls_back(
    wanted: Any, accept_language: str | None, language: str
) -> None:
    assert language_of(WHITEPAPER, wanted, accept_language) == language
