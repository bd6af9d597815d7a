"""Objects of LinkedIn's answers as values; one that cannot be read does not lose the others."""

import contextlib
import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import ValidationError

from shared.linkedin.calls import Call
from shared.linkedin.failures import AnswerUnreadable
from shared.linkedin.found import Page, Unreadable
from shared.values.linkedin.base import LinkedInValue, places
from shared.values.linkedin.numbers import read_moment
from shared.values.linkedin.urns import parse_response_id

V = TypeVar("V", bound=LinkedInValue)


def read_one(kind: type[V], given: Any, call: Call) -> V:
    """Raises AnswerUnreadable."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise AnswerUnreadable(f"LinkedIn, {call.name}: {places(error)}") from None


def read_each(kind: type[V], elements: Iterable[Any]) -> Page[V]:
    """Never fails."""
    values, unreadable = [], []
    for element in elements:
        try:
            values.append(kind.model_validate(element))
        except ValidationError as error:
            unreadable.append(_unreadable(element, error))
    return Page(values=tuple(values), unreadable=tuple(unreadable))


def _unreadable(element: Any, error: ValidationError) -> Unreadable:
    found = _id(element)
    return Unreadable(
        id=found,
        problem=places(error),
        fingerprint="" if found else _fingerprint(element),
        submitted_at=_submitted_at(element),
    )


def _id(element: Any) -> str | None:
    """As readable ones have it, without URN; None for what could not be asked for again."""
    found = element.get("id") if isinstance(element, dict) else None
    try:
        return parse_response_id(str(found)) if isinstance(found, str | int) else None
    except ValueError:
        return None


def _submitted_at(element: Any) -> datetime | None:
    found = element.get("submittedAt") if isinstance(element, dict) else None
    with contextlib.suppress(ValueError):
        return read_moment(found)
    return None


def _fingerprint(element: Any) -> str:
    """SHA-256 (hex) of the object, without what LinkedIn joins in from elsewhere: that changes."""
    if isinstance(element, dict):
        element = {name: value for name, value in element.items() if not name.endswith("Info")}
    canonical = json.dumps(element, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()
