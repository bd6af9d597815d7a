"""`doi linkedin doctor`: what is missing before leads arrive, and how to mend it."""

from typing import TYPE_CHECKING

import typer

from cli.exit_codes import NOT_ALL_DONE
from cli.linkedin.options import Json
from cli.printing import print_json, say
from shared.doctor.linkedin_checks import examine
from shared.values.check import Check, State

if TYPE_CHECKING:
    from shared.linkedin.client import OutsideWithLinkedIn

_MARKS = {State.OK: "ok", State.WARNING: "WARNING", State.MISSING: "MISSING", State.UNKNOWN: "?"}


def doctor(context: typer.Context, *, json: Json = False) -> None:
    """Which setting, token, permission, role, version or subscription is missing.

    Changes nothing at LinkedIn; renews the access token if it is due. Exit code 1 where something
    is missing or could not be asked; warnings do not count.
    """
    outside: OutsideWithLinkedIn = context.obj()
    checks: list[Check] = []
    for check in examine(outside):
        checks.append(check)
        if not json:
            _show(check)
    if json:
        print_json(
            [
                {
                    "check": each.name,
                    "state": each.state.value,
                    "found": each.found,
                    "mend": each.mend,
                }
                for each in checks
            ]
        )
    if any(each.state in (State.MISSING, State.UNKNOWN) for each in checks):
        raise typer.Exit(NOT_ALL_DONE)


def _show(check: Check) -> None:
    say(f"{_MARKS[check.state]:8}{check.name}: {check.found}")
    if check.mend:
        say(f"        → {check.mend}")
