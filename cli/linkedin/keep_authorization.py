"""Where the tokens go after a sign-in: the app's table, or a file for a Key Vault."""

import os
from pathlib import Path

import typer

from shared.failures import Changed, TemporaryFailure
from shared.linkedin.ports import LinkedInTokens
from shared.ports import Versioned
from shared.values.linkedin.authorization import Authorization

_RACES = 5


def keep_in_table(given: Authorization, tokens: LinkedInTokens) -> None:
    """Whatever is there is replaced: a person has just signed in. Raises TemporaryFailure."""
    for _ in range(_RACES):
        stored = tokens.load()
        try:
            tokens.save(Versioned(value=given, etag=stored.etag if stored else None))
        except Changed:
            continue  # the app renewed the old one meanwhile
        return
    raise TemporaryFailure("the app keeps renewing its token; sign in again")


def keep_in_file(given: Authorization, file: Path) -> None:
    """The refresh token, else the access token, and nothing else: what a Key Vault takes.

    Raises typer.BadParameter where the file cannot be made.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(given.refresh_token or given.access_token)
