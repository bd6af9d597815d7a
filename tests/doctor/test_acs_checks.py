"""Azure Communication Services: the domain of each sender, its records, its names, its quota."""

import pytest

from shared.doctor.failures import NoToken, Refused, Why
from shared.doctor.mail_checks import check_mail
from shared.failures import TemporaryFailure
from shared.values.check import Check, State
from shared.values.mail_domain import MailDomain
from shared.values.mail_rate import MailRates
from tests.doctor.checks import by_name, faults
from tests.doctor.settings import found
from tests.fakes.doctor import DoctorOutside, FakeMailDomains, FakeMailTrial, acs, verified

ALL_NAMES = ("DoNotReply", "newsletter", "webinars", "whitepaper")
OURS = verified("contoso.example", usernames=ALL_NAMES)
DOMAIN, SENDER = "acs domain contoso.example", "acs sender newsletter@contoso.example"


def outside_with(
    domains: FakeMailDomains | None, trial: FakeMailTrial | None = None, **settings: str
) -> DoctorOutside:
    return DoctorOutside(
        settings_found=found(DOI_MAILS_PER_HOUR="1000", **settings),
        mail_providers=(acs(trial or FakeMailTrial(), domains),),
        mail_rates=MailRates(per_minute=30, per_hour=1000),
    )


def checks(*domains: MailDomain) -> dict[str, Check]:
    return by_name(check_mail(outside_with(FakeMailDomains(domains))))


def test_all_is_well() -> None:
    said = checks(OURS)
    assert not faults(said.values())
    assert said[DOMAIN].found == "linked; Domain, SPF, DKIM, DKIM2 verified"
    assert said[SENDER].found == "contoso.example has this name"
    assert next(iter(said)) == "acs access"
    assert said["mail quota"].found == "30 a minute, 1000 an hour"


@pytest.mark.parametrize("why", [Why.ROLE, Why.CREDENTIALS])
def test_we_are_not_let_in(why: Why) -> None:
    trial = FakeMailTrial(failure=Refused(why, "acs: 403 Denied"))
    said = by_name(check_mail(outside_with(FakeMailDomains((OURS,)), trial)))
    assert said["acs access"].state is State.MISSING
    assert said["acs access"].mend == (
        "give the role Communication and Email Service Owner: az role assignment create --assignee"
        " CLIENT-ID --role 09976791-48a7-449e-bb21-39d1a415f350 --scope"
        ' "$(az communication show --name contoso --resource-group marketing --query id'
        ' --output tsv)"; it counts within ten minutes'
    )
    assert said[DOMAIN].state is State.OK


def test_the_domain_is_not_verified() -> None:
    states = {"SPF": "VerificationFailed", "DKIM": "NotStarted"}
    said = checks(verified("contoso.example", states=states, is_linked=False))
    check = said[DOMAIN]
    assert check.state is State.MISSING
    assert check.found == "not verified: SPF VerificationFailed, DKIM NotStarted"
    mend = str(check.mend)
    assert "TXT spf.contoso.example = ms-SPF; TXT dkim.contoso.example = ms-DKIM" in mend
    assert (
        "for record in SPF DKIM; do az communication email domain initiate-verification"
        " --domain-name contoso.example --email-service-name mails --resource-group marketing"
        " --verification-type $record; done" in mend
    )
    assert mend.endswith("deploy infra/ with mailDomainVerified=true")


def test_the_domain_is_verified_and_not_linked() -> None:
    other = verified("fabrikam.example")
    said = checks(verified("contoso.example", is_linked=False), other)
    check = said[DOMAIN]
    assert (check.state, check.found) == (State.MISSING, "verified, but not linked with contoso")
    assert "mailDomainVerified=true" in str(check.mend)
    assert str(check.mend).endswith(
        f"--linked-domains {other.resource} {verified('contoso.example').resource}"
    )


def test_the_domain_is_not_there() -> None:
    said = checks(verified("fabrikam.example"))
    assert faults(said.values())[DOMAIN].found == "no such domain; there is fabrikam.example"
    assert "newsletter.json, webinar.json, whitepaper.json" in str(said[DOMAIN].mend)
    assert SENDER not in said
    assert checks()[DOMAIN].found == "no such domain; there is none"


def test_the_domain_has_no_such_name() -> None:
    check = checks(verified("contoso.example", usernames=("DoNotReply",)))[SENDER]
    assert check.state is State.MISSING
    assert check.found == "contoso.example has no such name; it has DoNotReply"
    assert (
        "az communication email domain sender-username create --domain-name contoso.example"
        " --email-service-name mails --resource-group marketing --sender-username newsletter"
        " --username newsletter" in str(check.mend)
    )
    assert "mail.sender in newsletter.json" in str(check.mend)


def test_azures_own_domain_is_slow_and_has_one_name() -> None:
    own = verified("contoso.example", is_azure_managed=True, usernames=("DoNotReply",))
    outside = outside_with(FakeMailDomains((own,)))
    said = by_name(check_mail(outside))
    assert said[DOMAIN].state is State.WARNING
    assert "5 a minute, 10 an hour" in said[DOMAIN].found
    assert "set DOI_MAILS_PER_MINUTE=5 and DOI_MAILS_PER_HOUR=10" in str(said[DOMAIN].mend)
    assert "sender-username create" not in str(said[SENDER].mend)
    for rates, state in (
        (MailRates(per_minute=5, per_hour=10), State.OK),
        (MailRates(per_minute=6, per_hour=10), State.WARNING),
        (MailRates(per_minute=5, per_hour=11), State.WARNING),
        (MailRates(per_minute=5), State.WARNING),
    ):
        outside.mail_rates = rates
        assert by_name(check_mail(outside))[DOMAIN].state is state


def test_capitals_and_international_domains_are_the_same() -> None:
    outside = outside_with(FakeMailDomains((verified("xn--bcher-kva.example"),)))
    form = outside.forms["newsletter"]
    mail = form.mail.model_copy(update={"sender": "Newsletter@Bücher.example"})
    outside.forms = {"newsletter": form.model_copy(update={"mail": mail})}
    assert not faults(check_mail(outside))


def test_the_quota_of_a_new_subscription_is_told_before_the_first_campaign() -> None:
    outside = outside_with(FakeMailDomains((OURS,)), DOI_MAILS_PER_MINUTE="30")
    outside.settings_found = found()
    outside.mail_rates = MailRates(per_minute=30, per_hour=100)
    check = by_name(check_mail(outside))["mail quota"]
    assert (check.state, check.found) == (
        State.WARNING,
        "30 a minute, 100 an hour: what a new subscription has",
    )
    assert str(check.mend).startswith("before the first campaign")


def test_without_the_resource_id_the_doctor_says_how_to_give_it() -> None:
    said = by_name(check_mail(outside_with(None)))
    assert said["acs domains"].state is State.WARNING
    assert "set DOI_ACS_RESOURCE_ID to what this prints: az communication show --name contoso" in (
        str(said["acs domains"].mend)
    )


@pytest.mark.parametrize(
    ("failure", "state", "mend"),
    [
        (
            Refused(Why.ROLE, "azure: 403 AuthorizationFailed", "/subscriptions/s/…/mails"),
            State.WARNING,
            '--role acdd72a7-3385-48ef-bd42-f606fba81ae7 --scope "/subscriptions/s/…/mails"',
        ),
        (Refused(Why.NOT_THERE, "azure: 404"), State.WARNING, "set DOI_ACS_RESOURCE_ID"),
        (NoToken("no access token"), State.UNKNOWN, "az functionapp identity assign"),
        (TemporaryFailure("azure: 503"), State.UNKNOWN, "try again"),
    ],
)
def test_what_only_the_doctor_may_not_read_does_not_stop_the_app(
    failure: Refused | TemporaryFailure, state: State, mend: str
) -> None:
    said = by_name(check_mail(outside_with(FakeMailDomains(failure=failure))))
    check = said["acs domains"]
    assert (check.state, mend in str(check.mend)) == (state, True)
    assert said["acs access"].state is State.OK
