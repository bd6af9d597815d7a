"""Writing what has happened into a row, whoever else writes it at the same time."""

import contextlib
from collections.abc import Callable

from shared.failures import RACES, Changed, TemporaryFailure
from shared.ports import Outside, Versioned
from shared.values.record import Record


def change_newest(
    stored: Versioned[Record], move: Callable[[Record], Record | None], outside: Outside
) -> bool:
    """Save `move(record)`; when somebody moved the row first, of the newest record.

    Tells whether it was this call that changed the record. For facts that nothing can undo: a
    mail left, a trigger fired.
    `move` answers None when there is nothing to change any more; a deleted record ends it, too.
    One failure of storage is tried again at once: forgetting what happened would repeat it.
    Raises TemporaryFailure.
    """
    newest: Versioned[Record] | None = stored
    failures = 0
    for _ in range(RACES):
        moved = move(newest.value) if newest else None
        if newest is None or moved is None:
            return False
        try:
            outside.records.save(newest.moved_to(moved))
        except Changed:
            newest = outside.records.find(moved.key)
            if newest and newest.value.says_what(moved):
                return True  # storage had written it before its answer got lost
        except TemporaryFailure:
            failures += 1
            if failures > 1:
                raise
        else:
            return True
    raise TemporaryFailure("the record is contended")


def give_back(
    stored: Versioned[Record], move: Callable[[Record], Record | None], outside: Outside
) -> None:
    """The same for a claim that is not needed any more. Never fails: it runs out by itself."""
    with contextlib.suppress(TemporaryFailure):
        change_newest(stored, move, outside)
