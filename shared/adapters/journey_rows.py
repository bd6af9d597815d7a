"""The row that starts a journey: looking for it, creating it once, and what to mend about it.

Addressed by its alternate key, which is therefore not in the body, and created only, never
updated (`If-None-Match: *`): a journey may start on updates as well.
learn.microsoft.com/power-apps/developer/data-platform/use-upsert-insert-update-record
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.adapters.dataverse_batch import Operation
from shared.adapters.dataverse_failure import Step
from shared.adapters.dataverse_query import query, row, text
from shared.values.journey_row import NewJourneyRow


@dataclass(frozen=True, kw_only=True)
class FoundJourneyRow:
    """The registration's row; `contact_id` is None where the contact was deleted since."""

    contact_id: str | None


def journey_row_query(wanted: NewJourneyRow) -> str:
    """The query whose answer `found_journey_row` reads."""
    return query(
        wanted.entity_set,
        select=wanted.key_column,
        expand=f"{wanted.contact}($select=contactid)",
        filter=f"{wanted.key_column} eq {text(wanted.key)}",
    )


def found_journey_row(
    wanted: NewJourneyRow, answer: Sequence[Mapping[str, Any]]
) -> FoundJourneyRow | None:
    """The row that an earlier attempt wrote; the key makes it one at most."""
    if not answer:
        return None
    contact = answer[0].get(wanted.contact)
    return FoundJourneyRow(contact_id=contact and contact["contactid"])


def journey_row_creation(wanted: NewJourneyRow, contact_id: str) -> Operation:
    """To be done in one change set with the contact, after it.

    The contact is bound by its id and not by `$1`: that stands for what was created in the same
    change set, and often nothing of the contact has to be written.
    learn.microsoft.com/power-apps/developer/data-platform/webapi/
    execute-batch-operations-using-web-api
    """
    bound = {f"{wanted.contact}@odata.bind": f"/{row('contacts', contact_id)}"}
    return Operation(
        method="PATCH",
        path=wanted.address,
        headers={"If-None-Match": "*"},
        body={**wanted.columns, **bound},
    )


def looking_up_with_row(looking_up: Step, wanted: NewJourneyRow) -> Step:
    """The step when the row is looked for, too."""
    return Step(
        name=f"{looking_up.name}, and the journey row",
        if_refused=f"table {wanted.entity_set} has no column {wanted.key_column} or no lookup"
        f" {wanted.contact} to contacts; correct the form's journeyRow. Or {looking_up.if_refused}",
        if_missing=f"the environment has no table {wanted.entity_set}; create it, or correct the"
        " form's journeyRow",
        if_forbidden=_privileges(looking_up, wanted),
    )


def writing_with_row(writing: Step, wanted: NewJourneyRow) -> Step:
    """The step when the row is written, too."""
    return Step(
        name=f"{writing.name}, and the journey row",
        if_refused=f"{writing.if_refused}; compare the columns of the form's journeyRow with table"
        f" {wanted.entity_set}, where {wanted.key_column} needs an active alternate key of its own",
        if_missing=f"{writing.if_missing}; or the environment has no table {wanted.entity_set}",
        if_forbidden=_privileges(writing, wanted),
    )


def _privileges(step: Step, wanted: NewJourneyRow) -> str:
    return (
        f"{step.if_forbidden}, and with it Create, Read and Append for table {wanted.entity_set}"
        " (Append To for contacts)"
    )
