"""What must hold between the parts of a form, each rule with the place where to mend it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from shared.values.base import Value
from shared.values.form_fields import EmailField
from shared.values.form_linkedin import broken_linkedin_rules

if TYPE_CHECKING:
    from shared.values.form import Form

# All consent texts travel in each queue message, beside the answers.
CONSENTS_LENGTH = 5000
# Names that a plain HTML form post uses beside the form's own fields.
RESERVED_NAMES = frozenset({"consent", "locale", "pageUrl", "campaign", "token", "altcha"})

# Mappings that hold no texts: where a trigger's attributes and a row's columns come from.
_SOURCES = frozenset({"attributes", "columns"})
# A part without any text for people.
_WITHOUT_TEXTS = frozenset({"linked_in"})


def broken_rules(form: "Form") -> Iterator[tuple[str, str]]:
    """JSON pointer and reason of each rule that the form breaks, the nearest first."""
    yield from _names(form)
    yield from _languages(form)
    yield from _sizes(form)
    yield from _times(form)
    emails = [field for field in form.fields if isinstance(field, EmailField)]
    if len(emails) != 1 or not emails[0].required:
        yield "/fields", "exactly one field of kind 'email', with 'required': true, is needed"
    yield from _journey(form)
    yield from broken_linkedin_rules(form)


def _journey(form: "Form") -> Iterator[tuple[str, str]]:
    """Exactly one way to start it, with sources that exist."""
    if form.trigger is None and form.journey_row is None:
        yield "/trigger", "is missing: 'trigger' or 'journeyRow' says what starts the journey"
    if form.trigger and form.journey_row:
        yield "/journeyRow", "is given beside 'trigger': only one of them can start the journey"
    known = {field.id for field in form.fields}
    if form.trigger and (missing := form.trigger.fields() - known):
        yield "/trigger/attributes", f"unknown fields: {', '.join(sorted(missing))}"
    if form.journey_row and (missing := form.journey_row.fields() - known):
        yield "/journeyRow/columns", f"unknown fields: {', '.join(sorted(missing))}"


def _names(form: "Form") -> Iterator[tuple[str, str]]:
    names = [field.id for field in form.fields] + [form.honeypot]
    if twice := {name for name in names if names.count(name) > 1}:
        yield "/fields", f"used twice as a field or honeypot: {', '.join(sorted(twice))}"
    if reserved := RESERVED_NAMES.intersection(names):
        yield "/fields", f"reserved, choose another field id: {', '.join(sorted(reserved))}"
    columns = [field.column for field in form.fields if field.column]
    if shared := {column for column in columns if columns.count(column) > 1}:
        yield "/fields", f"two fields write to the column {', '.join(sorted(shared))}"
    if form.withdraw_link in {*columns, *(form.linked_in.columns if form.linked_in else ())}:
        yield "/withdrawLink", f"something else writes to the column {form.withdraw_link}"
    if len({consent.id for consent in form.consents}) != len(form.consents):
        yield "/consents", "two consents have the same id"


def _languages(form: "Form") -> Iterator[tuple[str, str]]:
    wanted = set(form.languages)
    for pointer, texts in _localised(form, ""):
        if set(texts) != wanted:
            given = ", ".join(sorted(texts))
            yield pointer, f"has {given}; needs {', '.join(form.languages)}"


def _sizes(form: "Form") -> Iterator[tuple[str, str]]:
    for tag in form.languages:
        if sum(len(consent.text.get(tag, "")) for consent in form.consents) > CONSENTS_LENGTH:
            yield "/consents", f"the texts in {tag} exceed {CONSENTS_LENGTH} characters"


def _times(form: "Form") -> Iterator[tuple[str, str]]:
    if form.link_lifetime > form.forgotten_after:
        yield "/linkLifetime", "is longer than forgottenAfter"
    if form.reminder_after and form.reminder_after >= form.forgotten_after:
        yield "/reminderAfter", "is not shorter than forgottenAfter"


def _localised(value: Value, pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every text-per-language below `value`, with its JSON pointer."""
    for name, info in type(value).model_fields.items():
        inner = getattr(value, name)
        here = f"{pointer}/{info.alias or name}"
        if name in _WITHOUT_TEXTS:
            continue
        if isinstance(inner, Value):
            yield from _localised(inner, here)
        elif isinstance(inner, tuple):
            for index, item in enumerate(inner):
                if isinstance(item, Value):
                    yield from _localised(item, f"{here}/{index}")
        elif isinstance(inner, Mapping) and name not in _SOURCES:
            yield here, inner
