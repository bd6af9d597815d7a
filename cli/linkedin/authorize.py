"""`doi linkedin authorize`: a person signs in, and the app gets its tokens."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from cli.exit_codes import NO_ANSWER, REFUSED
from cli.linkedin.keep_authorization import keep_in_file, keep_in_table
from cli.linkedin.options import SECONDS, Json
from cli.linkedin.redirect import (
    LOOPBACK,
    NoAnswer,
    NotTheAnswer,
    SignInAnswer,
    read_answer,
    redirects,
)
from cli.printing import note, print_json, say
from shared.linkedin.calls import LEAD_SCOPE
from shared.ports import Deadline
from shared.values.linkedin.authorization import Authorization

if TYPE_CHECKING:
    from shared.linkedin.client import OutsideWithLinkedIn

_DEFAULT_REDIRECT = "http://127.0.0.1:8765/callback"
_DEFAULT_SCOPES = [LEAD_SCOPE, "r_ads"]


def authorize(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    *,
    redirect_uri: Annotated[
        str,
        typer.Option(help="As registered in the developer portal, letter by letter."),
    ] = _DEFAULT_REDIRECT,
    listen: Annotated[
        int | None,
        typer.Option(
            help="Port of this machine that the redirect ends up at, where a proxy takes it here.",
            min=0,
            max=65535,
        ),
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="Permission to ask for, repeated for more; rw_ads to write forms."
            f"  [default: {' '.join(_DEFAULT_SCOPES)}]"
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            help="Write the refresh token into this new file, for a Key Vault, instead of the"
            " app's table."
        ),
    ] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the person.", min=1)] = 600,
    json: Json = False,
) -> None:
    """Sign in at LinkedIn for the app: prints an address to open, waits, keeps the tokens.

    Sign in as a member who has a role on the ad account and on the company page.

    Register the redirect URL first: developer portal, your app, Auth, "Authorized redirect URLs
    for your app". LinkedIn wants https there. An https address that leads nowhere will do, such as
    https://doi.contoso.com/linkedin: give it as --redirect-uri, and when your browser has arrived
    there, paste the address that it shows. An http address of this machine is listened to, and so
    is --listen, if a proxy or tunnel brings the redirect here.

    No token is ever shown. The app finds it in its table from its next call on.
    """
    if token_file and token_file.exists():
        raise typer.BadParameter(f"{token_file} exists already")
    outside: OutsideWithLinkedIn = context.obj()
    state, scopes = secrets.token_urlsafe(32), tuple(scope or _DEFAULT_SCOPES)
    address = outside.linkedin.sign_in.authorization_url(redirect_uri, state, scopes)
    answer = _ask(address, redirect_uri, _port(redirect_uri, listen), state, wait)
    if answer.code is None:
        note(f"LinkedIn, sign-in: {answer.error}")
        raise typer.Exit(REFUSED)
    given = outside.linkedin.sign_in.exchange_code(answer.code, redirect_uri, Deadline(SECONDS))
    if token_file:
        keep_in_file(given, token_file)
    else:
        keep_in_table(given, outside.linkedin.tokens)
    _report(given, scopes, token_file, outside.now(), as_json=json)


def _port(redirect_uri: str, listen: int | None) -> int | None:
    """The port to listen to; None when the person has to paste. Raises typer.BadParameter."""
    try:
        address = urlsplit(redirect_uri)
        port = address.port
    except ValueError:
        raise typer.BadParameter("--redirect-uri is no address") from None
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise typer.BadParameter("--redirect-uri is an absolute address")
    if listen is not None:
        return listen
    return (port or 80) if address.scheme == "http" and address.hostname in LOOPBACK else None


def _ask(
    address: str, redirect_uri: str, port: int | None, state: str, wait: float
) -> SignInAnswer:
    if port is None:
        note(f"Open this address, sign in and allow it:\n\n{address}\n")
        pasted = typer.prompt("Paste the address that the browser shows", hide_input=True, err=True)
        try:
            return read_answer(pasted, state)
        except NotTheAnswer as wrong:
            note(f"That is not LinkedIn's answer: {wrong}")
            raise typer.Exit(REFUSED) from None
    try:
        with redirects(port, urlsplit(redirect_uri).path or "/", state) as listening:
            note(f"Open this address, sign in and allow it:\n\n{address}\n")
            note(f"Waiting on 127.0.0.1:{listening.port} …")
            return listening.wait(wait)
    except OSError as error:
        raise typer.BadParameter(f"port {port}: {error.strerror}") from None
    except NoAnswer:
        note(f"Nobody signed in within {wait:.0f} seconds.")
        raise typer.Exit(NO_ANSWER) from None


def _report(
    given: Authorization,
    asked: tuple[str, ...],
    token_file: Path | None,
    now: datetime,
    *,
    as_json: bool,
) -> None:
    missing = [scope for scope in asked if given.scopes and scope not in given.scopes]
    sign_in_by = given.must_sign_in_by()
    if as_json:
        print_json(
            {
                "keptIn": str(token_file) if token_file else "table leads",
                "hasRefreshToken": given.refresh_token is not None,
                "scopes": list(given.scopes),
                "missingScopes": missing,
                "accessEndsAt": given.access_ends_at.isoformat(),
                "signInBy": sign_in_by.isoformat(),
            }
        )
        return
    if token_file:
        setting = "LINKEDIN_REFRESH_TOKEN" if given.refresh_token else "LINKEDIN_ACCESS_TOKEN"
        say(f"The token is in {token_file}, readable by you only. It belongs into {setting}:")
        say(f"  az keyvault secret set --vault-name VAULT --name NAME --file {token_file}")
        say("Delete the file then, and restart the app.")
    else:
        say("The app has its tokens. Instances that run keep an older one as long as it works.")
    if given.refresh_token is None:
        note("LinkedIn gave no refresh token: it does so for approved partner applications only.")
    if missing:
        note(f"LinkedIn did not give: {', '.join(missing)}")
    days = (sign_in_by - now).days
    say(f"Sign in again before {sign_in_by:%Y-%m-%d}, in {days} days.")
