"""Faults on request: the answers that a healthy simulator would not give."""

from collections import deque
from typing import ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel


class RequestFault(BaseModel):
    """`match` is a method (`*` for any), a blank, and how the path begins.

    Paths are below `service_path`, or absolute. `delay` is in seconds; `drop` does the work and
    closes the connection without an answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel)
    service_path: ClassVar[str]

    match: str = Field(pattern=r"^(GET|POST|PATCH|PUT|DELETE|HEAD|\*) \S*$")
    times: int = Field(default=1, ge=1)
    status: int | None = Field(default=None, ge=400, le=599)
    code: str = ""
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
        return wanted in ("*", method) and path.startswith(start.removeprefix(self.service_path))

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


F = TypeVar("F", bound=RequestFault)


class Faults(Generic[F]):
    """Faults in the order in which they were asked for; each is used up by its matches."""

    def __init__(self) -> None:
        self._waiting: deque[F] = deque()

    def add(self, fault: F) -> None:
        self._waiting.append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def waiting(self) -> list[F]:
        return list(self._waiting)

    def take(self, method: str, path: str) -> F | None:
        """The first fault that concerns this operation, one use of it spent."""
        for position, fault in enumerate(self._waiting):
            if fault.concerns(method, path):
                if fault.times == 1:
                    del self._waiting[position]
                else:
                    self._waiting[position] = fault.model_copy(update={"times": fault.times - 1})
                return fault
        return None
