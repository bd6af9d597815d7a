"""`start`, `count`, and what an answer says about further pages.

https://learn.microsoft.com/linkedin/shared/api-guide/concepts/pagination. The largest page is not
documented; public clients ask for up to 1,000.
"""

from collections.abc import Sequence
from typing import Any

from local.linkedin_simulator.call import Call
from local.linkedin_simulator.errors import invalid_param
from local.linkedin_simulator.exchange import Answer

USUAL_COUNT = 10
LARGEST_COUNT = 1000


def page_of(call: Call, found: Sequence[Any], *, counted: bool) -> Answer:
    """`counted` says whether the documentation shows a total for this finder."""
    start, count = call.number("start", 0), call.number("count", USUAL_COUNT)
    call.refuse_others()
    if not 1 <= count <= LARGEST_COUNT:
        raise invalid_param("count", f"between 1 and {LARGEST_COUNT}")
    settings = call.world.settings
    paging: dict[str, Any] = {"start": start, "count": count, "links": []}
    if settings.paging_total == "always" or (settings.paging_total == "documented" and counted):
        paging["total"] = len(found)
    if settings.paging_links and start + count < len(found):
        paging["links"].append(_next(call, start + count, count))
    return Answer(
        status=200, body={"elements": list(found[start : start + count]), "paging": paging}
    )


def _next(call: Call, start: int, count: int) -> dict[str, str]:
    others = [
        f"{name}={value}" for name, value in call.params.items() if name not in ("start", "count")
    ]
    query = "&".join([*others, f"start={start}", f"count={count}"])
    return {
        "rel": "next",
        "type": "application/json",
        "href": f"/rest/{call.operation.path}?{query}",
    }
