"""`doi funnel`: how many signed up, confirmed, and got into Dataverse."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import NOTHING_FOUND
from cli.funnel_report import show_funnels
from cli.printing import note, say
from cli.since import since as moment
from shared.funnel import funnels

if TYPE_CHECKING:
    from shared.ports import Outside


def funnel(
    context: typer.Context,
    form: Annotated[
        list[str] | None, typer.Option(help="Only this form; repeated for more.")
    ] = None,
    since: Annotated[
        str, typer.Option(help="A date (UTC), or 30d: days counted back from today.")
    ] = "30d",
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write a page with charts, to look at or to send."),
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """How far registrations came, by form: accepted, mailed, delivered, confirmed, promoted.

    Counted on the day (UTC) on which it happened. A picture: what a process that was killed had not
    written yet is missing. Names no person.
    """
    outside: Outside = context.obj()
    now = outside.now()
    day = moment(since, now).date()
    found = funnels(day, outside, form)
    unknown = [one.form for one in found if not one.counts and one.form not in outside.forms]
    if form and len(unknown) == len(found):
        known = ", ".join(sorted(outside.forms))
        note(f"There is no such form, and none was counted. Forms: {known}")
        raise typer.Exit(NOTHING_FOUND)
    show_funnels(found, day, now, as_json=json)
    if html:
        # The template engine, only for who wants a page.
        from shared.web.funnel_report import funnel_report  # noqa: PLC0415 - see above

        try:
            html.write_text(funnel_report(found, day, now), encoding="utf-8")
        except OSError as error:
            raise typer.BadParameter(f"{html} cannot be written: {error.strerror}") from None
        if not json:
            say(f"Written: {html}")
