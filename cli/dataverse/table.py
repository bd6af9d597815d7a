"""`doi dataverse table`: the table for journey rows, and making it."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.dataverse.outside import outside_of
from cli.dataverse.table_report import show_table, snippet
from cli.printing import note, print_json, say
from shared.dataverse.needed import in_use
from shared.dataverse.sight import SECONDS, or_none
from shared.dataverse.table_making import (
    TablePlan,
    make_table,
    plan_table,
    rebuild_failed_key,
    wait_for_key,
)
from shared.failures import PermanentFailure
from shared.ports import Deadline
from shared.values.dataverse.registration_table import NewTable, table_for, usual_row
from shared.values.form_journey_row import JourneyRow

if TYPE_CHECKING:
    from shared.dataverse.ports import OutsideWithAdministration
    from shared.values.form import Form

DEFAULT_PREFIX = "new"


def table(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    form: Annotated[
        str | None, typer.Option(metavar="FORM", help="Only for the journeyRow of this form.")
    ] = None,
    prefix: Annotated[
        str | None,
        typer.Option(
            help="Of a new table's names, where no form has a journeyRow.  [default: that of the"
            f" solution's publisher, or {DEFAULT_PREFIX}]"
        ),
    ] = None,
    solution: Annotated[
        str | None, typer.Option(help="Unique name of the solution that it becomes part of.")
    ] = None,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait until the alternate key is active.", min=0)
    ] = 300,
    *,
    create: Annotated[
        bool, typer.Option("--create", help="Make the table, or add what it lacks.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """The optional table whose rows start journeys: columns, lookup, alternate key.

    --create needs an administrator's login: az login, DOI_CREDENTIAL=azure-cli. Nothing that is
    there is changed or taken away. Ends with the part of a form's file that names the table.
    """
    outside = outside_of(context.obj)
    results = []
    for row, forms in _rows(form, prefix, solution, outside):
        wanted = table_for(row, forms)
        plan = (
            _made(wanted, solution, wait, outside, yes=yes)
            if create
            else or_none(plan_table, wanted, outside.dataverse)
        )
        results.append((row, wanted, plan))
    if json:
        print_json([snippet(*result) for result in results])
        return
    for row, wanted, plan in results:
        show_table(row, wanted, plan)
        if plan is None:
            note("The environment could not be asked what is there already.")
    if create:
        say("Next: doi dataverse role --create (its privileges), then the trigger in CIJ.")


def _rows(
    form_id: str | None,
    prefix: str | None,
    solution: str | None,
    outside: "OutsideWithAdministration",
) -> list[tuple[JourneyRow, list["Form"]]]:
    """Each table once, with the forms that use it; else the usual one, for all forms."""
    if form_id is not None and form_id not in outside.forms:
        raise typer.BadParameter(f"there is no form {form_id}")
    forms = [outside.forms[form_id]] if form_id else [*in_use(outside.forms.values())]
    tables: dict[str, tuple[JourneyRow, list[Form]]] = {}
    for one in forms:
        if one.journey_row:
            row = one.journey_row
            tables.setdefault(row.entity_set, (row, []))[1].append(one)
    if tables:
        return list(tables.values())
    return [(usual_row(prefix or _prefix_of(solution, outside)), forms)]


def _prefix_of(solution: str | None, outside: "OutsideWithAdministration") -> str:
    if solution is None:
        return DEFAULT_PREFIX
    found = outside.dataverse_administration.prefix_of(solution, Deadline(SECONDS))
    if found is None:
        raise typer.BadParameter(f"the environment has no solution {solution}")
    return found


def _made(
    wanted: NewTable,
    solution: str | None,
    wait: float,
    outside: "OutsideWithAdministration",
    *,
    yes: bool,
) -> TablePlan:
    """What is there in the end. Raises TemporaryFailure and PermanentFailure."""
    administration = outside.dataverse_administration
    plan = plan_table(wanted, outside.dataverse)
    if not plan.is_complete:
        lacking = _lacking(plan)
        if lacking and not yes:
            question = f"Make {', '.join(lacking)} in {outside.dataverse.url}?"
            typer.confirm(question, abort=True, err=True)
        if lacking:
            deadline = Deadline(SECONDS)
            if solution and administration.prefix_of(solution, deadline) is None:
                raise PermanentFailure(f"the environment has no solution {solution}")
            make_table(
                plan.for_solution(solution, administration.language(deadline)),
                administration,
                lambda made: note(f"made: {made}"),
            )
        rebuild_failed_key(plan, outside.dataverse, administration)
        note("waiting until the alternate key is active …")
        wait_for_key(plan.wanted, outside.dataverse, Deadline(wait), time.sleep)
    return plan_table(wanted, outside.dataverse)


def _lacking(plan: TablePlan) -> Sequence[str]:
    columns = [column.definition.name for column in plan.columns]
    lookup = [plan.wanted.contact] if plan.lookup else []
    key = [plan.wanted.key_name] if plan.key is None else []
    return [*([] if plan.is_there else [plan.wanted.name]), *columns, *lookup, *key]
