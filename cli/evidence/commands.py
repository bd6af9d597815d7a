"""`doi evidence` and `doi verify`: prove a consent, and check a proof."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.evidence.wording import Language
from cli.exit_codes import DOES_NOT_HOLD, NOT_ALL_DONE, NOTHING_FOUND
from cli.printing import note
from shared import wiring
from shared.values.answer_error import AnswerRefused
from shared.values.email_address import normalised_address

if TYPE_CHECKING:
    from cli.evidence.verification import Expected
    from shared.ports import Outside

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

# PDF, cryptography and fonts take most of a second: other commands do without.
# ruff: noqa: PLC0415


def evidence(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The exact e-mail address.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="A new folder for the bundle.")],
    language: Annotated[Language, typer.Option(help="Of the PDF.")] = Language.ENGLISH,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a bundle that is there.")] = False,
    json: Json = False,
) -> None:
    """Write the proof of what an address has consented to, for a lawyer or a court.

    FOLDER gets evidence.pdf, which anybody can read; evidence.json, the same for programs; each
    mail as it was sent; and manifest.json, the signed list of these files. `doi verify` checks it.
    It is full of personal data: keep it as such (docs/evidence.md).
    """
    from cli.evidence.folder import FolderTaken, look_at, write
    from cli.evidence.gathering import gather
    from cli.evidence.report import show_bundle
    from cli.evidence.verification import verify

    exact = _exact(address)
    try:
        look_at(out, replace=force)
    except (FolderTaken, OSError) as reason:
        raise typer.BadParameter(f"--out {out}: {reason}") from None
    outside: Outside = context.obj()
    bundle = gather(exact, language, outside)
    if bundle is None:
        note("Nothing is stored about this very address.")
        raise typer.Exit(NOTHING_FOUND)
    try:
        write(bundle.files, out)
    except OSError as reason:
        raise typer.BadParameter(f"--out {out}: {reason.strerror}") from None
    checks = list(verify(bundle.files, None))
    if not show_bundle(bundle, out, checks, as_json=json):
        raise typer.Exit(DOES_NOT_HOLD)


def verify(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="The bundle."),
    ],
    key: Annotated[
        str | None,
        typer.Option(
            metavar="FINGERPRINT", help="Of the key that should have signed it, from elsewhere."
        ),
    ] = None,
    *,
    json: Json = False,
) -> None:
    """Check that a bundle is what the installation made: nothing missing, nothing changed.

    Needs no network and no settings. Whose bundle it is shows only the key: give --key, or the
    installation's settings. Exit code 7 says that it does not hold, and the first ✗ why.
    """
    from cli.evidence.folder import FolderFiles
    from cli.evidence.reading import UnknownVersion
    from cli.evidence.report import show_checks
    from cli.evidence.verification import verify as checks_of

    expected = _expected(key)
    try:
        holds = show_checks(checks_of(FolderFiles(folder), expected), as_json=json)
    except UnknownVersion as unknown:
        note(f"{unknown}: take the program of that time, or a newer one.")
        raise typer.Exit(NOT_ALL_DONE) from None
    except OSError as reason:
        raise typer.BadParameter(f"{folder}: {reason.strerror}") from None
    if not holds:
        raise typer.Exit(DOES_NOT_HOLD)


def _exact(address: str) -> str:
    try:
        return normalised_address(address.strip())
    except AnswerRefused:
        raise typer.BadParameter("ADDRESS is no e-mail address") from None


def _expected(key: str | None) -> "Expected | None":
    from cli.evidence.public_key import as_fingerprint
    from cli.evidence.verification import Expected

    if key is not None:
        try:
            return Expected(fingerprint=as_fingerprint(key), source="--key")
        except ValueError as error:
            raise typer.BadParameter(f"--key: {error}") from None
    own = wiring.own_signing_key()
    return Expected(fingerprint=own.key_id, source="the pepper of the settings") if own else None
