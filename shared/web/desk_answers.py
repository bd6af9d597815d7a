"""What `/api/desk` answers."""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs

import azure.functions as func

from shared import desk, poison
from shared.failures import TemporaryFailure
from shared.ports import Outside
from shared.values.queue_name import QueueName
from shared.web import problem
from shared.web.desk_page import Asked, desk_page
from shared.web.http_answers import problem_answer, see_other
from shared.web.http_request import header
from shared.web.problem import Problem

SHORTEST_REFRESH: Final = 2
LONGEST_REFRESH: Final = 3600
_LONGEST_BODY: Final = 1000
_NUMBER: Final = re.compile(r"[0-9]{1,7}")


class _Refused(Exception):
    def __init__(self, why: Problem) -> None:
        super().__init__(why.type)
        self.problem = why


def shown(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """The page: 200 also when storage does not answer, since it says what it could not see."""
    try:
        _require_desk(outside)
        asked = _asked(request)
    except _Refused as refused:
        return problem_answer(refused.problem)
    page = desk_page(desk.look(outside), asked, outside.rules.public_url)
    headers = dict(page.headers)
    content_type = headers.pop("Content-Type").partition(";")[0]
    return func.HttpResponse(page.html, headers=headers, mimetype=content_type)


def replayed(request: func.HttpRequest, outside: Outside) -> func.HttpResponse:
    """303 back to the page, which says what became of it."""
    try:
        _require_desk(outside)
        _require_own_page(request, outside)
        asked = _asked(request)
        queue, chosen = _pressed(request)
        outcome = poison.replay(queue, chosen, outside)
    except _Refused as refused:
        return problem_answer(refused.problem)
    except TemporaryFailure:
        return problem_answer(problem.storage_silent())
    asked = replace(asked, replayed=len(outcome.done), left=len(outcome.left))
    return see_other(asked.address(refresh=asked.refresh, replayed=asked.replayed, left=asked.left))


def _require_desk(outside: Outside) -> None:
    if not outside.rules.desk:
        raise _Refused(problem.no_desk())


def _require_own_page(request: func.HttpRequest, outside: Outside) -> None:
    """A page elsewhere must not press our buttons in the browser of who has the key.

    Browsers say where a post comes from, in headers that no page can set; what says nothing is no
    browser with this page, and has `doi poison replay`. The site's own word goes first: behind a
    proxy the host in the Origin is another than that of the request.
    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    site = header(request, "Sec-Fetch-Site")
    is_ours = (
        header(request, "Origin") == outside.rules.public_url
        if site is None
        else (site == "same-origin")
    )
    if not is_ours:
        raise _Refused(problem.foreign_page())


def _asked(request: func.HttpRequest) -> Asked:
    return Asked(
        code=request.params.get("code"),
        refresh=_refresh(request.params.get("refresh")),
        replayed=_number(request.params.get("replayed")),
        left=_number(request.params.get("left")),
    )


def _refresh(text: str | None) -> int | None:
    if not text:
        return None
    seconds = _number(text)
    if seconds is None or not SHORTEST_REFRESH <= seconds <= LONGEST_REFRESH:
        raise _Refused(
            problem.malformed(
                f"refresh is a number of seconds from {SHORTEST_REFRESH} to {LONGEST_REFRESH}."
            )
        )
    return seconds


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None


def _pressed(request: func.HttpRequest) -> tuple[QueueName, poison.Choice]:
    try:
        body = parse_qs(request.get_body()[:_LONGEST_BODY].decode("ascii"), max_num_fields=10)
        queue = QueueName(body.get("queue", [""])[0])
    except ValueError:
        known = ", ".join(QueueName)
        raise _Refused(problem.malformed(f"queue is one of {known}.")) from None
    ids, everything = body.get("id", []), body.get("all") == ["yes"]
    if everything == bool(ids):
        raise _Refused(problem.malformed("Either id is a message's id, or all is 'yes'."))
    return queue, poison.everything if everything else poison.named(ids[0])
