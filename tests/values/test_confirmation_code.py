"""The code in a mail: always the same for a mail, never the same for another."""

from collections import Counter
from datetime import timedelta

import pytest

from shared.values.confirmation_code import confirmation_code, same_code, spaced, typed_code
from tests.examples import NOON, PEPPER, registration

ID = registration().id


def test_a_mail_s_code_is_always_the_same_six_digits() -> None:
    code = confirmation_code(PEPPER, ID, NOON)
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()
    # The link knows its time to the second only, and the page has to find the mail's code.
    assert confirmation_code(PEPPER, ID, NOON + timedelta(microseconds=999_999)) == code


def test_it_differs_with_registration_mail_and_pepper() -> None:
    codes = {
        confirmation_code(PEPPER, ID, NOON),
        confirmation_code(PEPPER, registration(number=2).id, NOON),
        confirmation_code(PEPPER, ID, NOON + timedelta(seconds=1)),
        confirmation_code(f"{PEPPER}!", ID, NOON),
    }
    assert len(codes) == 4


def test_leading_zeros_are_kept_and_every_digit_comes_up_equally() -> None:
    codes = [confirmation_code(PEPPER, ID, NOON + timedelta(seconds=n)) for n in range(5000)]
    assert {len(code) for code in codes} == {6}
    for position in range(6):
        seen = Counter(code[position] for code in codes)
        # 500 of each; a fair digit strays by more than 120 (5.6 sigma) in no run of ours.
        assert all(380 < seen[digit] < 620 for digit in "0123456789")


def test_people_read_it_in_two_halves_that_stay_on_one_line() -> None:
    assert spaced("012345") == "012\N{NO-BREAK SPACE}345"


@pytest.mark.parametrize(
    "text",
    [
        "012345",
        "012 345",
        spaced("012345"),
        " 012345\n",
        "0 1 2 3 4 5",
        "012-345",
        "012\N{EN DASH}345",
        "012\N{NARROW NO-BREAK SPACE}345",
    ],
)
def test_it_is_understood_as_people_write_it(text: str) -> None:
    assert typed_code(text) == "012345"


@pytest.mark.parametrize(
    "text", ["", " ", "12345", "0123456", "abcdef", "01234a", "+12345", "12.345", "\u0661" * 6]
)
def test_anything_else_is_no_code(text: str) -> None:
    assert typed_code(text) is None


def test_codes_are_compared() -> None:
    assert same_code("012345", "012345")
    assert not same_code("012345", "012346")
