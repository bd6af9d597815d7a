"""What to do about a message in a poison queue, by its cause. docs/operations.md has the same."""

import re
from collections.abc import Iterator
from typing import Final

from shared.poison import PoisonDetail
from shared.values.messages import Message
from shared.values.queue_name import QueueName
from shared.values.shown_message import json_in

_VERSION: Final[int] = Message.model_fields["version"].default
# By what the failure begins with, or has in it; the first that matches.
_BY_CAUSE: Final = {
    r"form '.*' does not exist": "Put the form's file back and deploy, then replay.",
    r"failed five times": "Nobody foresaw it: Application Insights, Failures, has the exception. "
    "Mend or report that, then replay.",
    r"a row is damaged|a row of table": "Somebody wrote a row by hand: mend it, then replay.",
    r"Dataverse": "'doi doctor --only dataverse' names what is missing; mend it, then replay.",
    r"LinkedIn": "'doi linkedin doctor' names what is missing; mend it, then replay.",
    r"\b(smtp|acs|graph)\b": "A typing mistake in the address: drop it, nobody is there. Else "
    "'doi doctor --only mail' names what is wrong with sender or login; mend it, then replay.",
}


def advice(detail: PoisonDetail) -> list[str]:
    """Some lines, the command last."""
    return [*_what_it_takes(detail), *_commands(detail)]


def _what_it_takes(detail: PoisonDetail) -> Iterator[str]:
    if detail.unreadable is not None:
        yield _unreadable(detail.body, detail.unreadable)
        return
    if detail.queue is QueueName.MAIL_REPORTS:
        yield "Nothing depends on a report: drop it, or replay it."
        return
    cause = detail.message.failure or ""
    yield next(
        (what for pattern, what in _BY_CAUSE.items() if re.search(pattern, cause)),
        "Mend what the cause names, then replay.",
    )


def _unreadable(body: bytes, places: str) -> str:
    version = _version(body)
    if version is not None and version != _VERSION:
        return (
            f"It is of version {version}, and this app reads version {_VERSION}: replay it with "
            "the release that wrote it, or drop it."
        )
    return f"No message of this queue ({places}): find out who writes there, then drop it."


def _version(body: bytes) -> int | None:
    try:
        message = json_in(body)
    except ValueError:
        return None
    version = message.get("version") if isinstance(message, dict) else None
    return version if type(version) is int else None


def _commands(detail: PoisonDetail) -> Iterator[str]:
    if detail.message.is_ours:
        yield f"doi poison replay {detail.queue} --id {detail.message.id}"
    yield f"doi poison drop {detail.queue} --id {detail.message.id}"
