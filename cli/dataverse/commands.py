"""`doi dataverse` and how its commands fail."""

from typing import Any

import typer
from typer.core import TyperGroup

from cli.dataverse import role, table
from cli.exit_codes import NO_ANSWER, NOTHING_FOUND, REFUSED, SETTINGS_WRONG
from cli.printing import note
from shared.dataverse.failures import NotThere
from shared.failures import PermanentFailure, TemporaryFailure
from shared.values.dataverse.registration_table import TableUnclear


class DataverseCommands(TyperGroup):
    """Says in a few words what failed; exit_codes has what each means."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except TableUnclear as unclear:
            note(f"The forms are wrong: {unclear}")
            raise typer.Exit(SETTINGS_WRONG) from None
        except NotThere as failure:
            note(str(failure))
            raise typer.Exit(NOTHING_FOUND) from None
        except PermanentFailure as failure:
            note(str(failure))
            raise typer.Exit(REFUSED) from None
        except TemporaryFailure as failure:
            note(f"{failure}: try again; what was made already is not made twice")
            raise typer.Exit(NO_ANSWER) from None


commands = typer.Typer(
    cls=DataverseCommands,
    help="What the app needs in Dataverse: its security role, the table for journey rows.",
    no_args_is_help=True,
)
commands.command()(role.role)
commands.command()(table.table)
