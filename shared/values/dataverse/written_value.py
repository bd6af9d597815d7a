"""What the app may write into a column, and whether the column takes it.

Which JSON goes with which type of column: https://learn.microsoft.com/power-apps/developer/
data-platform/webapi/create-entity-web-api
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.values.column_value import ColumnValue, column_value
from shared.values.dataverse.definitions import ColumnDefinition
from shared.values.form import Form
from shared.values.form_fields import (
    ChoiceField,
    DateField,
    EmailField,
    FieldBase,
    MultipleChoiceField,
    PhoneField,
    TextField,
    YesNoField,
)
from shared.values.form_trigger import Fact
from shared.values.registration_checks import LONGEST_CAMPAIGN, LONGEST_PAGE_URL
from shared.values.text_rules import length_of

LONGEST_PHONE = 16  # E.164: a plus and 15 digits
LONGEST_ID = 36
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INSTANT = "2026-11-22T10:00:00Z"


class Kind(StrEnum):
    """The kinds of value that the app writes; each says what it is in a sentence."""

    TEXT = "text"
    DAY = "a day"
    INSTANT = "a point in time"
    YES_NO = "yes or no"
    NUMBER = "a number"
    OPTION = "an option's number"
    OPTIONS = "numbers of options"


@dataclass(frozen=True, kw_only=True)
class Written:
    """`longest` is the length as text; `options` are the numbers that may occur.

    `text` is the value itself where it is always the same.
    """

    kind: Kind
    longest: int = 0
    options: tuple[int, ...] = ()
    text: str | None = None
    multiline: bool = False


# The app's address and a token of about 200 characters.
WITHDRAW_LINK = Written(kind=Kind.TEXT, longest=400)


def of_field(field: FieldBase) -> Written:
    """Any answer to the field, as its own column would have it."""
    match field:
        case ChoiceField() | MultipleChoiceField():
            return _of_options(field)
        case YesNoField():
            return Written(kind=Kind.YES_NO)
        case DateField():
            return Written(kind=Kind.DAY, longest=len("2026-11-22"))
        case PhoneField():
            return Written(kind=Kind.TEXT, longest=LONGEST_PHONE)
        case TextField():
            return Written(kind=Kind.TEXT, longest=field.max_length, multiline=field.multiline)
        case EmailField():
            return Written(kind=Kind.TEXT, longest=field.max_length)
    raise TypeError(type(field).__name__)


def of_fact(fact: Fact, form: Form) -> Written:
    """What the app itself knows about a registration of the form."""
    lengths = {
        Fact.FORM: len(form.id),
        Fact.LANGUAGE: max(len(tag) for tag in form.languages),
        Fact.REGISTRATION_ID: LONGEST_ID,
        Fact.CAMPAIGN: LONGEST_CAMPAIGN,
        Fact.PAGE_URL: LONGEST_PAGE_URL,
        Fact.SOURCE: len("linkedin"),
    }
    if fact is Fact.CONFIRMED_AT:
        return Written(kind=Kind.INSTANT, longest=len(_INSTANT))
    return Written(kind=Kind.TEXT, longest=lengths[fact])


def of_constant(value: ColumnValue) -> Written:
    """A value that stands in the form's file."""
    if isinstance(value, bool):
        return Written(kind=Kind.YES_NO)
    if isinstance(value, int):
        return Written(kind=Kind.NUMBER, options=(value,))
    return Written(kind=Kind.TEXT, longest=length_of(value), text=value)


def misfit(written: Written, column: ColumnDefinition) -> str | None:
    """Why the column does not take it, as the end of a sentence; None where it does."""
    return _CHECKS.get(column.kind, _wrong_kind)(written, column)


def _of_options(field: ChoiceField | MultipleChoiceField) -> Written:
    values = [option.value for option in field.options]
    numbers = tuple(
        option.dataverse_value for option in field.options if option.dataverse_value is not None
    )
    if isinstance(field, MultipleChoiceField):
        longest = len(str(column_value(field, values, "")))
        kind = Kind.OPTIONS if numbers else Kind.TEXT
        return Written(kind=kind, longest=longest, options=numbers)
    if numbers:
        return Written(kind=Kind.OPTION, options=numbers)
    return Written(kind=Kind.TEXT, longest=max(map(len, values)))


def _in_text(written: Written, column: ColumnDefinition) -> str | None:
    if written.kind not in (Kind.TEXT, Kind.DAY, Kind.INSTANT, Kind.OPTIONS):
        return _wrong_kind(written, column)
    if column.max_length is None or written.longest <= column.max_length:
        return None
    return f"takes {column.max_length} characters, and up to {written.longest} may be written"


def _in_date(written: Written, column: ColumnDefinition) -> str | None:
    wanted = Kind.DAY if column.date_only else Kind.INSTANT
    if written.kind is wanted or _reads_as(written.text, wanted):
        return None
    return _wrong_kind(written, column)


def _in_yes_no(written: Written, column: ColumnDefinition) -> str | None:
    return None if written.kind is Kind.YES_NO else _wrong_kind(written, column)


def _in_number(written: Written, column: ColumnDefinition) -> str | None:
    fits = written.kind in (Kind.NUMBER, Kind.OPTION)
    return None if fits else _wrong_kind(written, column)


def _in_id(written: Written, column: ColumnDefinition) -> str | None:
    fits = written.text is not None and _GUID.fullmatch(written.text)
    return None if fits else _wrong_kind(written, column)


def _in_choice(written: Written, column: ColumnDefinition) -> str | None:
    if written.kind not in (Kind.NUMBER, Kind.OPTION):
        return _wrong_kind(written, column)
    return _unknown_option(written, column)


def _in_choices(written: Written, column: ColumnDefinition) -> str | None:
    if written.kind is not Kind.OPTIONS:
        return _wrong_kind(written, column)
    return _unknown_option(written, column)


def _reads_as(text: str | None, wanted: Kind) -> bool:
    """Whether a text that is always the same is a day, or a point in time."""
    try:
        if wanted is Kind.DAY:
            return text is not None and date.fromisoformat(text).isoformat() == text
        return text is not None and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _unknown_option(written: Written, column: ColumnDefinition) -> str | None:
    unknown = [option for option in written.options if option not in column.options]
    if not unknown:
        return None
    has = ", ".join(map(str, sorted(column.options))) or "none"
    return f"has no option {', '.join(map(str, unknown))}; it has {has}"


def _wrong_kind(written: Written, column: ColumnDefinition) -> str:
    kind = f"{column.kind}{' (date only)' if column.date_only else ''}"
    return f"is of type {kind}, and {written.kind} is written"


_CHECKS: Mapping[str, Callable[[Written, ColumnDefinition], str | None]] = {
    "String": _in_text,
    "Memo": _in_text,
    "DateTime": _in_date,
    "Boolean": _in_yes_no,
    "Integer": _in_number,
    "BigInt": _in_number,
    "Uniqueidentifier": _in_id,
    "Picklist": _in_choice,
    "MultiSelectPicklist": _in_choices,
}
