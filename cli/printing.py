"""What every command prints with: results on stdout, notes on stderr."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from shared.values.printable import printable


def print_json(value: Any) -> None:
    """For programs."""
    say(printable(json.dumps(value, ensure_ascii=False, indent=2)))


def say(text: str) -> None:
    """One line or several, never wrapped: a shell may cut them."""
    Console(markup=False, highlight=False, soft_wrap=True).print(text)


def note(text: str) -> None:
    """What a person should know, and a program reading stdout need not."""
    Console(markup=False, highlight=False, soft_wrap=True, stderr=True).print(text)


def counted(number: int, one: str) -> str:
    """Such as "1 message" and "2 messages"."""
    return f"{number} {one}{'' if number == 1 else 's'}"


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str | None]], *, whole: int = 1
) -> None:
    """The first `whole` columns are never broken; the others fold."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number < whole, overflow="fold")
    for row in rows:
        table.add_row(*(cell or "" for cell in row))
    Console(markup=False, highlight=False).print(table)
