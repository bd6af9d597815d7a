"""Many things by their ids, as many at once as fit into a URL."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError

from shared.adapters.linkedin.restli import RestLi, target
from shared.adapters.linkedin.session import LinkedInSession
from shared.linkedin.calls import Call
from shared.linkedin.found import Batch, Unreadable
from shared.ports import Deadline
from shared.values.linkedin.base import LinkedInValue, places

# LinkedIn takes a thousand, but they are about 40 characters each, and above some 4000
# characters its own client uses another method.
CHUNK: Final = 80

V = TypeVar("V", bound=LinkedInValue)


@dataclass(frozen=True, kw_only=True)
class Wanted(Generic[V]):
    """`query` goes with the ids of each request."""

    resource: str
    ids: Sequence[str | int]
    kind: type[V]
    call: Call
    query: Mapping[str, RestLi] = field(default_factory=dict)


def batch_get(
    session: LinkedInSession,
    wanted: Wanted[V],
    deadline: Deadline,
) -> Batch[V]:
    """Raises TemporaryFailure and PermanentFailure when a whole request failed."""
    found: dict[str, V] = {}
    missing: dict[str, int | None] = {}
    unreadable: list[Unreadable] = []
    for chunk in _chunks(list(dict.fromkeys(wanted.ids))):
        path = target(wanted.resource, query={"ids": chunk, **wanted.query})
        answer = session.get(path, wanted.call, deadline)
        results = _object(answer.get("results"))
        for key in map(str, chunk):
            if key not in results:
                missing[key] = _status(answer, results, key)
                continue
            try:
                found[key] = wanted.kind.model_validate(results[key])
            except ValidationError as error:
                unreadable.append(Unreadable(id=key, problem=places(error)))
    return Batch(found=found, missing=missing, unreadable=tuple(unreadable))


def _chunks(ids: list[str | int]) -> Iterator[list[str | int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _status(answer: Mapping[str, Any], results: Mapping[str, Any], key: str) -> int | None:
    """From `errors` and `statuses`, which stand beside the results or, for leads, among them."""
    for level in (answer, results):
        error = _object(_object(level.get("errors")).get(key))
        for status in (error.get("status"), _object(level.get("statuses")).get(key)):
            if isinstance(status, int):
                return status
    return None


def _object(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
