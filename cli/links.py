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
    addresses = [*_numbered("--address", address), *(_lines(file) if file else ())]
    wanted = [(place, _by_address(text, place)) for place, text in addresses]
    wanted += [
        (place, _by_registration(text)) for place, text in _numbered("--registration", registration)
    ]
    if not wanted:
        raise typer.BadParameter("give --address, --registration or --file")
    found: list[dict[str, Any]] = []
    missing: list[str] = []
    for place, (asked, look_up) in wanted:
        links = [link for link in look_up(outside) if form in ("", link.form)]
        if not links:
            missing.append(place)
        found += [{**asked, **_as_json(link)} for link in links]
    _show(found, as_json=json)
    if missing:
        which = ", ".join(missing)
        note(
            f"{len(missing)} of {len(wanted)} have confirmed nothing that could be withdrawn: "
            f"{which}."
        )
        raise typer.Exit(NOT_ALL_DONE if found else NOTHING_FOUND)


def _numbered(option: str, texts: list[str] | None) -> list[tuple[str, str]]:
    """Each with its place: what is told about it need not repeat an address."""
    return [(f"{option} number {number}", text) for number, text in enumerate(texts or (), start=1)]


def _by_address(text: str, place: str) -> "LookUp":
    try:
        address = normalised_address(text.strip())
    except AnswerRefused:
        raise typer.BadParameter(f"{place} is no e-mail address") from None
    return {"address": address}, lambda outside: links_of_address(address, outside)


def _by_registration(text: str) -> "LookUp":
    return {}, lambda outside: links_of_registration(text.strip().lower(), outside)


def _lines(file: typer.FileBinaryRead) -> list[tuple[str, str]]:
    try:
        text = file.read().decode("utf-8-sig")
    except ValueError:
        raise typer.BadParameter("the file is no UTF-8 text") from None
    lines = enumerate(text.splitlines(), start=1)
    return [(f"line {number} of the file", line) for number, line in lines if line.strip()]


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
        withdrawn = f", withdrawn {each['withdrawnAt'][:16]} (UTC)" if each["withdrawnAt"] else ""
        confirmed = f"confirmed {each['confirmedAt'][:16]} (UTC){withdrawn}"
        say(f"{each.get('address', '')} {each['registration']} {each['form']}, {confirmed}".strip())
        say(f"  {each['link']}")
