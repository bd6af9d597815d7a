"""What the commands are given, and how they fail."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cli.exit_codes import NO_ANSWER, REFUSED
from cli.printing import note
from shared.failures import PermanentFailure, TemporaryFailure
from shared.values.answer_error import AnswerRefused
from shared.values.email_address import normalised_address

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The exact e-mail address.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def checked_address(text: str) -> str:
    """In the form in which it is stored."""
    try:
        return normalised_address(text.strip())
    except AnswerRefused:
        raise typer.BadParameter("ADDRESS is no e-mail address such as anna@contoso.com") from None


def registration_id(text: str) -> str | None:
    """The id, where it is one."""
    wanted = text.strip().lower()
    return wanted if _ID.fullmatch(wanted) else None


@contextmanager
def failures_told(rest: str = "") -> Iterator[None]:
    """Ends with the exit code of the failure; `rest` says what there is to do then."""
    try:
        yield
    except TemporaryFailure as failure:
        note(f"No answer: {failure}. {rest}".rstrip())
        raise typer.Exit(NO_ANSWER) from None
    except PermanentFailure as failure:
        note(f"Refused: {failure}. {rest}".rstrip())
        raise typer.Exit(REFUSED) from None
