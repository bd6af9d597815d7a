"""`doi forms` and its commands."""

import typer

from cli.forms.check import check
from cli.forms.preview import preview

commands = typer.Typer(
    help="The form files: check them, look at their mails and pages.", no_args_is_help=True
)
commands.command()(check)
commands.command()(preview)
