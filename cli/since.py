"""How far back: `--since 2026-11-01`, `--since 30d`, `--since 12h`."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import typer

_AGO: Final = re.compile(r"([1-9][0-9]{0,3})([dh])")


def since(text: str, now: datetime) -> datetime:
    """The moment, in UTC where no zone is given. Raises typer.BadParameter."""
    if match := _AGO.fullmatch(text.strip()):
        number = int(match[1])
        return now - (timedelta(days=number) if match[2] == "d" else timedelta(hours=number))
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter("--since is a date (2026-11-01), or 30d, or 12h") from None
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment >= now:
        raise typer.BadParameter("--since is in the future")
    return moment
