"""Objects of LinkedIn's answers as values; one that cannot be read does not lose the others."""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import ValidationError

from shared.linkedin.calls import Call
from shared.linkedin.failures import AnswerUnreadable
from shared.linkedin.found import Page, Unreadable
from shared.values.linkedin.base import LinkedInValue, places
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
            unreadable.append(Unreadable(id=_id(element), problem=places(error)))
    return Page(values=tuple(values), unreadable=tuple(unreadable))


def _id(element: Any) -> str | None:
    """As readable ones have it, without URN; None for what could not be asked for again."""
    found = element.get("id") if isinstance(element, dict) else None
    try:
        return parse_response_id(str(found)) if isinstance(found, str | int) else None
    except ValueError:
        return None
