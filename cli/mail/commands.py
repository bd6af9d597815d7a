"""`doi mail` and its commands."""

import typer

from cli.mail.lint import lint
from cli.mail.send import send

commands = typer.Typer(
    help="The confirmation mail: hold it to the law, send one to yourself.", no_args_is_help=True
)
commands.command()(lint)
commands.command("test")(send)
