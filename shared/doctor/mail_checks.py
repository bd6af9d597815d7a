"""Every mail provider: are we let in, does it take each form's sender, how much does it carry."""

from collections.abc import Iterator

from shared.doctor import azure_steps
from shared.doctor.acs_checks import check_acs_senders
from shared.doctor.failures import NoToken, Refused, Why
from shared.doctor.graph_checks import check_permission, mend_mailbox
from shared.doctor.mail_quota_checks import check_quota
from shared.doctor.ports import OutsideOfDoctor, SenderTrial, SignedIn, TriedProvider
from shared.doctor.senders import files_of, senders_of
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.check import Check, missing, ok, unknown

SECONDS = 20.0  # for each


def check_mail(outside: OutsideOfDoctor) -> Iterator[Check]:
    """No mail is sent."""
    for provider in outside.mail_providers:
        signed_in, check = _sign_in(provider, outside)
        yield check
        if signed_in and provider.name == "graph":
            yield check_permission(signed_in, outside.azure_names)
        if provider.name == "acs":
            yield from check_acs_senders(provider, outside)
        elif signed_in and provider.senders:
            yield from _check_senders(provider, provider.senders, outside)
    yield from check_quota(outside)


def _sign_in(provider: TriedProvider, outside: OutsideOfDoctor) -> tuple[SignedIn | None, Check]:
    name = f"{provider.name} access"
    try:
        signed_in = provider.access.sign_in(Deadline(SECONDS))
    except Refused as refused:
        return None, missing(name, str(refused), _mend_access(provider, refused.why, outside))
    except NoToken as failure:
        return None, unknown(name, str(failure), azure_steps.sign_in(outside.azure_names))
    except TemporaryFailure as failure:
        return None, unknown(name, str(failure), _mend_silence(provider))
    return signed_in, ok(name, f"{signed_in.at} lets us in")


def _check_senders(
    provider: TriedProvider, trial: SenderTrial, outside: OutsideOfDoctor
) -> Iterator[Check]:
    for sender, forms in senders_of(outside.forms).items():
        name = f"{provider.name} sender {sender}"
        try:
            trial.try_sender(sender, Deadline(SECONDS))
        except PermanentFailure as refused:
            why = refused.why if isinstance(refused, Refused) else Why.SENDER
            yield missing(name, str(refused), _mend_sender(provider, why, sender, forms))
        except TemporaryFailure as failure:
            yield unknown(name, str(failure), _mend_silence(provider))
        else:
            yield ok(name, f"would be taken; for {files_of(forms)}")


def _mend_access(provider: TriedProvider, why: Why, outside: OutsideOfDoctor) -> str:
    match provider.name, why:
        case "acs", Why.ROLE | Why.CREDENTIALS:
            scope = provider.resource_id or (
                f"$(az communication show --name {provider.resource}"
                f" --resource-group {outside.azure_names.group} --query id --output tsv)"
            )
            return azure_steps.give(azure_steps.MAILS, scope, outside.azure_names)
        case "smtp", Why.CREDENTIALS:
            return "set SMTP_USER and SMTP_PASSWORD to what the mail server knows"
        case "smtp", Why.UNTRUSTED:
            return (
                "set SMTP_HOST to a name that stands in the server's certificate, or give the"
                " server one of a public certificate authority"
            )
        case "smtp", Why.NOT_OFFERED:
            return (
                "set SMTP_PORT and SMTP_TLS to what the server offers: 587 with starttls, 465 with"
                " implicit; leave SMTP_USER out where it has no login"
            )
        case _:
            return f"check {provider.place}"


def _mend_silence(provider: TriedProvider) -> str:
    return f"check {provider.place}, and that this network reaches it; then try again"


def _mend_sender(provider: TriedProvider, why: Why, sender: str, forms: list[str]) -> str:
    if provider.name == "graph":
        return mend_mailbox(why, sender, forms)
    return (
        f"let the mail server take mails from {sender} of this user, or change mail.sender in"
        f" {files_of(forms)}"
    )
