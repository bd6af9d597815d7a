"""`doi linkedin leads`: fetch leads again, and look after those that wait for somebody."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from cli.exit_codes import NOT_ALL_DONE, NOTHING_FOUND
from cli.linkedin.leads_report import show_parked, show_pulled, show_retried
from cli.linkedin.options import Json, Owners, Yes, chosen_owners
from cli.linkedin.pull import Pulled, Window, pull
from cli.since import since as read_since
from shared import parked_leads
from shared.lead_reconciliation import lead_types_of
from shared.values.lead_row import LeadRow

if TYPE_CHECKING:
    from shared.linkedin.client import OutsideWithLinkedIn
    from shared.ports import Outside

commands = typer.Typer(
    help="Leads: fetch them once more, look after those that wait.", no_args_is_help=True
)


@commands.command("pull")
def pull_(
    context: typer.Context,
    since: Annotated[
        str, typer.Option(help="A date (2026-11-01), or so many days or hours ago (30d, 12h).")
    ],
    owner: Owners = None,
    *,
    json: Json = False,
) -> None:
    """Put the leads that LinkedIn still has, and the app does not know, into the app's queue.

    They become registrations there, like any other lead. Known ones are left alone, so that it
    may be repeated. LinkedIn keeps leads for 90 days, some types for a year.
    """
    outside: OutsideWithLinkedIn = context.obj()
    now = outside.now()
    window = Window(since=read_since(since, now), until=now)
    sources = [
        (one.urn, kind) for one in chosen_owners(owner, outside) for kind in lead_types_of(one.urn)
    ]
    done: list[Pulled] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=json) as progress:
        for number, (urn, kind) in enumerate(sources, start=1):
            # LinkedIn does not always say how many there will be.
            source = f"{number}/{len(sources)} {urn} {kind}"
            task = progress.add_task(source, total=None)
            done.append(pull(urn, kind, window, outside, partial(progress.advance, task)))
            progress.update(task, total=done[-1].listed, completed=done[-1].listed)
    show_pulled(done, window, as_json=json)
    if any(each.failure or each.unreadable for each in done):
        raise typer.Exit(NOT_ALL_DONE)


@commands.command()
def parked(context: typer.Context, *, json: Json = False) -> None:
    """Leads that could not become registrations, and why. Names no person."""
    outside: Outside = context.obj()
    show_parked(parked_leads.waiting(outside), as_json=json)


@commands.command()
def retry(
    context: typer.Context,
    id_: Annotated[str, typer.Option("--id", help="Id of a lead, or of its registration.")] = "",
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that are parked.")] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Fetch parked leads from LinkedIn once more, after the cause was mended.

    Those that still do not fit are parked again.
    """
    if bool(id_) == everything:
        raise typer.BadParameter("give either --id or --all")
    outside: Outside = context.obj()
    if everything and not yes:
        typer.confirm("Retry all parked leads?", abort=True, err=True)

    def chosen(row: LeadRow) -> bool:
        return everything or id_ in (row.lead, row.registration_id)

    retried = parked_leads.retry(chosen, outside)
    show_retried(retried, as_json=json)
    if not retried:
        raise typer.Exit(NOTHING_FOUND)
