"""All pages of a finder.

https://learn.microsoft.com/linkedin/shared/api-guide/concepts/pagination
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from shared.failures import PermanentFailure

# LinkedIn names no largest page; others use up to 1000.
PAGE_SIZE: Final = 100
# A page may be empty because everything on it was filtered away; not all of them.
_MOST_EMPTY_PAGES: Final = 5
_START: Final = re.compile(r"[?&]start=([0-9]{1,18})(?:&|$)")


def pages(
    fetch: Callable[[int, int], Mapping[str, Any]], size: int = PAGE_SIZE
) -> Iterator[list[Any]]:
    """The elements of each page. `fetch(start, count)` gives LinkedIn's answer.

    It goes on where a link says "next", else up to `total`, else after a full page: LinkedIn
    sends `total` for leads and not for forms, and links now and then. Raises PermanentFailure
    when it does not end.
    """
    start, empty_pages = 0, 0
    while True:
        answer = fetch(start, size)
        elements = _list(answer.get("elements"))
        yield elements
        empty_pages = 0 if elements else empty_pages + 1
        following = _next_start(answer.get("paging"), start, size, len(elements))
        if following is None:
            return
        if empty_pages == _MOST_EMPTY_PAGES:
            raise PermanentFailure("LinkedIn, paging: pages without elements, and no end")
        start = following


def _next_start(given: Any, start: int, size: int, elements: int) -> int | None:
    """Where the next page begins; None after the last one."""
    paging = given if isinstance(given, dict) else {}
    # LinkedIn may give less than was asked for, and says so.
    given_size = paging.get("count")
    if isinstance(given_size, int) and 0 < given_size < size:
        size = given_size
    for link in _list(paging.get("links")):
        if isinstance(link, dict) and link.get("rel") == "next":
            match = _START.search(str(link.get("href", "")))
            return max(int(match[1]), start + 1) if match else start + size
    total = paging.get("total")
    is_more = start + size < total if isinstance(total, int) else elements >= size
    return start + size if is_more else None


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []
