"""What LinkedIn gave; an object that cannot be read does not lose the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from shared.values.linkedin.base import LinkedInValue

V = TypeVar("V", bound=LinkedInValue)


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """An object that we cannot read: its id, if it has one, and where it is wrong.

    `fingerprint` tells one without an id from others, without saying what it is; `submitted_at` is
    there where it can be read.
    """

    id: str | None
    problem: str
    fingerprint: str = ""
    submitted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Page(Generic[V]):
    """What one request of a finder gave."""

    values: tuple[V, ...]
    unreadable: tuple[Unreadable, ...]


@dataclass(frozen=True, kw_only=True)
class Batch(Generic[V]):
    """By id, as text. `missing`: the HTTP status of each that was not given; None if not told."""

    found: Mapping[str, V]
    missing: Mapping[str, int | None]
    unreadable: tuple[Unreadable, ...]


@dataclass(frozen=True, kw_only=True)
class Subscribed:
    """`id` is None when LinkedIn did not tell it. `existed`: nothing was created."""

    id: int | None
    existed: bool
