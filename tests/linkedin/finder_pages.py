"""A finder of LinkedIn's: gives the elements from `start`, `count` of them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.linkedin.scripted_server import Answer, Received, Script

SHAPES = ("nothing", "empty links", "total", "next link", "next link and total")


def finder(elements: Sequence[Any], shape: str, *, largest: int = 1000) -> Script:
    """`shape` is what the paging says; `largest` how much a page has at most."""

    def answer(request: Received) -> Answer:
        target = request.line.partition(" ")[2]
        query = parse_qs(urlsplit(target).query)
        start = int(query.get("start", ["0"])[0])
        count = min(int(query.get("count", ["10"])[0]), largest)
        end = start + count
        paging: dict[str, Any] = {"start": start, "count": count}
        if "total" in shape:
            paging["total"] = len(elements)
        if "link" in shape:
            paging["links"] = []
        if "next" in shape and end < len(elements):
            href = f"/rest/x?count={count}&start={end}&q=owner"
            paging["links"] = [{"rel": "next", "type": "application/json", "href": href}]
        return Answer(body={"elements": list(elements[start:end]), "paging": paging})

    return answer
