"""How `doi poison` shows messages: tables for people, JSON for programs."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table

from cli.printing import print_json, say
from shared.poison import Outcome, PoisonMessage, PoisonQueue
from shared.values.queue_name import QueueName


def show_queues(queues: Iterable[PoisonQueue], *, as_json: bool) -> None:
    """On stdout; the JSON is a list with an object for each queue."""
    if as_json:
        print_json(
            [
                {
                    "queue": each.queue.value,
                    "count": each.count,
                    "messages": [_as_json(message) for message in each.messages],
                }
                for each in queues
            ]
        )
        return
    filled = [each for each in queues if each.messages]
    for each in filled:
        _print(f"{each.queue.poison}: {each.count}", each.messages)
        if each.count > len(each.messages):
            say(f"A queue shows {len(each.messages)} messages; replay --all reaches every one.")
    if not filled:
        say("Nothing waits.")


def show_outcome(done: str, queue: QueueName, outcome: Outcome, *, as_json: bool) -> None:
    """`done` is "replayed" or "dropped". On stdout; the JSON is an object of two lists."""
    if as_json:
        print_json(
            {
                done: [_as_json(message) for message in outcome.done],
                "left": [_as_json(message) for message in outcome.left],
            }
        )
        return
    if outcome.done:
        _print(f"{done}: {len(outcome.done)}", outcome.done)
    if outcome.left:
        _print(f"left in {queue.poison}: no message that its function reads", outcome.left)
    if not outcome.done and not outcome.left:
        say(f"{queue.poison} has no such message.")


def _as_json(message: PoisonMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "registration": message.registration,
        "failure": message.failure,
        "putAt": message.put_at.isoformat(),
    }


def _print(title: str, messages: Iterable[PoisonMessage]) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("registration, or message", no_wrap=True)
    table.add_column("since (UTC)", no_wrap=True)
    table.add_column("failure", overflow="fold")
    for message in messages:
        table.add_row(
            message.registration or message.id,
            f"{message.put_at:%Y-%m-%d %H:%M}",
            message.failure or "unknown",
        )
    Console(markup=False, highlight=False).print(table)
