"""What a deployed app's own doctor says: GET /api/ready?detail=…, with its function key.

https://learn.microsoft.com/azure/azure-functions/function-keys-how-to
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import requests

from shared.doctor.failures import Refused, Why
from shared.doctor.groups import Examined, Group
from shared.failures import TemporaryFailure
from shared.values.check import Check, State

# The app looks at everything in this one call, and Azure ends it after 230 s.
_CONNECT_SECONDS, _READ_SECONDS = 10.0, 240.0
_ANSWERS = (requests.codes.ok, requests.codes.service_unavailable)


class DeployedApp:
    """Implements doctor.ports.RemoteDoctor."""

    def __init__(self, *, url: str, function_key: str | None, session: requests.Session) -> None:
        """`url` is scheme and host; the key is sent there alone, since no redirect is followed."""
        self._url = url
        self._key = function_key
        self._session = session

    def examine(self, groups: Collection[Group]) -> tuple[Examined, ...]:
        """See doctor.ports.RemoteDoctor."""
        wanted = [group.value for group in Group if group in groups]
        detail = "all" if len(wanted) == len(Group) else ",".join(wanted)
        try:
            answer = self._session.get(
                f"{self._url}/api/ready",
                params={"detail": detail},
                headers={"x-functions-key": self._key} if self._key else {},
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # Its text names host and path: not chained.
            raise TemporaryFailure(f"the app: no answer ({type(error).__name__})") from None
        details = _details(answer)
        if answer.status_code in _ANSWERS and details is not None:
            return tuple(_examined(details))
        raise _failure(answer.status_code)


def _details(answer: requests.Response) -> list[Any] | None:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        return None
    details = body.get("details") if isinstance(body, dict) else None
    return details if isinstance(details, list) else None


def _examined(details: list[Any]) -> Iterator[Examined]:
    for detail in details:
        try:
            yield _one(detail)
        except (ValueError, KeyError, TypeError):
            raise Refused(Why.OTHER, "the app: a check that cannot be read") from None


def _one(detail: Mapping[str, Any]) -> Examined:
    mend = detail["mend"]
    check = Check(
        name=str(detail["check"]),
        state=State(detail["state"]),
        found=str(detail["found"]),
        mend=None if mend is None else str(mend),
    )
    return Examined(group=Group(detail["group"]), check=check)


def _failure(status: int) -> Refused | TemporaryFailure:
    told = f"the app: {status}"
    match status:
        case requests.codes.unauthorized | requests.codes.forbidden:
            return Refused(Why.CREDENTIALS, told)
        case requests.codes.not_found:
            return Refused(Why.NOT_THERE, told)
        case _ if status >= requests.codes.server_error:
            return TemporaryFailure(told)
        case _:
            return Refused(Why.OTHER, told)
