"""Pages of a finder, whatever LinkedIn says about them."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.adapters.linkedin.paging import pages
from shared.failures import PermanentFailure
from tests.linkedin.finder_pages import SHAPES, finder
from tests.linkedin.scripted_server import Received


def fetched(elements: int, shape: str, largest: int = 1000) -> tuple[list[int], list[int]]:
    """All elements of pages of ten, and where each request began."""
    starts = []
    script = finder(range(elements), shape, largest=largest)

    def fetch(start: int, count: int) -> Mapping[str, Any]:
        starts.append(start)
        line = f"GET /rest/x?start={start}&count={count}"
        found: Mapping[str, Any] = script(Received(line=line, headers={}, body=b"")).body
        return found

    return [one for page in pages(fetch, 10) for one in page], starts


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("elements", [0, 1, 9, 10, 11, 20, 25])
def test_all_elements_once(elements: int, shape: str) -> None:
    found, starts = fetched(elements, shape)
    assert found == list(range(elements))
    # A full last page cannot be known to be the last one without a total or links to go by.
    spare = elements > 0 and elements % 10 == 0 and "total" not in shape
    assert len(starts) == max(1, -(-elements // 10)) + spare


@pytest.mark.parametrize("shape", SHAPES)
def test_linkedin_gives_less_than_was_asked_for(shape: str) -> None:
    found, starts = fetched(10, shape, largest=4)
    assert found == list(range(10))
    assert starts == [0, 4, 8]


def answers(*given: dict[str, Any]) -> list[list[Any]]:
    left = list(given)
    return list(pages(lambda _start, _count: left.pop(0), 2))


def link(start: int) -> dict[str, Any]:
    return {"links": [{"rel": "next", "href": f"/x?start={start}"}]}


def test_a_page_may_be_empty_in_the_middle() -> None:
    found = answers(
        {"elements": [1], "paging": link(2)},
        {"elements": [], "paging": link(4)},
        {"elements": [5]},
    )
    assert found == [[1], [], [5]]


def test_pages_that_never_end_are_left() -> None:
    with pytest.raises(PermanentFailure, match="no end"):
        answers(*({"elements": [], "paging": link(0)} for _ in range(100)))


def test_a_link_without_start_and_a_link_back() -> None:
    starts = []

    def fetch(start: int, _count: int) -> dict[str, Any]:
        starts.append(start)
        if start >= 4:
            return {"elements": [3], "paging": {"links": [{"rel": "prev", "href": "/x?start=0"}]}}
        return {"elements": [1, 2], "paging": {"links": ["odd", {"rel": "next", "href": 5}]}}

    assert list(pages(fetch, 2)) == [[1, 2], [1, 2], [3]]
    assert starts == [0, 2, 4]


@pytest.mark.parametrize(
    "answer", [{}, {"elements": None, "paging": "x"}, {"paging": {"count": "x"}}]
)
def test_an_answer_without_elements(answer: dict[str, Any]) -> None:
    assert answers(answer) == [[]]
