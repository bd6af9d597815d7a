"""Rounds alternate, and ratios are of the same round."""

import pytest

from bench.rounds import Spread, alternate, percentiles


def test_every_second_round_goes_backwards_and_the_first_does_not_count() -> None:
    order: list[str] = []

    def measure(kind: str) -> int:
        order.append(kind)
        return len(order)

    taken = alternate(["a", "b"], 2, measure)
    assert order == ["a", "b", "a", "b", "b", "a"]
    assert taken == {"a": [3, 6], "b": [4, 5]}


def test_a_ratio_is_taken_within_its_round() -> None:
    spread = Spread.of_ratio([2.0, 12.0, 3.0], [1.0, 4.0, 3.0])
    assert spread == Spread(median=2.0, lowest=1.0, highest=3.0)
    assert spread.shown() == "2.00 (1.00 to 3.00)"


def test_rounds_of_different_number_are_no_ratio() -> None:
    with pytest.raises(ValueError, match="longer"):
        Spread.of_ratio([1.0], [1.0, 2.0])


def test_percentiles() -> None:
    assert percentiles([float(number) for number in range(101)]) == (50.0, 95.0, 99.0)
