"""Options that several commands have."""

from typing import Annotated

import typer

from shared.linkedin.client import OutsideWithLinkedIn
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.urns import parse_form_version

SECONDS = 120.0  # for all that one command asks of LinkedIn, unless it may take longer


def parse_owner(text: str) -> Owner:
    """Raises typer.BadParameter."""
    try:
        owner = Owner.parse(text.strip())
    except ValueError:
        owner = None
    if owner is None or not (owner.is_ad_account or owner.is_organization):
        raise typer.BadParameter("urn:li:sponsoredAccount:… or urn:li:organization:…")
    return owner


def parse_form_id(text: str) -> int:
    """From the id or a URN of a lead form. Raises typer.BadParameter."""
    bare = text.strip()
    try:
        return parse_form_version(bare if bare.startswith("urn:") else _urn(bare)).form_id
    except ValueError:
        raise typer.BadParameter("the id of a lead form, or its URN") from None


def chosen_owners(given: list[Owner] | None, outside: OutsideWithLinkedIn) -> tuple[Owner, ...]:
    """Those that were given, else those in the settings. Raises typer.BadParameter."""
    linkedin = outside.rules.linkedin
    owners = tuple(given or [parse_owner(urn) for urn in (linkedin.owners if linkedin else ())])
    if not owners:
        raise typer.BadParameter("give --owner, or set LINKEDIN_OWNERS")
    return owners


def _urn(form_id: str) -> str:
    return f"urn:li:leadGenForm:{form_id}"


Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Owners = Annotated[
    list[Owner] | None,
    typer.Option(
        "--owner",
        parser=parse_owner,
        metavar="URN",
        help="Ad account or company page, repeated for more.  [default: LINKEDIN_OWNERS]",
    ),
]
FormId = Annotated[
    int, typer.Argument(parser=parse_form_id, metavar="ID", help="Id of the lead form.")
]
