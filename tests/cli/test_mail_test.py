"""`doi mail test`: one honest mail to the operator, and what to do when it does not leave."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from cli.mail.provider_advice import advice_on
from shared.failures import PermanentFailure, TemporaryFailure
from shared.mail.confirmation_mail import MailComposer
from shared.ports import ComposeMail, Mailer, Versioned
from shared.values.confirmation_token import Purpose, TokenInvalid, Tokens
from shared.values.mail_budget import MailboxRow
from shared.values.mail_rate import MailRates
from shared.values.mailbox import mailbox_key
from tests.examples import NOON, PEPPER
from tests.fakes.mailer import FakeMailer
from tests.fakes.outside import PUBLIC_URL, FakeOutside
from tests.lists.conftest import sample_settings
from tests.mailers.providers import Provider, running_provider
from tests.words.samples import TOKENS

DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND, SETTINGS_WRONG, NO_ANSWER, REFUSED = range(7)
ME = "operator@contoso.com"
Doi = Callable[..., Result]


@dataclass
class OutsideWithMailers(FakeOutside):
    """Two providers in the settings."""

    mailers: Mapping[str, Mailer] = field(
        default_factory=lambda: {"acs": FakeMailer(name="acs"), "smtp": FakeMailer(name="smtp")}
    )
    compose_test_mail: ComposeMail = field(
        default_factory=lambda: MailComposer(PUBLIC_URL, Tokens(["x" * 32]), "y" * 32)
    )

    def fake(self, name: str = "acs") -> FakeMailer:
        mailer = self.mailers[name]
        assert isinstance(mailer, FakeMailer)
        return mailer


@pytest.fixture
def outside() -> OutsideWithMailers:
    return OutsideWithMailers()


@pytest.fixture
def doi(outside: OutsideWithMailers) -> Doi:
    def run(*arguments: str, answer: str = "") -> Result:
        return CliRunner().invoke(
            app, ["mail", "test", *arguments], input=answer, obj=lambda: outside
        )

    return run


def test_one_mail_leaves_after_a_question(doi: Doi, outside: OutsideWithMailers) -> None:
    assert doi(ME, answer="n\n").exit_code == NOT_ALL_DONE
    assert outside.fake().sent == []
    result = doi(ME, answer="y\n")
    assert result.exit_code == DONE, result.output
    assert f"Send a test mail of newsletter (en) by acs to {ME}?" in result.stderr
    assert "It has to be your own mailbox." in result.stderr
    [mail] = outside.fake().sent
    assert mail.to == ME
    for shown in (
        f"Handed over to acs: message id {mail.operation_id}\n",
        "  from     Contoso <newsletter@contoso.example>\n",
        "  subject  [Test] Please confirm your newsletter sign-up\n",
        "spf=pass, dkim=pass and dmarc=pass",
        f"under {PUBLIC_URL}, unchanged",
        "The other provider has not been tried: --provider smtp\n",
    ):
        assert shown in result.stdout


def test_the_mail_says_what_it_is_and_confirms_nothing(
    doi: Doi, outside: OutsideWithMailers
) -> None:
    assert doi(ME, "--form", "webinar", "--language", "de", "--yes").exit_code == DONE
    [mail] = outside.fake().sent
    assert mail.subject == "[Test] Bitte bestätigen Sie Ihre Webinar-Anmeldung"
    assert mail.language == "de"
    for body in (mail.text, mail.html):
        assert f"This is a test mail. Whoever operates {PUBLIC_URL} sent it" in body
        assert "Nobody signed up" in body
        assert "wurde eine Anmeldung zum Contoso-Webinar gemacht" in body
        assert "zq7vex" not in body
    links = [line for line in mail.text.split("\n") if line.startswith(f"{PUBLIC_URL}/api/")]
    assert len(links) == 2
    for link in links:
        for purpose in Purpose:
            with pytest.raises(TokenInvalid):
                TOKENS.read(purpose, link.partition("token=")[2])


def test_nothing_is_stored(doi: Doi, outside: OutsideWithMailers) -> None:
    doi(ME, "--yes")
    key = mailbox_key(ME, PEPPER)
    assert outside.records.in_mailbox(key) == []
    assert outside.records.find_mailbox(key).etag is None
    assert outside.queues.messages == {}


def test_each_mail_is_one_of_its_own(doi: Doi, outside: OutsideWithMailers) -> None:
    for _ in range(2):
        doi(ME, "--yes", "--provider", "smtp")
    first, second = outside.fake("smtp").sent
    assert first.operation_id != second.operation_id
    assert outside.fake("acs").sent == []


def test_for_programs(doi: Doi, outside: OutsideWithMailers) -> None:
    result = doi(ME, "--yes", "--json", "--form", "whitepaper")
    [mail] = outside.fake().sent
    assert json.loads(result.stdout) == {
        "provider": "acs",
        "messageId": mail.operation_id,
        "form": "whitepaper",
        "language": "en",
        "sender": "newsletter@contoso.example",
        "senderName": "Contoso",
        "subject": "[Test] Please confirm your request for the white paper",
        "operationId": mail.operation_id,
    }


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["no address"], WRONG_USAGE, "ADDRESS is no e-mail address"),
        ([ME, "--form", "nothing"], NOTHING_FOUND, "there are newsletter, webinar, whitepaper."),
        ([ME, "--language", "it"], WRONG_USAGE, "--language: newsletter has en, de, fr"),
        ([ME, "--provider", "graph"], WRONG_USAGE, "--provider: the settings have acs, smtp"),
        ([], WRONG_USAGE, "Missing argument 'ADDRESS'"),
        ([ME, "you@contoso.com"], WRONG_USAGE, "unexpected extra argument"),
    ],
)
def test_wrong_usage_is_named(
    doi: Doi, outside: OutsideWithMailers, arguments: list[str], exit_code: int, said: str
) -> None:
    result = doi(*arguments, "--yes")
    assert result.exit_code == exit_code
    assert said in " ".join(result.stderr.replace("│", "").split())
    assert outside.fake().sent == []


def test_a_mailbox_that_said_it_was_not_me_gets_none(doi: Doi, outside: OutsideWithMailers) -> None:
    row = MailboxRow().suppress(NOON + timedelta(days=30))
    outside.records.save_mailbox(mailbox_key(ME, PEPPER), Versioned(value=row, etag=None))
    result = doi(ME, "--yes")
    assert result.exit_code == REFUSED
    assert "promised no further mail before 2026-12-22" in result.stderr
    assert outside.fake().sent == []
    outside.pass_time(timedelta(days=31))
    assert doi(ME, "--yes").exit_code == DONE


def test_people_who_signed_up_come_first(doi: Doi, outside: OutsideWithMailers) -> None:
    outside.rates = MailRates(per_minute=2)
    assert doi(ME, "--yes").exit_code == DONE
    result = doi(ME, "--yes")
    assert result.exit_code == NO_ANSWER
    assert "people who signed up come first" in result.stderr
    assert len(outside.fake().sent) == 1


def test_a_refusal_says_what_mends_it(doi: Doi, outside: OutsideWithMailers) -> None:
    outside.fake().fail_next(PermanentFailure("acs: 404 DomainNotLinked"))
    result = doi(ME, "--yes")
    assert result.exit_code == REFUSED
    refused, advice = result.stderr.splitlines()
    assert refused == "Not sent: acs: 404 DomainNotLinked"
    assert advice.startswith("→ connect the sender's verified domain to the Communication Services")
    assert result.stdout == ""


def test_a_mail_that_may_have_left_is_said_to(doi: Doi, outside: OutsideWithMailers) -> None:
    outside.fake().fail_next(
        TemporaryFailure("acs: no answer (ReadTimeout)", may_have_happened=True), unnoticed=True
    )
    result = doi(ME, "--yes")
    assert result.exit_code == NO_ANSWER
    assert result.stderr.startswith("Nobody knows whether it left: acs: no answer (ReadTimeout)\n")


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("acs: 401 Denied", "Communication and Email Service Owner"),
        ("acs: 404 DomainNotLinked", "connect the sender's verified domain"),
        ("acs: 400 InvalidSenderUserName", "MailFrom addresses"),
        ("acs: 429 TooManyRequests", "the quota is used up"),
        ("acs: Failed EmailDroppedAllRecipientsSuppressed", "suppression list"),
        ("acs: no answer (ConnectTimeout)", "check the endpoint"),
        ("graph: 403 ErrorSendAsDenied", "Mail.Send"),
        ("graph: 404 ErrorInvalidUser", "a mailbox of the tenant"),
        ("graph: 401 InvalidAuthenticationToken", "of this tenant"),
        ("graph: 429 ApplicationThrottled", "wait a minute"),
        ("smtp: 535 5.7.8", "SMTP_USER and SMTP_PASSWORD"),
        ("smtp: 530 5.7.0", "wants TLS or a login"),
        ("smtp: 550 5.1.1", "knows no such mailbox"),
        ("smtp: 550 5.7.60", "send as the form's sender"),
        ("smtp: 553", "send as the form's sender"),
        ("smtp: 451 4.7.1", "come later"),
        ("smtp: the server's certificate is not trusted", "SMTP_HOST"),
        ("smtp: the server lacks TLS, login or international addresses", "SMTP_TLS"),
        ("smtp: no answer (ConnectionRefusedError)", "SMTP_PORT"),
        ("no access token: CredentialUnavailableError", "az login"),
        ("no access token: ClientAuthenticationError AADSTS65002", "where the app's identity is"),
        ("acs: 400 SomethingNew", "doi doctor --only mail"),
    ],
)
def test_each_refusal_says_what_mends_it(reason: str, advice: str) -> None:
    assert advice in advice_on(PermanentFailure(reason))


# The real adapters ------------------------------------------------------------------------


@pytest.fixture(params=["acs", "graph", "smtp"])
def provider(request: pytest.FixtureRequest, outside: OutsideWithMailers) -> Iterator[Provider]:
    with running_provider(request.param) as running:
        outside.mailers = {request.param: running.mailer}
        yield running


def test_it_arrives_by_every_provider(doi: Doi, provider: Provider) -> None:
    result = doi(ME, "--yes")
    assert result.exit_code == DONE, result.output
    [arrived] = provider.arrived()
    assert (arrived.to, arrived.sender) == ([ME], "newsletter@contoso.example")
    assert arrived.subject.startswith("[Test] ")
    assert "This is a test mail." in arrived.html


def test_no_refusal_shows_what_the_provider_quoted(doi: Doi, provider: Provider) -> None:
    provider.refuse("somebody.else@example.com")
    result = doi(ME, "--yes")
    assert result.exit_code == REFUSED
    assert "→ " in result.stderr
    assert "somebody.else" not in result.output


def test_a_provider_that_is_not_there(doi: Doi, provider: Provider) -> None:
    provider.close()
    result = doi(ME, "--yes")
    assert result.exit_code == NO_ANSWER
    assert "no answer" in result.stderr


def test_a_sender_that_is_not_the_provider_s(doi: Doi, outside: OutsideWithMailers) -> None:
    webinar = outside.forms["webinar"]
    texts = webinar.mail.model_copy(update={"sender": "nobody@contoso.example"})
    outside.forms = {"webinar": webinar.model_copy(update={"mail": texts})}
    with running_provider("graph") as running:
        outside.mailers = {"graph": running.mailer}
        result = doi(ME, "--yes", "--form", "webinar")
    assert result.exit_code == REFUSED
    assert "Not sent: graph: 404 ErrorInvalidUser" in result.stderr
    assert "a mailbox of the tenant" in result.stderr


def test_the_settings_providers_are_the_first_and_the_second() -> None:
    from shared.wiring import Wiring  # noqa: PLC0415 - imports every adapter

    two = {"DOI_MAIL_PROVIDER": "graph", "DOI_MAIL_FALLBACK_PROVIDER": "smtp"}
    assert list(Wiring(sample_settings()).mailers) == ["smtp"]
    assert list(Wiring(sample_settings() | two).mailers) == ["graph", "smtp"]
