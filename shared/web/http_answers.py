"""Answers as the Functions host takes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import azure.functions as func

from shared.web.problem import CONTENT_TYPE, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMMON = {"X-Content-Type-Options": "nosniff"}
_NOT_STORED = {**_COMMON, "Cache-Control": "no-store"}


def json_answer(body: Mapping[str, Any], status: int = 200) -> func.HttpResponse:
    """JSON that nobody may cache."""
    return func.HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status_code=status,
        mimetype="application/json",
        headers=_NOT_STORED,
    )


def problem_answer(problem: Problem) -> func.HttpResponse:
    """RFC 9457."""
    return func.HttpResponse(
        problem.to_json(),
        status_code=problem.status,
        mimetype=CONTENT_TYPE,
        headers={**_NOT_STORED, **problem.headers},
    )


def see_other(url: str) -> func.HttpResponse:
    """303: the browser goes on with GET, so that reloading posts nothing twice."""
    return func.HttpResponse(status_code=303, headers={**_NOT_STORED, "Location": url})
