"""What a step of the app costs a core."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ServiceTimes:
    """Seconds of CPU of the functions process, host included, for one of each."""

    register: float
    send: float
    page: float
    confirm: float
    promote: float
    put_back: float  # a message whose turn has not come
