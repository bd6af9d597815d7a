"""`doi linkedin` and how its commands fail."""

from typing import Any

import typer
from typer.core import TyperGroup

from cli.exit_codes import NO_ANSWER, NOTHING_FOUND, REFUSED
from cli.linkedin import authorize, doctor, forms, leads, mapping, subscriptions
from cli.printing import note
from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin.failures import NotFound, Throttled
from shared.values.linkedin.lead_form_writing import LeadFormRefused
from shared.values.linkedin.subscription import SubscriptionRefused


class LinkedInCommands(TyperGroup):
    """Says in a few words what failed; exit_codes has what each means."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except NotFound as failure:
            note(str(failure))
            raise typer.Exit(NOTHING_FOUND) from None
        except LeadFormRefused as refused:
            for problem in refused.problems:
                note(f"Not sent: {problem}")
            raise typer.Exit(REFUSED) from None
        except SubscriptionRefused as refused:
            note(f"Not sent: {refused}")
            raise typer.Exit(REFUSED) from None
        except PermanentFailure as failure:
            note(str(failure))
            raise typer.Exit(REFUSED) from None
        except TemporaryFailure as failure:
            note(_later(failure))
            raise typer.Exit(NO_ANSWER) from None


def _later(failure: TemporaryFailure) -> str:
    if isinstance(failure, Throttled):
        return f"{failure}: the quota of this call is used up; LinkedIn counts anew at midnight UTC"
    if failure.may_have_happened:
        return f"{failure}: try again; if it was to create something, list first"
    return f"{failure}: try again"


commands = typer.Typer(
    cls=LinkedInCommands,
    help="LinkedIn lead forms: set them up, fetch leads, find out what is missing.",
    no_args_is_help=True,
)
forms.commands.command("check-mapping")(mapping.check_mapping)
commands.add_typer(forms.commands, name="forms")
commands.add_typer(subscriptions.commands, name="subscriptions")
commands.add_typer(leads.commands, name="leads")
commands.command()(authorize.authorize)
commands.command()(doctor.doctor)
