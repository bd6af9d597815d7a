"""Addresses, telephone numbers, choices, boxes, dates: good and bad answers of each kind."""

import traceback
from typing import Any

import pytest

from shared.values.answer_error import AnswerRefused
from shared.values.answers import MOST_UNKNOWN_FIELDS, check_answers
from shared.values.email_address import normalised_address
from tests.values.one_field import ADDRESS, answered, form_with, options, refused


def address(raw: Any, **more: Any) -> str | tuple[str, int | None]:
    """The address taken, or code and limit of the refusal."""
    form = form_with("text")
    email = form.email_field.model_copy(update=more)
    form = form.model_copy(update={"fields": (email, form.fields[1])})
    checked = check_answers(form, {"email": raw})
    if checked.errors:
        (error,) = checked.errors
        assert error.pointer == "/fields/email"
        return error.code, error.limit
    return str(checked.answers["email"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("anna@example.com", "anna@example.com"),
        ("  anna@example.com ", "anna@example.com"),
        ("Anna.Lee@EXAMPLE.Com", "Anna.Lee@example.com"),  # the local part is the mailbox's own
        ("anna+news@example.com", "anna+news@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("anna@bücher.example", "anna@bücher.example"),
        ("anna@xn--bcher-kva.example", "anna@bücher.example"),
        ("ünal@example.com", "ünal@example.com"),
        ("u\u0308nal@example.com", "ünal@example.com"),
        ("用户@例え.jp", "用户@例え.jp"),
        ("اسم@مثال.إختبار", "اسم@مثال.إختبار"),
        ("иван@почта.рф", "иван@почта.рф"),
        ("anna@mailbox.test", "anna@mailbox.test"),
    ],
)
def test_addresses_in_their_normal_form(typed: str, kept: str) -> None:
    assert address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "anna",
        "anna@",
        "@example.com",
        "anna@@example.com",
        "anna@localhost",
        "anna@example",
        "anna@-example.com",
        "anna@example..com",
        "anna@example.com.",
        "an na@example.com",
        "anna..lee@example.com",
        ".anna@example.com",
        "anna@exa_mple.com",
        "anna@[192.0.2.1]",
        '"anna lee"@example.com',
        "Anna <anna@example.com>",
        "<anna@example.com>",
        "anna@example.com,ben@example.com",
        "anna@example.com;ben@example.com",
        "anna@example.com ben@example.com",
        "mailto:anna@example.com",
        "anna@nowhere.invalid",
        "anna(comment)@example.com",
        "anna@" + "x" * 64 + ".com",
        "a" * 65 + "@example.com",
        "anna@\u200bexample.com",
        "<script>@example.com",
    ],
)
def test_what_is_no_address(typed: str) -> None:
    assert address(typed) == ("invalid_email", None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("anna@example.com\r\nBcc: ben@example.com", "line_break"),
        ("anna@example.com\n", "line_break"),
        ("anna\x00@example.com", "control_character"),
        ("\u202eanna@example.com", "control_character"),
        ("an\ud800na@example.com", "control_character"),
        (5, "wrong_type"),
        (True, "wrong_type"),
        (["anna@example.com"], "wrong_type"),
        ({"email": "anna@example.com"}, "wrong_type"),
        ("", "required"),
        ("  ", "required"),
        (None, "required"),
    ],
)
def test_an_address_that_is_refused_for_another_reason(raw: Any, code: str) -> None:
    assert address(raw) == (code, None)


def test_the_library_that_quotes_the_address_is_not_quoted() -> None:
    with pytest.raises(AnswerRefused) as refused:
        normalised_address("anna@localhost")
    assert "email_validator" not in "".join(traceback.format_exception(refused.value))


def test_an_address_fits_the_column_of_dataverse() -> None:
    longest = "x" * 60 + "@" + "y" * 35 + ".com"
    assert len(longest) == 100
    assert address(longest) == longest
    assert address("x" + longest) == ("too_long", 100)
    assert address("x" + longest, max_length=120) == "x" + longest
    assert address("x" * 5000 + "@example.com") == ("invalid_email", None)


@pytest.mark.parametrize(
    ("typed", "region", "kept"),
    [
        ("+49 30 123456", None, "+4930123456"),
        ("030 / 12 34 56", "DE", "+4930123456"),
        ("(0) 171 5555555", "DE", "+491715555555"),
        ("+1 (425) 555-0100", "DE", "+14255550100"),
        ("٠٣٠ ١٢٣٤٥٦", "DE", "+4930123456"),
        ("", "DE", None),
        ("   ", "DE", None),
        (None, "DE", None),
    ],
)
def test_telephone_numbers(typed: str | None, region: str | None, kept: str | None) -> None:
    assert answered(typed, "phone", region=region) == kept


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("030 123456", "invalid_phone"),  # of which country?
        ("+49", "invalid_phone"),
        ("+1 425 55", "invalid_phone"),  # too short for that country
        ("12", "invalid_phone"),
        ("call me", "invalid_phone"),
        ("+49 " + "1" * 5000, "invalid_phone"),
        ("<script>", "invalid_phone"),
        ("+49 30\r\n123456", "line_break"),
        ("+49 30 \x00", "control_character"),
        (4930123456, "wrong_type"),
        (["+49 30 123456"], "wrong_type"),
    ],
)
def test_what_is_no_telephone_number(raw: Any, code: str) -> None:
    assert refused(raw, "phone") == (code, None)


def test_a_required_number_needs_more_than_space() -> None:
    assert refused(" ", "phone", required=True) == ("required", None)


def test_a_choice() -> None:
    sizes = options("small", "large")
    assert answered("large", "choice", options=sizes) == "large"
    assert answered("", "choice", options=sizes) is None
    assert refused("", "choice", options=sizes, required=True) == ("required", None)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("medium", "not_an_option"),
        ("SMALL", "not_an_option"),
        (" small", "not_an_option"),
        ("small\x00", "not_an_option"),
        (["small"], "wrong_type"),
        (0, "wrong_type"),
        (True, "wrong_type"),
    ],
)
def test_what_the_choice_does_not_offer(raw: Any, code: str) -> None:
    assert refused(raw, "choice", options=options("small", "large")) == (code, None)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (["b"], ["b"]),
        (["c", "a"], ["a", "c"]),  # in the order of the form
        (["a", "a"], ["a"]),
        ([], None),
        ("", None),
        (None, None),
    ],
)
def test_several_choices(raw: Any, kept: list[str] | None) -> None:
    assert answered(raw, "multipleChoice", options=options("a", "b", "c")) == kept


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (["a", "d"], "not_an_option"),
        ([""], "not_an_option"),
        ("a", "wrong_type"),
        (["a", 1], "wrong_type"),
        ([["a"]], "wrong_type"),
        ({"a": True}, "wrong_type"),
        (True, "wrong_type"),
    ],
)
def test_what_several_choices_do_not_offer(raw: Any, code: str) -> None:
    assert refused(raw, "multipleChoice", options=options("a", "b", "c")) == (code, None)


@pytest.mark.parametrize("raw", [[], "", None])
def test_required_choices_need_one(raw: Any) -> None:
    assert refused(raw, "multipleChoice", options=options("a"), required=True) == ("required", None)


def test_yes_and_no() -> None:
    assert answered(True, "yesNo") is True  # noqa: FBT003 - an answer
    assert answered(False, "yesNo") is False  # noqa: FBT003 - an answer
    assert answered(None, "yesNo") is None
    assert answered(True, "yesNo", required=True) is True  # noqa: FBT003 - an answer
    assert refused(False, "yesNo", required=True) == ("required", None)  # noqa: FBT003 - an answer


@pytest.mark.parametrize("raw", ["true", "on", "yes", 1, 0, [True], {}])
def test_a_box_is_ticked_or_not(raw: Any) -> None:
    assert refused(raw, "yesNo") == ("wrong_type", None)


@pytest.mark.parametrize("day", ["2026-11-22", "2024-02-29", "1900-01-01"])
def test_dates(day: str) -> None:
    assert answered(day, "date") == day


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("22.11.2026", "not_a_date"),
        ("2026-11-31", "not_a_date"),
        ("2025-02-29", "not_a_date"),
        ("20261122", "not_a_date"),  # Python would take it
        ("2026-W47-7", "not_a_date"),  # likewise
        ("2026-11-22T10:00:00", "not_a_date"),
        (" 2026-11-22", "not_a_date"),
        ("٢٠٢٦-١١-٢٢", "not_a_date"),  # noqa: RUF001 - Arabic digits
        ("2026-11-2\ud800", "not_a_date"),
        (20261122, "wrong_type"),
        (["2026-11-22"], "wrong_type"),
        (True, "wrong_type"),
    ],
)
def test_what_is_no_date(raw: Any, code: str) -> None:
    assert refused(raw, "date") == (code, None)


def test_dates_within_a_period() -> None:
    period = {"earliest": "2026-01-01", "latest": "2026-12-31"}
    assert answered("2026-01-01", "date", **period) == "2026-01-01"
    assert answered("2026-12-31", "date", **period) == "2026-12-31"
    assert refused("2025-12-31", "date", **period) == ("out_of_range", None)
    assert refused("2027-01-01", "date", **period) == ("out_of_range", None)


def test_unknown_fields_are_refused_without_echoing_what_they_say() -> None:
    raw = {"email": ADDRESS, "firstName": "Anna", "a/b~c <i>": 1, "x" * 5000: 2, "\ud800": 3}
    checked = check_answers(form_with("text"), raw)
    assert [(error.pointer, error.code) for error in checked.errors] == [
        ("/fields/firstName", "unknown_field"),
        ("/fields/a_b_c__i_", "unknown_field"),
        ("/fields/" + "x" * 60, "unknown_field"),
        ("/fields/_", "unknown_field"),
    ]


def test_a_small_body_cannot_ask_for_a_large_answer() -> None:
    raw = {"email": ADDRESS} | {f"f{number}": 1 for number in range(5000)}
    assert len(check_answers(form_with("text"), raw).errors) == MOST_UNKNOWN_FIELDS


def test_every_mistake_is_told_at_once() -> None:
    form = form_with("text", required=True)
    checked = check_answers(form, {"email": "x", "other": 1})
    assert [(error.pointer, error.code) for error in checked.errors] == [
        ("/fields/email", "invalid_email"),
        ("/fields/answer", "required"),
        ("/fields/other", "unknown_field"),
    ]
    assert checked.answers == {}
