"""Talking to one Dataverse environment over HTTP: address, headers, token, time, failures."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.dataverse_answers import Answer, AnswerUnreadable, read_answers
from shared.adapters.dataverse_batch import (
    SERVICE_PATH,
    Operation,
    content_type,
    write_change_set,
    write_queries,
)
from shared.adapters.dataverse_failure import Step, failure_of
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline

Row = Mapping[str, Any]

LONGEST_CALL: Final = 30.0  # seconds
_HEADERS: Final = {
    "Accept": "application/json",
    "OData-Version": "4.0",
    "OData-MaxVersion": "4.0",
}


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class _Request:
    method: str
    path: str
    content_type: str | None = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class DataverseSession:
    """`url` is the environment's, such as https://contoso.crm4.dynamics.com.

    Nothing is sent twice: who calls knows what may be repeated.
    """

    def __init__(
        self,
        url: str,
        tokens: AccessTokens,
        http: requests.Session,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._url = url.rstrip("/")
        self._tokens = tokens
        self._http = http
        self._now = now

    def get(self, path: str, step: Step, deadline: Deadline) -> list[Row]:
        """The rows of one query. Raises TemporaryFailure and PermanentFailure."""
        return self._rows(self._send(_Request(method="GET", path=path), step, deadline), step)

    def read(self, path: str, step: Step, deadline: Deadline) -> Row:
        """One object: a row, a definition, the result of a function. Raises the same."""
        answer = self._send(_Request(method="GET", path=path), step, deadline)
        if not answer.succeeded:
            raise self.failure(answer, step)
        try:
            return answer.json()
        except AnswerUnreadable:
            raise _not_dataverse(step) from None

    def act(
        self,
        name: str,
        parameters: Row,
        step: Step,
        deadline: Deadline,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """POST: call an action, or make something. Raises TemporaryFailure and PermanentFailure."""
        self._post(name, parameters, step, deadline, headers)

    def create(self, path: str, row: Row, step: Step, deadline: Deadline) -> Row:
        """POST a row; gives it as it is then. Raises TemporaryFailure and PermanentFailure."""
        answer = self._post(path, row, step, deadline, {"Prefer": "return=representation"})
        try:
            return answer.json()
        except AnswerUnreadable:
            raise _not_dataverse(step) from None

    def _post(
        self, path: str, body: Row, step: Step, deadline: Deadline, headers: Mapping[str, str]
    ) -> Answer:
        request = _Request(
            method="POST",
            path=path,
            content_type="application/json",
            body=json.dumps(body).encode(),
            headers=headers,
        )
        answer = self._send(request, step, deadline)
        if not answer.succeeded:
            raise self.failure(answer, step)
        return answer

    def query(self, paths: Sequence[str], step: Step, deadline: Deadline) -> list[list[Row]]:
        """The rows of each query, all in one call. Raises TemporaryFailure and PermanentFailure."""
        boundary = _boundary()
        body = write_queries(paths, boundary)
        answers = self._batch(body, boundary, step, deadline)
        rows = [self._rows(answer, step) for answer in answers]
        if len(rows) != len(paths):
            raise _not_dataverse(step)
        return rows

    def change(
        self, operations: Sequence[Operation], step: Step, deadline: Deadline
    ) -> Answer | None:
        """Do all the operations or none; gives the refusal, None where they were done.

        Raises TemporaryFailure when there was no answer: then they may have been done.
        """
        boundary = _boundary()
        body = write_change_set(operations, boundary)
        answers = self._batch(body, boundary, step, deadline)
        refusal = next((answer for answer in answers if not answer.succeeded), None)
        if refusal is None and len(answers) != len(operations):
            raise _not_dataverse(step)
        return refusal

    def failure(self, answer: Answer, step: Step) -> TemporaryFailure | PermanentFailure:
        """See dataverse_failure.failure_of."""
        return failure_of(answer, step, self._now())

    def _batch(
        self, body: bytes, boundary: str, step: Step, deadline: Deadline
    ) -> tuple[Answer, ...]:
        """The inner answers; where the whole batch was refused, that refusal alone."""
        request = _Request(
            method="POST", path="$batch", content_type=content_type(boundary), body=body
        )
        answer = self._send(request, step, deadline)
        kind = answer.headers.get("content-type", "")
        if not kind.lower().startswith("multipart/"):
            if answer.succeeded:
                raise _not_dataverse(step)
            return (answer,)
        try:
            return read_answers(kind, answer.body)
        except AnswerUnreadable:
            raise _not_dataverse(step) from None

    def _send(self, request: _Request, step: Step, deadline: Deadline) -> Answer:
        _require_time(deadline, step)
        bearer = self._tokens.bearer(f"{self._url}/.default")
        try:
            response = self._http.request(
                request.method,
                f"{self._url}{SERVICE_PATH}{request.path}",
                data=request.body,
                headers={
                    **_HEADERS,
                    **request.headers,
                    "Content-Type": request.content_type,
                    "Authorization": bearer,
                },
                timeout=min(LONGEST_CALL, _require_time(deadline, step)),
                allow_redirects=False,  # the Web API does not; a wrong URL does
            )
        except requests.RequestException as error:
            # Its text quotes the URL: not chained.
            raise TemporaryFailure(f"Dataverse, {step.name}: {type(error).__name__}") from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=response.status_code, headers=headers, body=response.content)

    def _rows(self, answer: Answer, step: Step) -> list[Row]:
        if not answer.succeeded:
            raise self.failure(answer, step)
        try:
            rows = answer.json().get("value")
        except AnswerUnreadable:
            raise _not_dataverse(step) from None
        if not isinstance(rows, list):
            raise _not_dataverse(step)
        return rows


def _boundary() -> str:
    return f"batch_{uuid4()}"


def _require_time(deadline: Deadline, step: Step) -> float:
    """Seconds left, more than 0."""
    remaining = deadline.remaining()
    if remaining <= 0:
        raise TemporaryFailure(f"Dataverse, {step.name}: no time left")
    return remaining


def _not_dataverse(step: Step) -> PermanentFailure:
    # An answer cut short is a network error already, so this is somebody else's answer.
    return PermanentFailure(
        f"Dataverse, {step.name}: not an answer of the Dataverse Web API;"
        " check the environment's URL"
    )
