"""How the table is shown, and the part of a form's file that names it."""

import json
from typing import Any

from cli.printing import print_table, say
from shared.dataverse.table_making import TablePlan
from shared.values.dataverse.definitions import ColumnDefinition
from shared.values.dataverse.registration_table import NewTable
from shared.values.form_journey_row import JourneyRow


def show_table(row: JourneyRow, wanted: NewTable, plan: TablePlan | None) -> None:
    """`plan` is None where nobody could ask what is there."""
    columns = ["what", "type", "for"]
    rows = [
        [wanted.key_column.definition.name, "text, alternate key", "the registration id"],
        [wanted.contact, "lookup to contact", "the journey's audience"],
        *(
            [column.definition.name, _kind(column.definition), column.label]
            for column in wanted.columns
        ),
    ]
    if plan:
        columns.append("there")
        for line, there in zip(rows, _there(wanted, plan), strict=True):
            line.append(there)
    print_table(f"Table {wanted.name} (entity set {wanted.entity_set})", columns, rows)
    say("In the form's file, instead of its trigger (docs/forms.md):\n")
    say(f'"journeyRow": {json.dumps(_journey_row(row), indent=2, ensure_ascii=False)}\n')


def snippet(row: JourneyRow, wanted: NewTable, plan: TablePlan | None) -> dict[str, Any]:
    """For programs."""
    return {
        "table": wanted.name,
        "entitySet": wanted.entity_set,
        "complete": plan.is_complete if plan else None,
        "key": plan.key.value if plan and plan.key else None,
        "missing": [column.definition.name for column in plan.columns] if plan else None,
        "journeyRow": _journey_row(row),
    }


def _journey_row(row: JourneyRow) -> dict[str, Any]:
    return row.model_dump(mode="json", by_alias=True, exclude_none=True)


def _there(wanted: NewTable, plan: TablePlan) -> list[str]:
    missing = {column.definition.name for column in plan.columns}
    key = plan.key.value if plan.key else "NO"
    return [
        "NO" if wanted.key_column.definition.name in missing else f"key {key}",
        "NO" if plan.lookup else "yes",
        *("NO" if column.definition.name in missing else "yes" for column in wanted.columns),
    ]


def _kind(column: ColumnDefinition) -> str:
    if column.max_length:
        return f"text, {column.max_length}"
    return {"DateTime": "date" if column.date_only else "date and time"}.get(
        column.kind, column.kind
    )
