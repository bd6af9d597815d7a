"""`doi mail test`: one mail to the operator's own mailbox, by the provider of the settings."""

from collections.abc import Mapping
from typing import Annotated, Protocol

import typer

from cli.exit_codes import NO_ANSWER, NOTHING_FOUND, REFUSED
from cli.mail.provider_advice import advice_on
from cli.mail.sample_mail import write_test_mail
from cli.printing import note, print_json, say
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import ComposeMail, Mailer, Outside, SentMail
from shared.values.answer_error import AnswerRefused
from shared.values.email_address import normalised_address
from shared.values.form import Form, State
from shared.values.mail import Mail
from shared.values.mail_rate import Lane
from shared.values.mailbox import mailbox_key


class OutsideWithMailers(Outside, Protocol):
    """What wiring.Wiring has besides."""

    @property
    def mailers(self) -> Mapping[str, Mailer]:
        """Each provider of the settings, the first one first."""

    @property
    def compose_test_mail(self) -> ComposeMail:
        """Writes mails whose links no app accepts."""


def send(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Your own mailbox.")],
    form: Annotated[
        str | None, typer.Option(metavar="F", help="Whose mail. (default: the first published)")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="L", help="In which language. (default: the form's first)"),
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(
            metavar="P", help="One of the settings' providers. (default: DOI_MAIL_PROVIDER)"
        ),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Send one confirmation mail to yourself, to see what arrives.

    By the provider and the sender that people get it from. It says that it is
    a test, no registration is made, and its links lead to the page "this link
    is not valid". Send it to nobody else: who did not ask for it must not get
    it. A mailbox that said "this was not me" gets none.
    """
    outside: OutsideWithMailers = context.obj()
    to = _checked(address)
    chosen = _form(form, outside.forms)
    spoken = _language(language, chosen)
    mailer = _mailer(provider, outside.mailers)
    _refuse_suppressed(to, outside)
    if not yes:
        typer.confirm(
            f"Send a test mail of {chosen.id} ({spoken}) by {mailer.name} to {to}? "
            "It has to be your own mailbox.",
            abort=True,
            err=True,
        )
    mail = write_test_mail(
        chosen,
        spoken,
        to,
        public_url=outside.rules.public_url,
        compose=outside.compose_test_mail,
        at=outside.now(),
    )
    sent = _send(mail, mailer, outside)
    if json:
        print_json(_as_json(mail, sent, chosen))
    else:
        _show(mail, sent, [name for name in outside.mailers if name != mailer.name])


def _checked(address: str) -> str:
    try:
        return normalised_address(address)
    except AnswerRefused:
        raise typer.BadParameter("ADDRESS is no e-mail address such as you@contoso.com") from None


def _form(name: str | None, forms: Mapping[str, Form]) -> Form:
    published = [each for each in forms.values() if each.state is State.PUBLISHED]
    chosen = forms.get(name) if name else next(iter(published or forms.values()), None)
    if chosen is None:
        note(f"There is no form {name}; there are {', '.join(sorted(forms))}.")
        raise typer.Exit(NOTHING_FOUND)
    return chosen


def _language(language: str | None, form: Form) -> str:
    if language and language not in form.languages:
        raise typer.BadParameter(f"--language: {form.id} has {', '.join(form.languages)}")
    return language or form.languages[0]


def _mailer(provider: str | None, mailers: Mapping[str, Mailer]) -> Mailer:
    chosen = mailers.get(provider) if provider else next(iter(mailers.values()))
    if chosen is None:
        raise typer.BadParameter(f"--provider: the settings have {', '.join(mailers)}")
    return chosen


def _refuse_suppressed(address: str, outside: OutsideWithMailers) -> None:
    """Whoever said "this was not me" was promised to get nothing, tests included."""
    mailbox = outside.records.find_mailbox(mailbox_key(address, outside.rules.pepper)).value
    if mailbox.is_suppressed(outside.now()):
        note(
            'Not sent: somebody said "this was not me" there, and was promised no further mail '
            f"before {mailbox.suppressed_until:%Y-%m-%d}. Test with another mailbox of yours."
        )
        raise typer.Exit(REFUSED)


def _send(mail: Mail, mailer: Mailer, outside: OutsideWithMailers) -> SentMail:
    wait = outside.throttles.take_mail(Lane.LATER, outside.now())
    if wait:
        note(
            "Not sent: the provider's quota is short, and people who signed up come first. "
            f"Try again in {int(wait.total_seconds()) + 1} seconds."
        )
        raise typer.Exit(NO_ANSWER)
    try:
        return mailer.send(mail, again=None)
    except (PermanentFailure, TemporaryFailure) as failure:
        unknown = isinstance(failure, TemporaryFailure) and failure.may_have_happened
        note(f"{'Nobody knows whether it left' if unknown else 'Not sent'}: {failure}")
        if unknown:
            note("Look into the mailbox before you try again.")
        note(f"→ {advice_on(failure)}")
        refused = isinstance(failure, PermanentFailure)
        raise typer.Exit(REFUSED if refused else NO_ANSWER) from None


def _show(mail: Mail, sent: SentMail, others: list[str]) -> None:
    say(f"Handed over to {sent.provider}: message id {sent.message_id}")
    say(f"  from     {mail.sender_name or ''} <{mail.sender}>")
    say(f"  subject  {mail.subject}")
    say("Look at:")
    say("  whether it lies in the inbox, and not in the spam folder")
    say("  the sender's name and address, and where an answer would go")
    say("  the headers: spf=pass, dkim=pass and dmarc=pass in Authentication-Results")
    say("  both parts, in light and in dark, on a phone")
    say(f"  the links: under {_origin(mail)}, unchanged, and leading to “this link is not valid”")
    for name in others:
        say(f"The other provider has not been tried: --provider {name}")


def _as_json(mail: Mail, sent: SentMail, form: Form) -> dict[str, str | None]:
    return {
        "provider": sent.provider,
        "messageId": sent.message_id,
        "form": form.id,
        "language": mail.language,
        "sender": mail.sender,
        "senderName": mail.sender_name,
        "subject": mail.subject,
        "operationId": mail.operation_id,
    }


def _origin(mail: Mail) -> str:
    link = next(line for line in mail.text.split("\n") if "/api/confirm?" in line)
    return link.partition("/api/")[0]
