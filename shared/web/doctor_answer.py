"""What `GET /api/ready?detail=…` answers."""

from typing import Any, Final

import azure.functions as func

from shared.doctor.examine import examine
from shared.doctor.groups import Group
from shared.doctor.ports import OutsideOfDoctor
from shared.ports import Deadline
from shared.values.check import State
from shared.web import problem
from shared.web.http_answers import json_answer, problem_answer
from shared.web.http_request import seen_of

# Azure ends a request after 230 s, and one check may still run when this time is over.
SECONDS: Final = 90.0
_ALL = "all"


def doctor_answer(
    request: func.HttpRequest, reached: dict[str, Any], outside: OutsideOfDoctor
) -> func.HttpResponse:
    """`reached` is the answer without detail. Not ready either where the doctor misses something.

    Warnings, and what could not be asked, leave it ready.
    """
    try:
        groups = _groups(request.params.get("detail", ""))
    except ValueError:
        known = ", ".join(Group)
        return problem_answer(
            problem.malformed(f"detail is 'all', or some of {known}, separated by commas.")
        )
    seen, deadline = seen_of(request), Deadline(SECONDS)
    found = list(examine(outside, groups, seen=seen, deadline=deadline))
    is_ready = reached["status"] == "ready" and not any(
        each.check.state is State.MISSING for each in found
    )
    body = {
        **reached,
        "status": "ready" if is_ready else "not ready",
        "details": [each.as_json() for each in found],
    }
    return json_answer(body, status=200 if is_ready else 503)


def _groups(detail: str) -> list[Group]:
    """Raises ValueError for one that is none."""
    return list(Group) if detail == _ALL else [Group(name) for name in detail.split(",")]
