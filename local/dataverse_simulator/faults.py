"""Faults on request: the answers that a healthy simulator would not give.

Service protection errors and their codes:
https://learn.microsoft.com/power-apps/developer/data-platform/api-limits.
"""

from collections import deque
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from local.dataverse_simulator.errors import DataverseError
from local.dataverse_simulator.exchange import SERVICE_PATH

TOO_MANY_REQUESTS = {
    "0x80072322": "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
    "0x80072321": "Combined execution time of incoming requests exceeded limit of 1200000 "
    "milliseconds over time window of 300 seconds. Decrease number of concurrent requests or "
    "reduce the duration of requests and try again later.",
    "0x80072326": "Number of concurrent requests exceeded the limit of 52.",
}
USUAL: dict[int, tuple[str, str]] = {
    401: ("0x80072560", "The user is not a member of the organization."),
    403: ("0x80040220", "Principal user is missing a privilege."),
    404: ("0x80040217", "The entity with the specified id does not exist."),
    412: ("0x80060882", "The version of the existing record doesn't match the RowVersion."),
    429: ("0x80072322", ""),
    503: ("0x80060888", "The service is unavailable."),
}


class Fault(BaseModel):
    """`match` is a method (`*` for any), a blank, and how the path begins.

    Paths are below `/api/data/v9.2/`, or absolute such as `/msi/token`. `delay` is in seconds;
    `drop` does the work and closes the connection without an answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel)

    match: str = Field(pattern=r"^(GET|POST|PATCH|PUT|DELETE|HEAD|\*) \S*$")
    times: int = Field(default=1, ge=1)
    status: int | None = Field(default=None, ge=400, le=599)
    code: str = Field(default="", pattern=r"^(0x[0-9a-fA-F]{8})?$")
    retry_after: int | None = Field(default=None, ge=0)
    delay: float = Field(default=0, ge=0, le=600)
    drop: bool = False

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.status is None and not self.delay and not self.drop:
            raise ValueError("a fault needs one of status, delay, drop")
        if self.status is not None and self.drop:
            raise ValueError("status and drop exclude each other")
        if self.retry_after is not None and self.status is None:
            raise ValueError("retryAfter needs a status")
        return self

    def concerns(self, method: str, path: str) -> bool:
        wanted, _, start = self.match.partition(" ")
        return wanted in ("*", method) and path.startswith(start.removeprefix(SERVICE_PATH))

    def error(self) -> DataverseError | None:
        """What to refuse with, or None where the work is done all the same."""
        if self.status is None:
            return None
        code, message = USUAL.get(self.status, ("0x80040216", "An unexpected error occurred."))
        code = self.code or code
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        message = TOO_MANY_REQUESTS.get(code, message)
        return DataverseError(self.status, code, message, headers=headers)


class Faults:
    """Faults in the order in which they were asked for; each is used up by its matches."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def waiting(self) -> list[Fault]:
        return list(self._waiting)

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that concerns this operation, one use of it spent."""
        for position, fault in enumerate(self._waiting):
            if fault.concerns(method, path):
                if fault.times == 1:
                    del self._waiting[position]
                else:
                    self._waiting[position] = fault.model_copy(update={"times": fault.times - 1})
                return fault
        return None
