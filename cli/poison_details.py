"""How `doi poison show` shows a message: for people, and as JSON for programs."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.poison_advice import advice
from cli.printing import print_json, say
from shared.events import elapsed
from shared.poison import PoisonDetail
from shared.values.age import age_text
from shared.values.printable import printable
from shared.values.queue_name import QueueName
from shared.values.shown_message import json_in, without_person


def show_details(
    found: Sequence[PoisonDetail],
    queue: QueueName,
    now: datetime,
    *,
    reveal: bool,
    as_json: bool,
) -> None:
    """On stdout; the JSON is a list. Not `reveal`: nothing that could name a person."""
    if as_json:
        print_json([_as_json(detail, now, reveal=reveal) for detail in found])
        return
    for detail in found:
        _print(detail, now, reveal=reveal)
    if not found:
        say(f"{queue.poison} has no such message.")


def _as_json(detail: PoisonDetail, now: datetime, *, reveal: bool) -> dict[str, Any]:
    message = detail.message
    return {
        "id": message.id,
        "queue": detail.queue.value,
        "registration": message.registration,
        "failure": message.failure,
        "unreadable": detail.unreadable,
        "putAt": message.put_at.isoformat(),
        "ageSeconds": elapsed(message.put_at, now),
        "expiresAt": detail.expires_at.isoformat() if detail.expires_at else None,
        "attempts": detail.attempts,
        "content": _content(detail.body, reveal=reveal),
        "todo": advice(detail),
    }


def _print(detail: PoisonDetail, now: datetime, *, reveal: bool) -> None:
    message = detail.message
    age = age_text(elapsed(message.put_at, now))
    facts = [
        ("message", message.id),
        ("registration", message.registration or "it names none"),
        ("queue", detail.queue.poison),
        ("since", f"{message.put_at:%Y-%m-%d %H:%M} UTC, {age} ago"),
        ("attempts", _attempts(detail)),
        ("cause", message.failure or "unknown"),
        ("do", "\n".join(advice(detail))),
    ]
    if detail.unreadable is not None:
        facts.insert(-1, ("not read", detail.unreadable))
    if detail.expires_at:
        facts.insert(4, ("expires", f"{detail.expires_at:%Y-%m-%d %H:%M} UTC unless it is adopted"))
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, value in facts:
        table.add_row(name, value)
    console = Console(markup=False, highlight=False)
    console.print(table)
    console.print()
    content = _content(detail.body, reveal=reveal)
    shown = content if isinstance(content, str) else _indented(content)
    say(printable(shown))
    if not reveal:
        say("What could name a person is hidden: --reveal shows it.")


def _attempts(detail: PoisonDetail) -> str:
    if detail.attempts is None:
        return "it does not say"
    again = detail.attempts + 1
    return "once" if again == 1 else f"{again} times"


def _content(body: bytes, *, reveal: bool) -> Any:
    try:
        content = json_in(body)
    except ValueError:
        text = body.decode("utf-8", "replace")
        return text if reveal else f"(hidden: {len(text)} characters that are no JSON)"
    return content if reveal else without_person(content)


def _indented(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
