"""Whether the environment has what one form names: columns, purposes, topics, trigger or row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from shared.dataverse.sight import SECONDS, Sight
from shared.doctor.dataverse_failure import failed
from shared.doctor.dataverse_row_checks import check_row
from shared.doctor.dataverse_trigger_checks import check_trigger
from shared.doctor.form_place import FormPlace
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.check import Check, missing, ok
from shared.values.dataverse.definitions import CONTACT, ColumnDefinition
from shared.values.dataverse.written_value import (
    WITHDRAW_LINK,
    Written,
    misfit,
    of_constant,
    of_field,
)
from shared.values.form import Form, FormConsent

_EMAIL = "emailaddress1"
_COMPLIANCE = "Customer Insights - Journeys → Settings → Customer engagement → Compliance profiles"


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """A column that the form writes, where the file says so, and what comes in."""

    column: str
    pointer: str
    written: Written


def check_form(
    form: Form, settings: Mapping[str, tuple[str, ...]], sight: Sight
) -> Iterator[Check]:
    """One check for each aspect that is well, and one for each thing that is not.

    `settings`: which settings the form's file names, by JSON pointer.
    """
    place = FormPlace(form=form.id, settings=settings)
    aspects: list[tuple[str, Callable[[], Iterator[Check]]]] = [
        ("columns", partial(_check_columns, form, place, sight)),
        ("consents", partial(_check_consents, form, place, sight)),
    ]
    if form.trigger:
        aspects.append(("trigger", partial(check_trigger, form.trigger, place, sight)))
    if form.journey_row:
        aspects.append(("journey row", partial(check_row, form, form.journey_row, place, sight)))
    for aspect, look in aspects:
        try:
            yield from look()
        except (TemporaryFailure, PermanentFailure) as failure:
            yield failed(place.name(aspect), failure)


def _check_columns(form: Form, place: FormPlace, sight: Sight) -> Iterator[Check]:
    wanted = list(_columns(form))
    names = sorted({one.column for one in wanted})
    known = sight.dataverse.columns(CONTACT, names, Deadline(SECONDS))
    problems = [
        problem for one in wanted if (problem := _problem(one, known.get(one.column), place))
    ]
    yield from problems or [ok(place.name("columns"), ", ".join(names))]


def _columns(form: Form) -> Iterator[_Wanted]:
    """The address is always written, whatever its field names."""
    for index, field in enumerate(form.fields):
        if field.column:
            pointer = f"/fields/{index}/column"
            yield _Wanted(column=field.column, pointer=pointer, written=of_field(field))
    if form.email_field.column != _EMAIL:
        written = of_field(form.email_field)
        yield _Wanted(column=_EMAIL, pointer="/fields", written=written)
    if form.withdraw_link:
        yield _Wanted(column=form.withdraw_link, pointer="/withdrawLink", written=WITHDRAW_LINK)
    for column, value in (form.linked_in.columns if form.linked_in else {}).items():
        pointer = f"/linkedIn/columns/{column}"
        yield _Wanted(column=column, pointer=pointer, written=of_constant(value))


def _problem(wanted: _Wanted, column: ColumnDefinition | None, place: FormPlace) -> Check | None:
    name = place.name(f"column {wanted.column}")
    correct = place.correct(wanted.pointer)
    if column is None:
        return missing(
            name,
            f"table contact has no column {wanted.column}",
            f"{correct}; or make the column (make.powerapps.com → Tables → Contact → Columns)",
        )
    if not column.can_be_written:
        return missing(name, f"{wanted.column} cannot be written", correct)
    if column.secured:
        return missing(
            name,
            f"{wanted.column} has column-level security",
            "give the application user a column security profile with Create and Update for it, or"
            f" {correct}",
        )
    reason = misfit(wanted.written, column)
    return missing(name, f"{wanted.column} {reason}", correct) if reason else None


def _check_consents(form: Form, place: FormPlace, sight: Sight) -> Iterator[Check]:
    problems = list(_consent_problems(form, place, sight))
    if problems:
        yield from problems
        return
    names = sorted({sight.purposes()[consent.purpose_id].name for consent in form.consents})
    yield ok(place.name("consents"), ", ".join(names))


def _consent_problems(form: Form, place: FormPlace, sight: Sight) -> Iterator[Check]:
    for index, consent in enumerate(form.consents):
        purposes = sight.purposes()
        name = place.name(f"purpose of consent {consent.id}")
        correct = place.correct(f"/consents/{index}/purposeId")
        purpose = purposes.get(consent.purpose_id)
        if purpose is None:
            there = "; ".join(f"{one.name} {one.id}" for one in purposes.values()) or "none"
            yield missing(
                name,
                f"there is no purpose {consent.purpose_id}",
                f"{correct}. The environment has: {there}",
            )
        elif not purpose.active:
            yield missing(
                name,
                f"purpose {purpose.name} ({purpose.id}) is inactive",
                f"activate it ({_COMPLIANCE}), or {correct}",
            )
        if consent.topic_id:
            yield from _topic_problems(consent, index, place, sight)


def _topic_problems(
    consent: FormConsent, index: int, place: FormPlace, sight: Sight
) -> Iterator[Check]:
    topics = sight.topics()
    name = place.name(f"topic of consent {consent.id}")
    correct = place.correct(f"/consents/{index}/topicId")
    topic = topics.get(consent.topic_id or "")
    of_purpose = [one for one in topics.values() if one.purpose_id == consent.purpose_id]
    there = "; ".join(f"{one.name} {one.id}" for one in of_purpose) or "none"
    if topic is None:
        yield missing(
            name,
            f"there is no topic {consent.topic_id}",
            f"{correct}. The purpose has: {there}",
        )
    elif topic.purpose_id != consent.purpose_id:
        yield missing(
            name,
            f"topic {topic.name} ({topic.id}) belongs to purpose {topic.purpose_id}, not to"
            f" {consent.purpose_id}",
            f"{correct}, or the purposeId beside it. The purpose has: {there}",
        )
    elif not topic.active:
        yield missing(
            name,
            f"topic {topic.name} ({topic.id}) is inactive",
            f"activate it ({_COMPLIANCE}), or {correct}",
        )
