"""`doi` and what its commands have in common."""

import os
from pathlib import Path
from typing import Annotated

import typer

from cli import doctor, funnel, links, poison
from cli.dataverse.commands import commands as dataverse_commands
from cli.evidence.commands import evidence, verify
from cli.forms.commands import commands as forms_commands
from cli.linkedin.commands import commands as linkedin_commands
from cli.mail.commands import commands as mail_commands
from cli.people.erase import erase
from cli.people.export import export
from cli.people.find import find
from cli.settings_file import add_settings
from shared import wiring

app = typer.Typer(
    name="doi",
    help="Look after the double opt-in: what is missing, how far people come, what failed, what "
    "people ask about themselves, proofs of consent, forms and mails, links to withdraw, LinkedIn, "
    "Dataverse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # their frames would print settings
)
app.command()(doctor.doctor)
app.command()(funnel.funnel)
app.command()(find)
app.command()(evidence)
app.command()(verify)
app.command()(export)
app.command()(erase)
app.add_typer(poison.commands, name="poison")
app.add_typer(links.commands, name="links")
app.add_typer(forms_commands, name="forms")
app.add_typer(linkedin_commands, name="linkedin")
app.add_typer(dataverse_commands, name="dataverse")
app.add_typer(mail_commands, name="mail")


@app.callback()
def doi(
    context: typer.Context,
    settings: Annotated[
        Path | None,
        typer.Option(
            help="A file like local.settings.json: its Values count where the environment has none."
        ),
    ] = None,
) -> None:
    """The settings are the app's own, from the environment."""
    if settings:
        add_settings(settings, os.environ)
    if context.obj is None:  # a caller may hand in another outside
        context.obj = wiring.outside
