"""What is logged: one event per move, with the registration's id and never the person."""

import logging

_log = logging.getLogger("doi")


def note(event: str, registration_id: str, **facts: str | int | None) -> None:
    """Log that something happened as it should."""
    _write(logging.INFO, event, registration_id, facts)


def warn(event: str, registration_id: str, **facts: str | int | None) -> None:
    """Log that something did not work yet and is being tried again."""
    _write(logging.WARNING, event, registration_id, facts)


def alarm(event: str, registration_id: str, **facts: str | int | None) -> None:
    """Log what somebody has to look at."""
    _write(logging.ERROR, event, registration_id, facts)


def _write(
    level: int, event: str, registration_id: str, facts: dict[str, str | int | None]
) -> None:
    known = {"registration": registration_id, **facts}
    text = " ".join(f"{name}={value}" for name, value in known.items() if value is not None)
    _log.log(
        level,
        "%s %s",
        event,
        text,
        extra={"event": event, **{f"doi_{k}": v for k, v in known.items()}},
    )
