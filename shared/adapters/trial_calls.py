"""Calls that only find out something, and which refusal their answers are."""

from typing import Any

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.mail_api import call_mail_api, failure_in
from shared.doctor.failures import NoToken, Refused, Why
from shared.failures import TemporaryFailure
from shared.ports import Deadline

_CONNECT_SECONDS, _READ_SECONDS = 5.0, 15.0


class TrialCalls:
    """Calls of one service. `provider` begins the text of every failure."""

    def __init__(
        self, provider: str, scope: str, tokens: AccessTokens, session: requests.Session
    ) -> None:
        self._provider = provider
        self._scope = scope
        self._tokens = tokens
        self._session = session

    def bearer(self) -> str:
        """The Authorization header. Raises NoToken."""
        try:
            return self._tokens.bearer(self._scope)
        except TemporaryFailure as failure:
            raise NoToken(str(failure)) from None

    def call(
        self, method: str, url: str, deadline: Deadline, body: dict[str, Any] | None = None
    ) -> requests.Response:
        """The answer, whatever its status. Raises NoToken and TemporaryFailure."""
        bearer, left = self.bearer(), deadline.remaining()
        if left <= 0:
            raise TemporaryFailure(f"{self._provider}: no time left")
        return call_mail_api(
            self._session,
            self._provider,
            method,
            url,
            headers={"Authorization": bearer},
            body=body,
            timeouts=(min(_CONNECT_SECONDS, left), min(_READ_SECONDS, left)),
        )

    def refusal(
        self, answer: requests.Response, resource: str | None = None
    ) -> Refused | TemporaryFailure:
        """What an answer means that is not the one hoped for."""
        failure = failure_in(answer, self._provider)
        if isinstance(failure, TemporaryFailure):
            return failure
        return Refused(_why(answer.status_code), str(failure), resource)


def _why(status: int) -> Why:
    match status:
        case requests.codes.unauthorized:
            return Why.CREDENTIALS
        case requests.codes.forbidden:
            return Why.ROLE
        case requests.codes.not_found:
            return Why.NOT_THERE
        case _:
            return Why.OTHER
