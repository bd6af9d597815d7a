"""`doi doctor`: what has to be right before the first visitor comes, and how to mend it."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.doctor_report import Report
from cli.exit_codes import NO_ANSWER, NOT_ALL_DONE, REFUSED
from cli.printing import note
from shared import wiring
from shared.doctor.failures import Refused, Why
from shared.doctor.groups import Examined, Group
from shared.failures import TemporaryFailure
from shared.read_settings import FUNCTION_KEY
from shared.settings import web_origin

if TYPE_CHECKING:
    from shared.doctor.ports import OutsideOfDoctor

_KEY_STEP = (
    f"set the environment variable {FUNCTION_KEY} to what this prints: az functionapp keys list"
    " --name APP --resource-group GROUP --query functionKeys.default --output tsv"
)


def _origin(text: str) -> str:
    try:
        return web_origin(text.rstrip("/"))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def doctor(
    context: typer.Context,
    only: Annotated[list[Group] | None, typer.Option(help="This group; repeat for more.")] = None,
    app: Annotated[
        str | None,
        typer.Option(
            parser=_origin,
            metavar="URL",
            help=f"Ask the app that runs there; its function key is in {FUNCTION_KEY}.",
        ),
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Settings, forms, storage, mail, Dataverse, LinkedIn: what is missing, and how to mend it.

    Writes to each queue and table what nobody sees, and takes it back; sends no mail. Exit code 1
    where something is missing or could not be asked; warnings do not count.
    """
    groups = tuple(only or Group)
    report = Report(as_json=json)
    if app:
        report.add(_ask_app(app, groups))
    else:
        report.add(_look_here(context.obj, groups))
    report.finish()
    if report.has_faults:
        raise typer.Exit(NOT_ALL_DONE)


def _look_here(wired: Any, groups: tuple[Group, ...]) -> Iterable[Examined]:
    from shared import doctor_wiring  # noqa: PLC0415 - no other command needs it
    from shared.doctor.examine import examine  # noqa: PLC0415 - likewise

    # The app's own wiring refuses to start with what the doctor is to tell.
    outside: OutsideOfDoctor = doctor_wiring.examined() if wired is wiring.outside else wired()
    # What it would warn of is among the checks.
    logging.getLogger("azure").setLevel(logging.CRITICAL)
    return examine(outside, groups)


def _ask_app(url: str, groups: tuple[Group, ...]) -> Iterable[Examined]:
    from shared import doctor_wiring  # noqa: PLC0415 - no other command needs it

    try:
        return doctor_wiring.deployed_app(url).examine(groups)
    except Refused as refused:
        note(f"{refused}: {_mend(refused.why)}")
        raise typer.Exit(REFUSED) from None
    except TemporaryFailure as failure:
        note(
            f"{failure}: an app whose settings are wrong does not start; its log names them, and so"
            " does doi --settings FILE doctor with the app's settings in a file"
        )
        raise typer.Exit(NO_ANSWER) from None


def _mend(why: Why) -> str:
    match why:
        case Why.CREDENTIALS:
            return _KEY_STEP
        case Why.NOT_THERE:
            return "no such app there, or one that did not start: its log says why"
        case _:
            return "is it this app, and of this version?"
