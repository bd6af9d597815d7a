"""Which privileges the forms need in this environment, and what they are called there."""

from collections.abc import Iterable, Iterator, Sequence

from shared.dataverse.sight import SECONDS, Sight, or_none
from shared.ports import Deadline
from shared.values.dataverse.needed_privileges import (
    NamedPrivilege,
    Needed,
    always_needed,
    named,
    needed_for_row,
    needed_for_trigger,
    needed_to_erase,
)
from shared.values.form import Form, State


def in_use(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Archived forms still honour the mails that are out; drafts write nothing."""
    return tuple(form for form in forms if form.state is not State.DRAFT)


def needed_by(forms: Iterable[Form], sight: Sight) -> tuple[Needed, ...]:
    """What these forms need; of triggers and tables that cannot be seen, nothing is known."""
    needed = [*always_needed()]
    for form in forms:
        if form.journey_row and (table := or_none(sight.table_of, form.journey_row.entity_set)):
            needed += needed_for_row(table.name)
        if form.trigger and (trigger := or_none(sight.trigger, form.trigger.name)):
            needed += needed_for_trigger(trigger.name, trigger.execute_privilege)
    return tuple(dict.fromkeys(needed))


def needed_to_erase_by(forms: Iterable[Form], sight: Sight) -> tuple[Needed, ...]:
    """What a person needs who erases people; of tables that cannot be seen, nothing is known."""
    rows = [form.journey_row for form in forms if form.journey_row]
    tables = [or_none(sight.table_of, row.entity_set) for row in rows]
    return needed_to_erase(table.name for table in tables if table)


def not_there(forms: Iterable[Form], sight: Sight) -> Iterator[str]:
    """Triggers and entity sets that forms name and the environment lacks.

    Raises TemporaryFailure and PermanentFailure.
    """
    for form in forms:
        if form.journey_row and sight.table_of(form.journey_row.entity_set) is None:
            yield form.journey_row.entity_set
        if form.trigger and sight.trigger(form.trigger.name) is None:
            yield form.trigger.name


def names_of(needed: Sequence[Needed], sight: Sight) -> tuple[NamedPrivilege, ...]:
    """As the environment spells them. Raises TemporaryFailure and PermanentFailure."""
    tables = {one.table for one in needed if one.table}
    of_tables = sight.dataverse.privileges_of(tables, Deadline(SECONDS))
    beside = {one.usual_name for one in needed if not one.table}
    others = sight.dataverse.privileges_named(beside, Deadline(SECONDS))
    return tuple(named(needed, of_tables, others))


def names_or_documented(needed: Sequence[Needed], sight: Sight) -> tuple[NamedPrivilege, ...]:
    """As the environment spells them; as documented where it does not say."""
    return or_none(names_of, needed, sight) or tuple(named(needed, {}, {}))
