"""Mail providers, tried without a mail: the adapters and the fake, through the same cases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
import requests

from shared.adapters.acs_trial import AcsTrial
from shared.adapters.graph_trial import GraphTrial
from shared.adapters.smtp_access import SmtpAccess
from shared.adapters.smtp_trial import SmtpTrial
from shared.doctor.failures import NoToken, Refused, Why
from shared.doctor.ports import MailAccess, SenderTrial
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from tests.fakes.doctor import FakeMailTrial
from tests.mailers.acs_simulator import AcsSimulator
from tests.mailers.certificates import self_signed
from tests.mailers.fake_tokens import EntraTokens, FakeTokens, NoTokens, WrongTokens
from tests.mailers.graph_simulator import MAILBOX, GraphSimulator
from tests.mailers.http_provider import Fault
from tests.mailers.smtp_server import PASSWORD, USER, SmtpServer

SECONDS = 20
STRANGER = "boss@fabrikam.example"


class Provider(Protocol):
    """A trial, and the provider behind it."""

    access: MailAccess
    senders: SenderTrial | None

    def refuse_us(self) -> None:
        """From now on we are nobody."""

    def be_busy(self) -> None:
        """Answer the next call with "later"."""

    def mails(self) -> int:
        """How many mails it has taken."""

    def close(self) -> None:
        """Be unreachable."""


class FakeProvider:
    def __init__(self) -> None:
        self.trial = FakeMailTrial(senders={MAILBOX})
        self.access: MailAccess = self.trial
        self.senders: SenderTrial | None = self.trial

    def refuse_us(self) -> None:
        self.trial.failure = Refused(Why.CREDENTIALS, "401")

    def be_busy(self) -> None:
        self.trial.failure = TemporaryFailure("503")

    def mails(self) -> int:
        return 0

    def close(self) -> None:
        self.trial.failure = TemporaryFailure("no answer")


class AcsProvider:
    senders: SenderTrial | None = None

    def __init__(self, session: requests.Session) -> None:
        self._service, self._session = AcsSimulator(), session
        self.access: MailAccess = AcsTrial(
            endpoint=self._service.url, tokens=FakeTokens(), session=session
        )

    def refuse_us(self) -> None:
        url = self._service.url
        self.access = AcsTrial(endpoint=url, tokens=WrongTokens(), session=self._session)

    def be_busy(self) -> None:
        self._service.faults.append(Fault(status=503))

    def mails(self) -> int:
        return len(self._service.messages)

    def close(self) -> None:
        self._service.close()


class GraphProvider:
    def __init__(self, session: requests.Session) -> None:
        self._service, self._session = GraphSimulator(), session
        self._serve(FakeTokens())

    def refuse_us(self) -> None:
        self._serve(WrongTokens())

    def be_busy(self) -> None:
        self._service.faults.append(Fault(status=429))

    def mails(self) -> int:
        return len(self._service.messages) + len(self._service.sent_items)

    def close(self) -> None:
        self._service.close()

    def _serve(self, tokens: FakeTokens | WrongTokens) -> None:
        trial = GraphTrial(tokens=tokens, session=self._session, base_url=self._service.base_url)
        self.access: MailAccess = trial
        self.senders: SenderTrial | None = trial


class SmtpProvider:
    def __init__(self, folder: Path) -> None:
        context, self._trust = self_signed(folder)
        self._server = SmtpServer(starttls=context)
        self._serve(PASSWORD)

    def refuse_us(self) -> None:
        self._serve("guess")

    def be_busy(self) -> None:
        self._server.to_sender.append("451 4.7.1 later")

    def mails(self) -> int:
        return len(self._server.delivered)

    def close(self) -> None:
        self._server.close()

    def _serve(self, password: str) -> None:
        trial = SmtpTrial(
            SmtpAccess(
                host="127.0.0.1",
                port=self._server.port,
                tls="starttls",
                user=USER,
                password=password,
                trust=self._trust,
            )
        )
        self.access: MailAccess = trial
        self.senders: SenderTrial | None = trial


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture(params=["fake", "acs", "graph", "smtp"])
def provider(
    request: pytest.FixtureRequest, session: requests.Session, tmp_path: Path
) -> Iterator[Provider]:
    made: dict[str, Provider] = {}
    match request.param:
        case "acs":
            made["one"] = AcsProvider(session)
        case "graph":
            made["one"] = GraphProvider(session)
        case "smtp":
            made["one"] = SmtpProvider(tmp_path)
        case _:
            made["one"] = FakeProvider()
    yield made["one"]
    made["one"].close()


def ask(provider: Provider, seconds: float = SECONDS) -> None:
    """Go through the door as far as it can be gone: to the sender, where it can be asked about."""
    if provider.senders:
        provider.senders.try_sender(MAILBOX, Deadline(seconds))
    else:
        provider.access.sign_in(Deadline(seconds))


def test_it_lets_us_in_and_takes_our_sender_and_no_mail_is_sent(provider: Provider) -> None:
    assert provider.access.sign_in(Deadline(SECONDS)).at
    if provider.senders:
        provider.senders.try_sender(MAILBOX, Deadline(SECONDS))
    assert provider.mails() == 0


def test_it_does_not_know_us(provider: Provider) -> None:
    provider.refuse_us()
    with pytest.raises(Refused) as refused:
        ask(provider)
    assert refused.value.why is Why.CREDENTIALS
    assert PASSWORD not in str(refused.value)


def test_it_is_busy(provider: Provider) -> None:
    provider.be_busy()
    with pytest.raises(TemporaryFailure):
        ask(provider)


def test_nobody_answers(provider: Provider) -> None:
    provider.close()
    with pytest.raises(TemporaryFailure, match="no answer"):
        ask(provider)


def test_without_time_nobody_is_asked(provider: Provider) -> None:
    with pytest.raises(TemporaryFailure, match="no time left"):
        ask(provider, seconds=0)


def test_a_token_that_is_not_to_be_had(session: requests.Session) -> None:
    service, graph = AcsSimulator(), GraphSimulator()
    tokens = NoTokens()
    trials: list[MailAccess] = [
        AcsTrial(endpoint=service.url, tokens=tokens, session=session),
        GraphTrial(tokens=tokens, session=session, base_url=graph.base_url),
    ]
    for trial in trials:
        with pytest.raises(NoToken, match=r"^no access token: ClientAuthenticationError$"):
            trial.sign_in(Deadline(SECONDS))
    assert service.calls == []
    service.close()
    graph.close()


def test_acs_role_is_missing(session: requests.Session) -> None:
    service = AcsSimulator()
    service.faults.append(Fault(status=403, code="Denied"))
    trial = AcsTrial(endpoint=service.url, tokens=FakeTokens(), session=session)
    with pytest.raises(Refused, match=r"^acs: 403 Denied$") as refused:
        trial.sign_in(Deadline(SECONDS))
    assert refused.value.why is Why.ROLE
    service.close()


@pytest.fixture
def graph() -> Iterator[GraphSimulator]:
    simulator = GraphSimulator()
    yield simulator
    simulator.close()


def test_graph_tells_mailboxes_apart(graph: GraphSimulator, session: requests.Session) -> None:
    graph.out_of_scope.add("other@contoso.example")
    trial = GraphTrial(tokens=FakeTokens(), session=session, base_url=graph.base_url)
    for sender, why in (("other@contoso.example", Why.ROLE), (STRANGER, Why.NOT_THERE)):
        with pytest.raises(Refused) as refused:
            trial.try_sender(sender, Deadline(SECONDS))
        assert refused.value.why is why
        assert sender not in str(refused.value)


def test_graph_says_what_is_in_the_token(graph: GraphSimulator, session: requests.Session) -> None:
    def roles(*given: str) -> frozenset[str] | None:
        tokens = EntraTokens(*given)
        graph.also_accepts = tokens.token
        trial = GraphTrial(tokens=tokens, session=session, base_url=graph.base_url)
        trial.try_sender(MAILBOX, Deadline(SECONDS))
        return trial.sign_in(Deadline(SECONDS)).roles

    assert roles("Mail.Send", "User.Read.All") == frozenset({"Mail.Send", "User.Read.All"})
    assert roles() == frozenset()
    opaque = GraphTrial(tokens=FakeTokens(), session=session, base_url=graph.base_url)
    assert opaque.sign_in(Deadline(SECONDS)).roles is None


@pytest.mark.parametrize("token", ["a.b.c", "a.e30.c", "a.W10.c", "a.bnVsbA.c", "..", ""])
def test_a_token_that_is_none_says_nothing(
    token: str, graph: GraphSimulator, session: requests.Session
) -> None:
    tokens = EntraTokens()
    tokens.token = token
    trial = GraphTrial(tokens=tokens, session=session, base_url=graph.base_url)
    assert trial.sign_in(Deadline(SECONDS)).roles is None


def smtp_trial(server: SmtpServer, **changes: object) -> SmtpTrial:
    given = {"host": "127.0.0.1", "port": server.port, "tls": "none", **changes}
    return SmtpTrial(SmtpAccess(**given))  # type: ignore[arg-type] # as the caller says


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    running = SmtpServer()
    yield running
    running.close()


def test_smtp_refuses_a_sender_and_nobody_is_quoted(server: SmtpServer) -> None:
    server.to_sender.append(f"553 5.7.1 <{STRANGER}> is not yours")
    with pytest.raises(Refused) as refused:
        smtp_trial(server).try_sender(STRANGER, Deadline(SECONDS))
    assert (refused.value.why, str(refused.value)) == (Why.SENDER, "smtp: 553 5.7.1")
    assert server.delivered == []


def test_smtp_takes_international_senders(server: SmtpServer) -> None:
    trial = smtp_trial(server)
    trial.try_sender("info@bücher.example", Deadline(SECONDS))
    trial.try_sender("jörg@bücher.example", Deadline(SECONDS))
    assert server.senders == ["info@xn--bcher-kva.example", "jörg@bücher.example"]


def test_smtp_without_international_senders() -> None:
    old = SmtpServer(utf8=False)
    with pytest.raises(Refused) as refused:
        smtp_trial(old).try_sender("jörg@bücher.example", Deadline(SECONDS))
    assert refused.value.why is Why.NOT_OFFERED
    old.close()


def test_smtp_with_a_certificate_that_nobody_trusts(tmp_path: Path) -> None:
    context, _ = self_signed(tmp_path)
    server = SmtpServer(starttls=context)
    with pytest.raises(Refused) as refused:
        smtp_trial(server, tls="starttls").sign_in(Deadline(SECONDS))
    assert refused.value.why is Why.UNTRUSTED
    server.close()


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_smtp_without_the_tls_that_is_asked_for(server: SmtpServer, tls: str) -> None:
    with pytest.raises(Refused) as refused:
        smtp_trial(server, tls=tls).sign_in(Deadline(SECONDS))
    assert refused.value.why is Why.NOT_OFFERED


def test_every_smtp_trial_hangs_up(server: SmtpServer) -> None:
    trial = smtp_trial(server)
    trial.sign_in(Deadline(SECONDS))
    trial.try_sender(MAILBOX, Deadline(SECONDS))
    assert server.connections == 2
