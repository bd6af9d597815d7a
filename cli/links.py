"""`doi links`: addresses that a company puts into its own mails and pages."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.exit_codes import NOT_ALL_DONE, NOTHING_FOUND
from cli.printing import note, print_json, say
from shared.values.answer_error import AnswerRefused
from shared.values.email_address import normalised_address
from shared.withdraw_link import WithdrawLink, links_of_address, links_of_registration

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.ports import Outside

    # What goes beside each link, and how to find the links.
    LookUp = tuple[dict[str, str], Callable[[Outside], list[WithdrawLink]]]

commands = typer.Typer(help="Links for your own mails and pages.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@commands.callback()
def links() -> None:
    """More kinds of links may follow."""


@commands.command()
def withdraw(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    address: Annotated[
        list[str] | None, typer.Option(help="E-mail address; repeated for more.")
    ] = None,
    registration: Annotated[
        list[str] | None, typer.Option(help="Id of a registration; repeated for more.")
    ] = None,
    file: Annotated[
        typer.FileBinaryRead | None,
        typer.Option(
            metavar="FILE", help="A file with an e-mail address on each line; - is stdin."
        ),
    ] = None,
    form: Annotated[str, typer.Option(help="Only registrations of this form.")] = "",
    *,
    json: Json = False,
) -> None:
    """With these links people withdraw what they have confirmed, one for each registration.

    For `List-Unsubscribe` headers, footers and preference pages (docs/withdrawal.md). A link is
    always the same, does not expire, and lets whoever has it withdraw.
    """
    outside: Outside = context.obj()
    addresses = [*(address or ()), *(_lines(file) if file else ())]
    wanted = [*map(_by_address, addresses), *map(_by_registration, registration or ())]
    if not wanted:
        raise typer.BadParameter("give --address, --registration or --file")
    found: list[dict[str, Any]] = []
    missing = 0
    for asked, look_up in wanted:
        links = [link for link in look_up(outside) if form in ("", link.form)]
        missing += not links
        found += [{**asked, **_as_json(link)} for link in links]
    _show(found, as_json=json)
    if missing:
        note(f"{missing} of {len(wanted)} have confirmed nothing that could be withdrawn.")
        raise typer.Exit(NOT_ALL_DONE if found else NOTHING_FOUND)


def _by_address(text: str) -> "LookUp":
    try:
        address = normalised_address(text.strip())
    except AnswerRefused:
        raise typer.BadParameter("one of the addresses is no e-mail address") from None
    return {"address": address}, lambda outside: links_of_address(address, outside)


def _by_registration(text: str) -> "LookUp":
    return {}, lambda outside: links_of_registration(text.strip().lower(), outside)


def _lines(file: typer.FileBinaryRead) -> list[str]:
    try:
        text = file.read().decode("utf-8-sig")
    except ValueError:
        raise typer.BadParameter("the file is no UTF-8 text") from None
    return [line for line in text.splitlines() if line.strip()]


def _as_json(link: WithdrawLink) -> dict[str, Any]:
    return {
        "registration": link.registration_id,
        "form": link.form,
        "confirmedAt": link.confirmed_at.isoformat(),
        "withdrawnAt": link.withdrawn_at.isoformat() if link.withdrawn_at else None,
        "link": link.url,
    }


def _show(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    for each in found:
        withdrawn = f", withdrawn {each['withdrawnAt'][:16]}" if each["withdrawnAt"] else ""
        confirmed = f"confirmed {each['confirmedAt'][:16]} (UTC){withdrawn}"
        say(f"{each.get('address', '')} {each['registration']} {each['form']}, {confirmed}".strip())
        say(f"  {each['link']}")
