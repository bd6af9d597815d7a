"""The three mail providers and the fake, each with a switch for everything that can go wrong.

Each also behind the wrappers that the app puts around it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any, Protocol

import requests

from shared.adapters.mailer_acs import AcsMailer
from shared.adapters.mailer_graph import GraphMailer
from shared.adapters.mailer_resting import RestingMailer
from shared.adapters.mailer_smtp import SmtpMailer
from shared.adapters.mailer_with_fallback import MailerWithFallback
from shared.adapters.provider_rest import MOST_FAILURES
from shared.adapters.smtp_access import SmtpAccess
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Mailer
from tests.fakes.mailer import FakeMailer
from tests.mailers.acs_simulator import AcsSimulator
from tests.mailers.fake_tokens import FakeTokens
from tests.mailers.graph_simulator import GraphSimulator
from tests.mailers.http_provider import Fault
from tests.mailers.moved_clock import MovedClock
from tests.mailers.sample_mail import sample_mail
from tests.mailers.smtp_server import SmtpServer

RETRY_AFTER = 42.0


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """What a provider took over, as far as every provider knows it."""

    sender: str
    to: list[str]
    reply_to: str | None
    subject: str
    html: str


class Provider(Protocol):
    """One mailer and the provider behind it."""

    knows_earlier_attempts: bool
    names_a_wait: bool

    @property
    def mailer(self) -> Mailer: ...

    def arrived(self) -> list[Arrived]:
        """What was taken over, oldest first."""

    def defer(self) -> None:
        """Answer the next mail with "come later", after RETRY_AFTER seconds if it can say so."""

    def refuse(self, quoting: str) -> None:
        """Answer the next mail with a refusal whose text quotes the given address."""

    def stay_silent(self) -> None:
        """Take the next mail, but never answer."""

    def pass_time(self, seconds: float) -> None:
        """Let the wrapper around it believe that time has passed."""

    def close(self) -> None:
        """Be unreachable."""


class Unwrapped:
    """A provider as it is has no clock of its own."""

    def pass_time(self, seconds: float) -> None:
        """See Provider."""


class FakeProvider(Unwrapped):
    knows_earlier_attempts = True
    names_a_wait = True

    def __init__(self) -> None:
        self.mailer = FakeMailer()

    def arrived(self) -> list[Arrived]:
        return [
            Arrived(
                sender=mail.sender,
                to=[mail.to],
                reply_to=mail.reply_to,
                subject=mail.subject,
                html=mail.html,
            )
            for mail in self.mailer.sent
        ]

    def defer(self) -> None:
        self.mailer.fail_next(TemporaryFailure("fake: 429", RETRY_AFTER))

    def refuse(self, quoting: str) -> None:  # noqa: ARG002 - a fake has no text to quote it in
        self.mailer.fail_next(PermanentFailure("fake: 400"))

    def stay_silent(self) -> None:
        self.mailer.fail_next(
            TemporaryFailure("fake: no answer", may_have_happened=True), unnoticed=True
        )

    def close(self) -> None:
        self.mailer.down = True


class AcsProvider(Unwrapped):
    knows_earlier_attempts = True
    names_a_wait = True

    def __init__(self, session: requests.Session) -> None:
        self._service = AcsSimulator()
        self.mailer = AcsMailer(endpoint=self._service.url, tokens=FakeTokens(), session=session)

    def arrived(self) -> list[Arrived]:
        return [_from_acs(message) for message in self._service.messages]

    def defer(self) -> None:
        self._service.faults.append(Fault(status=429, retry_after=f"{RETRY_AFTER:.0f}"))

    def refuse(self, quoting: str) -> None:
        self._service.faults.append(Fault(status=400, code="InvalidEmailAddress", message=quoting))

    def stay_silent(self) -> None:
        self._service.faults.append(Fault(drop=True))

    def close(self) -> None:
        self._service.close()


class GraphProvider(Unwrapped):
    knows_earlier_attempts = False
    names_a_wait = True

    def __init__(self, session: requests.Session) -> None:
        self._service = GraphSimulator()
        self.mailer = GraphMailer(
            tokens=FakeTokens(), session=session, base_url=self._service.base_url
        )

    def arrived(self) -> list[Arrived]:
        return [_from_graph(message) for message in self._service.messages]

    def defer(self) -> None:
        self._service.faults.append(Fault(status=429, retry_after=f"{RETRY_AFTER:.0f}"))

    def refuse(self, quoting: str) -> None:
        self._service.faults.append(
            Fault(status=400, code="ErrorInvalidRecipients", message=quoting)
        )

    def stay_silent(self) -> None:
        self._service.faults.append(Fault(drop=True))

    def close(self) -> None:
        self._service.close()


class SmtpProvider(Unwrapped):
    knows_earlier_attempts = False
    names_a_wait = False

    def __init__(self) -> None:
        self._server = SmtpServer()
        self.mailer = SmtpMailer(SmtpAccess(host="127.0.0.1", port=self._server.port, tls="none"))

    def arrived(self) -> list[Arrived]:
        return [_from_smtp(delivered.raw) for delivered in self._server.delivered]

    def defer(self) -> None:
        self._server.to_recipient.append("451 4.7.1 Come later")

    def refuse(self, quoting: str) -> None:
        self._server.to_recipient.append(f"550 5.1.1 <{quoting}> is not known here")

    def stay_silent(self) -> None:
        self._server.hang_up_after_data = True

    def close(self) -> None:
        self.mailer.close()
        self._server.close()


class Wrapped:
    """A provider behind one of the app's wrappers, whose clock can be moved."""

    def __init__(self, provider: Provider, mailer: Mailer, clock: MovedClock) -> None:
        self.mailer = mailer
        self.knows_earlier_attempts = provider.knows_earlier_attempts
        self.names_a_wait = provider.names_a_wait
        self.arrived = provider.arrived
        self.defer = provider.defer
        self.refuse = provider.refuse
        self.stay_silent = provider.stay_silent
        self.close = provider.close
        self.pass_time = clock.pass_time


def rested(name: str, clock: MovedClock) -> RestingMailer:
    """A provider that has failed so often that it rests."""
    mailer = RestingMailer(FakeMailer(name=name, down=True), clock)
    for _ in range(MOST_FAILURES):
        with suppress(TemporaryFailure):
            mailer.send(sample_mail(), again=None)
    assert mailer.is_resting
    return mailer


def resting(provider: Provider) -> Provider:
    """The only provider of an app."""
    clock = MovedClock()
    return Wrapped(provider, RestingMailer(provider.mailer, clock), clock)


def first_of_two(provider: Provider) -> Provider:
    """The first of two, whose second rests: what the first does not send, nobody does."""
    clock = MovedClock()
    first, second = RestingMailer(provider.mailer, clock), rested("second", clock)
    return Wrapped(provider, MailerWithFallback(first=first, second=second), clock)


def second_of_two(provider: Provider) -> Provider:
    """The second of two, whose first rests."""
    clock = MovedClock()
    first, second = rested("first", clock), RestingMailer(provider.mailer, clock)
    return Wrapped(provider, MailerWithFallback(first=first, second=second), clock)


@contextmanager
def running_provider(name: str) -> Iterator[Provider]:
    """The provider of that name; closed afterwards."""
    with requests.Session() as session:
        session.trust_env = False  # no proxy of this machine gets in between
        provider = _provider(name, session)
        try:
            yield provider
        finally:
            provider.close()


def _provider(name: str, session: requests.Session) -> Provider:
    if name == "acs":
        return AcsProvider(session)
    if name == "graph":
        return GraphProvider(session)
    return SmtpProvider() if name == "smtp" else FakeProvider()


def _from_acs(message: dict[str, Any]) -> Arrived:
    return Arrived(
        sender=message["senderAddress"],
        to=[person["address"] for person in message["recipients"]["to"]],
        reply_to=_first([person["address"] for person in message.get("replyTo", [])]),
        subject=message["content"]["subject"],
        html=message["content"]["html"],
    )


def _from_graph(message: dict[str, Any]) -> Arrived:
    return Arrived(
        sender=message["from"]["emailAddress"]["address"],
        to=[person["emailAddress"]["address"] for person in message["toRecipients"]],
        reply_to=_first(
            [person["emailAddress"]["address"] for person in message.get("replyTo", [])]
        ),
        subject=message["subject"],
        html=message["body"]["content"],
    )


def _from_smtp(raw: bytes) -> Arrived:
    message = message_from_bytes(raw, policy=default)
    html = message.get_body(("html",))
    assert html is not None
    return Arrived(
        sender=message["From"].addresses[0].addr_spec,
        to=[address.addr_spec for address in message["To"].addresses],
        reply_to=message["Reply-To"] and message["Reply-To"].addresses[0].addr_spec,
        subject=message["Subject"],
        html=html.get_content().replace("\r\n", "\n").removesuffix("\n"),
    )


def _first(addresses: list[str]) -> str | None:
    return addresses[0] if addresses else None
