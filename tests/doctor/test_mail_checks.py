"""Mail: each provider's door, each form's sender, the quota."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.doctor.failures import NoToken, Refused, Why
from shared.doctor.mail_checks import check_mail
from shared.doctor.ports import AzureNames
from shared.failures import TemporaryFailure
from shared.ports import Versioned
from shared.values.check import Check, State
from shared.values.form import Form
from shared.values.form import State as FormState
from shared.values.mail_rate import MAILS_ROW, MailRates, MailsSent
from tests.doctor.checks import by_name, faults
from tests.doctor.settings import found
from tests.examples import NOON, sample_forms
from tests.fakes.doctor import DoctorOutside, FakeMailTrial, graph, smtp

NEWSLETTER = "newsletter@contoso.example"
SENDERS = {NEWSLETTER, "webinar@contoso.example", "whitepaper@contoso.example"}


def outside_with(trial: FakeMailTrial, *, by: str = "smtp") -> DoctorOutside:
    return DoctorOutside(
        forms=_each_with_its_sender(),
        settings_found=found(DOI_MAIL_PROVIDER=by, SMTP_HOST="mail.contoso.example"),
        mail_providers=(smtp(trial) if by == "smtp" else graph(trial),),
        mail_rates=MailRates(),
    )


def _each_with_its_sender() -> dict[str, Form]:
    return {
        name: form.model_copy(
            update={"mail": form.mail.model_copy(update={"sender": f"{name}@contoso.example"})}
        )
        for name, form in sample_forms().items()
    }


def checks(outside: DoctorOutside) -> dict[str, Check]:
    return by_name(check_mail(outside))


def test_smtp_is_all_right() -> None:
    said = checks(outside_with(FakeMailTrial(senders=SENDERS)))
    assert list(said) == [
        "smtp access",
        *(f"smtp sender {sender}" for sender in sorted(SENDERS)),
        "mail quota",
    ]
    assert not faults(said.values())
    assert said["smtp access"].found == "mail.contoso.example lets us in"
    assert said[f"smtp sender {NEWSLETTER}"].found == "would be taken; for newsletter.json"
    assert said["mail quota"].found == "no limit"


def test_forms_with_the_same_sender_are_asked_about_once() -> None:
    outside = outside_with(FakeMailTrial(senders=SENDERS))
    form = sample_forms()["newsletter"]
    draft = sample_forms()["webinar"].model_copy(update={"state": FormState.DRAFT})
    outside.forms = {"one": form, "two": form, "webinar": draft}
    said = checks(outside)
    assert [name for name in said if "sender" in name] == [f"smtp sender {NEWSLETTER}"]
    assert said[f"smtp sender {NEWSLETTER}"].found == "would be taken; for one.json, two.json"


def test_a_sender_that_is_not_taken() -> None:
    said = faults(checks(outside_with(FakeMailTrial(senders=SENDERS - {NEWSLETTER}))).values())
    check = said[f"smtp sender {NEWSLETTER}"]
    assert (list(said), check.state, check.found) == (
        [f"smtp sender {NEWSLETTER}"],
        State.MISSING,
        "550 5.7.1",
    )
    assert "change mail.sender in newsletter.json" in str(check.mend)


@pytest.mark.parametrize(
    ("why", "mend"),
    [
        (Why.CREDENTIALS, "set SMTP_USER and SMTP_PASSWORD"),
        (Why.UNTRUSTED, "SMTP_HOST"),
        (Why.NOT_OFFERED, "SMTP_PORT and SMTP_TLS"),
        (Why.OTHER, "check SMTP_HOST, SMTP_PORT and SMTP_TLS"),
    ],
)
def test_smtp_does_not_let_us_in_and_its_senders_are_not_asked_about(why: Why, mend: str) -> None:
    said = checks(outside_with(FakeMailTrial(failure=Refused(why, "535 5.7.8"))))
    assert list(said) == ["smtp access", "mail quota"]
    assert said["smtp access"].state is State.MISSING
    assert mend in str(said["smtp access"].mend)


def test_nobody_answers() -> None:
    said = checks(outside_with(FakeMailTrial(failure=TemporaryFailure("no answer"))))
    assert said["smtp access"].state is State.UNKNOWN
    assert "SMTP_HOST, SMTP_PORT and SMTP_TLS, and that this network" in str(
        said["smtp access"].mend
    )


def test_graph_scoped_by_exchange() -> None:
    trial = FakeMailTrial(senders=SENDERS, roles=frozenset())
    said = checks(outside_with(trial, by="graph"))
    assert not faults(said.values())
    assert "the senders below show" in said["graph permission Mail.Send"].found


def test_graph_for_the_whole_organisation() -> None:
    trial = FakeMailTrial(senders=SENDERS, roles=frozenset({"Mail.Send"}))
    said = faults(checks(outside_with(trial, by="graph")).values())
    check = said["graph permission Mail.Send"]
    assert (list(said), check.state) == (["graph permission Mail.Send"], State.WARNING)
    assert "every mailbox" in check.found
    assert "Application Mail.Send" in str(check.mend)


@pytest.mark.parametrize(
    ("why", "mend"),
    [
        (Why.ROLE, 'New-ManagementRoleAssignment -App CLIENT_ID -Role "Application Mail.Send"'),
        (Why.NOT_THERE, f"make {NEWSLETTER} a mailbox"),
    ],
)
def test_graph_takes_no_mail_from_a_mailbox(why: Why, mend: str) -> None:
    trial = FakeMailTrial(
        senders=SENDERS - {NEWSLETTER},
        roles=frozenset(),
        sender_failure=Refused(why, "graph: 403 ErrorAccessDenied"),
    )
    said = faults(checks(outside_with(trial, by="graph")).values())
    assert list(said) == [f"graph sender {NEWSLETTER}"]
    assert mend in str(said[f"graph sender {NEWSLETTER}"].mend)


def test_a_token_of_the_person_at_the_command_line_says_nothing() -> None:
    outside = outside_with(FakeMailTrial(senders=SENDERS), by="graph")
    outside.azure_names = AzureNames(assignee="me", as_app=False)
    check = checks(outside)["graph permission Mail.Send"]
    assert (check.state, "--app" in str(check.mend)) == (State.UNKNOWN, True)


def test_a_token_that_cannot_be_read() -> None:
    said = checks(outside_with(FakeMailTrial(senders=SENDERS, roles=None), by="graph"))
    assert said["graph permission Mail.Send"].state is State.UNKNOWN


def test_without_an_identity() -> None:
    outside = outside_with(FakeMailTrial(failure=NoToken("no access token: X")), by="graph")
    check = checks(outside)["graph access"]
    assert "az functionapp identity assign" in str(check.mend)
    outside.azure_names = replace(outside.azure_names, as_app=False)
    assert str(checks(outside)["graph access"].mend).startswith("az login; what the Azure CLI")
    outside.azure_names = replace(outside.azure_names, as_app=True, in_azure=False)
    assert "set DOI_CREDENTIAL=azure-cli" in str(checks(outside)["graph access"].mend)


def test_both_providers_are_looked_at() -> None:
    outside = outside_with(FakeMailTrial(senders=SENDERS))
    second = FakeMailTrial(senders=SENDERS, roles=frozenset())
    outside.mail_providers = (*outside.mail_providers, graph(second))
    said = checks(outside)
    assert not faults(said.values())
    assert {name.split()[0] for name in said} == {"smtp", "graph", "mail"}


@pytest.mark.parametrize(
    ("sent", "state"), [(0, State.OK), (79, State.OK), (80, State.WARNING), (100, State.WARNING)]
)
def test_how_much_of_the_hour_is_used(sent: int, state: State) -> None:
    outside = outside_with(FakeMailTrial(senders=SENDERS))
    outside.mail_rates = MailRates(per_minute=30, per_hour=100)
    earlier = MailsSent().take(7, NOON - timedelta(minutes=70))
    counted: Versioned[MailsSent] = Versioned(value=earlier.take(sent, NOON), etag=None)
    outside.limits.save(MAILS_ROW, counted)
    said = checks(outside)
    assert said["mail quota"].found == "30 a minute, 100 an hour"
    assert said["mails this hour"].state is state
    assert said["mails this hour"].found.startswith(f"{sent} of 100 used")


def test_the_table_of_counts_does_not_answer() -> None:
    outside = outside_with(FakeMailTrial(senders=SENDERS))
    outside.mail_rates, outside.limits.down = MailRates(per_hour=100), True
    assert checks(outside)["mails this hour"].state is State.UNKNOWN


@pytest.mark.parametrize("by", ["smtp", "graph"])
def test_no_mail_leaves(by: str) -> None:
    outside = outside_with(FakeMailTrial(senders=SENDERS), by=by)
    checks(outside)
    assert outside.mailer.asked == 0
