"""What strikes the system, and when: each kind of blow is a small value in the plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Strike(StrEnum):
    """Blows that need no further words."""

    STORAGE_STOPS = "storage stopped"
    STORAGE_RETURNS = "storage is back"
    STORAGE_FREEZES = "storage frozen"
    STORAGE_THAWS = "storage goes on"
    MAIL_SERVER_STOPS = "mail server stopped"
    MAIL_SERVER_RETURNS = "mail server is back"
    DATAVERSE_STOPS = "Dataverse and token endpoint stopped"
    DATAVERSE_RETURNS = "Dataverse is back"
    COPY_MESSAGES = "waiting messages copied"


class MailTrouble(StrEnum):
    """What happens to the next mail. Replies are those of RFC 5321 and RFC 3463."""

    SHUTTING_DOWN = "mail server: 421"
    BUSY = "mail server: 451"
    QUOTA = "mail server: 452 too many messages"
    SLOW = "mail server: slow"
    LATE = "mail server: mail taken, answer too late"
    HANG_UP = "mail server: mail taken, no answer"


@dataclass(frozen=True, kw_only=True)
class DataverseFault:
    """`fault` is the body of the simulator's POST /_simulator/faults."""

    name: str
    fault: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Kill:
    """SIGKILL for the functions host. One that has only just started first works for `after` s."""

    after: float
    name: str = "functions host killed"


Blow = Kill | Strike | MailTrouble | DataverseFault


@dataclass(frozen=True, kw_only=True)
class TimedBlow:
    """`at` in seconds from the start of the run."""

    at: float
    blow: Blow
