"""`doi dataverse role`: the least privileges that the app needs, and giving them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from cli.dataverse.outside import outside_of
from cli.dataverse.role_report import show_privileges
from cli.printing import note, print_json
from shared.dataverse.failures import NotThere
from shared.dataverse.role import (
    ERASING,
    USUAL_NAME,
    RolePlan,
    assign_role,
    complete_role,
    documented_privileges,
    needed_privileges,
    plan_role,
    unknown_yet,
)
from shared.dataverse.sight import or_none
from shared.failures import PermanentFailure, TemporaryFailure

if TYPE_CHECKING:
    from shared.dataverse.ports import OutsideWithAdministration
    from shared.values.dataverse.users import SecurityRole


def role(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    name: Annotated[str, typer.Option(help=f"The role's name.  [default: {USUAL_NAME}]")] = "",
    application: Annotated[
        UUID | None,
        typer.Option(
            metavar="ID",
            help="Application (client) ID of the application user.  [default: AZURE_CLIENT_ID]",
        ),
    ] = None,
    *,
    create: Annotated[
        bool, typer.Option("--create", help="Make the role, or add what it lacks.")
    ] = False,
    assign: Annotated[
        bool, typer.Option("--assign", help="Assign it to the application user.")
    ] = False,
    erasing: Annotated[
        bool,
        typer.Option(
            "--erasing", help="Not the app's role, but that of a person who runs doi erase."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """The security role that the forms need: each privilege, how far it reaches, and why.

    --create and --assign need an administrator's login: az login, DOI_CREDENTIAL=azure-cli.
    Nothing is taken from a role that is there.
    """
    if erasing and assign:
        raise typer.BadParameter("--assign is for the app; assign this role to people by hand")
    name = name or (ERASING if erasing else USUAL_NAME)
    outside = outside_of(context.obj)
    application_id = _application_id(application, outside) if assign else ""
    administration = outside.dataverse_administration
    if not create and not assign:
        privileges = documented_privileges(outside, to_erase=erasing)
        plan = RolePlan(name=name, privileges=privileges, role=None)
        try:
            plan = plan_role(name, privileges, administration)
        except (TemporaryFailure, PermanentFailure) as failure:
            note(f"Whether the role {name} is there, and what it has, is not known: {failure}.")
        else:
            if plan.role is None:
                note(f"The environment has no role {name}: make it with --create.")
        show_privileges(plan, as_json=json)
        if all(one.id is None for one in privileges):
            note("The environment could not be asked: these are the documented names.")
        _tell(or_none(unknown_yet, outside) or ())
        return
    to_come = unknown_yet(outside)
    plan = plan_role(name, needed_privileges(outside, to_erase=erasing), administration)
    made = _create(plan, outside, yes=yes) if create else _existing(plan)
    assigned = False
    if assign:
        if not yes:
            typer.confirm(f"Assign {name} to application {application_id}?", abort=True, err=True)
        assigned = assign_role(made, application_id, administration)
        told = "now has" if assigned else "had"
        note(f"Application user {application_id} {told} the role {name}.")
    _tell(to_come)
    if json:
        added = [one.name for one in plan.lacking] if create else []
        print_json({"role": name, "id": made.id, "added": added, "assigned": assigned})


def _create(plan: RolePlan, outside: "OutsideWithAdministration", *, yes: bool) -> "SecurityRole":
    lacking = plan.lacking
    if plan.role and not lacking:
        note(f"The role {plan.name} has all that it needs.")
        return plan.role
    what = f"Add {len(lacking)} privileges to" if plan.role else "Make"
    for one in lacking:
        note(f"  {one.name} ({one.depth.in_words}): {one.why}")
    if not yes:
        question = f"{what} the role {plan.name} in {outside.dataverse.url}?"
        typer.confirm(question, abort=True, err=True)
    made = complete_role(plan, outside.dataverse_administration)
    note(f"The role {plan.name} has all that it needs now.")
    return made


def _tell(to_come: Iterable[str]) -> None:
    for name in to_come:
        note(f"{name} is not there yet: what it needs is known when it is, so run this then again.")


def _existing(plan: RolePlan) -> "SecurityRole":
    if plan.role is None:
        raise NotThere(f"the environment has no role {plan.name}; make it with --create")
    return plan.role


def _application_id(given: UUID | None, outside: "OutsideWithAdministration") -> str:
    application_id = str(given) if given else outside.client_id
    if not application_id:
        raise typer.BadParameter("give --application, or set AZURE_CLIENT_ID")
    return application_id
