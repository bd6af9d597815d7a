"""`doi poison`: what failed for good, and what to do with it once its cause is mended."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import NOT_ALL_DONE, NOTHING_FOUND
from cli.poison_details import show_details
from cli.poison_report import show_outcome, show_queues
from shared import poison
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from shared.ports import Outside

commands = typer.Typer(
    help="Messages that failed for good: list, show, replay and drop them.", no_args_is_help=True
)

Queue = Annotated[QueueName, typer.Argument(metavar="QUEUE", help="The queue, without -poison.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Id = Annotated[str, typer.Option("--id", help="Id of a message, or of a registration.")]


@commands.command("list")
def list_(
    context: typer.Context,
    queue: Annotated[QueueName | None, typer.Option(help="Only this one.")] = None,
    *,
    json: Json = False,
) -> None:
    """What waits in the poison queues, and why. Names no person."""
    outside: Outside = context.obj()
    queues = [poison.waiting(each, outside) for each in ([queue] if queue else QueueName)]
    show_queues(queues, as_json=json)


@commands.command()
def show(
    context: typer.Context,
    queue: Queue,
    id_: Annotated[str, typer.Option("--id", help="Id of a message, or of a registration.")],
    *,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show what names a person, too.")
    ] = False,
    json: Json = False,
) -> None:
    """One message: its cause, its age, its content, and what to do. Hides what names a person."""
    outside: Outside = context.obj()
    found = poison.details(queue, poison.named(id_), outside)
    show_details(found, queue, outside.now(), reveal=reveal, as_json=json)
    if not found:
        raise typer.Exit(NOTHING_FOUND)


@commands.command()
def replay(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    queue: Queue,
    id_: Id = "",
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that wait there.")] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Put messages back into their queue, after the cause was mended."""
    if bool(id_) == everything:
        raise typer.BadParameter("give either --id or --all")
    if everything and not yes:
        typer.confirm(f"Replay everything in {queue.poison}?", abort=True, err=True)
    chosen = poison.everything if everything else poison.named(id_)
    outcome = poison.replay(queue, chosen, context.obj())
    show_outcome("replayed", queue, outcome, as_json=json)
    _exit_unless_done(outcome)


@commands.command()
def drop(
    context: typer.Context,
    queue: Queue,
    id_: Annotated[str, typer.Option("--id", help="Id of a message, or of a registration.")],
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Delete what nobody will need: it cannot be put back."""
    if not yes:
        typer.confirm(f"Delete {id_} from {queue.poison}, for ever?", abort=True, err=True)
    outcome = poison.drop(queue, poison.named(id_), context.obj())
    show_outcome("dropped", queue, outcome, as_json=json)
    _exit_unless_done(outcome)


def _exit_unless_done(outcome: poison.Outcome) -> None:
    if outcome.left:
        raise typer.Exit(NOT_ALL_DONE)
    if not outcome.done:
        raise typer.Exit(NOTHING_FOUND)
