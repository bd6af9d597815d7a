"""The story with real mail adapters, a mail provider that can fail, and a clock that jumps."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

import requests

from shared import double_opt_in
from shared.adapters.mailer_acs import AcsMailer
from shared.adapters.mailer_resting import RestingMailer
from shared.adapters.mailer_smtp import SmtpMailer
from shared.adapters.smtp_access import SmtpAccess
from shared.ports import Mailer, SentMail
from shared.values.mail import Mail
from shared.values.record import Record
from shared.values.registration import Registration
from tests.examples import key_of, registration
from tests.fakes.mailer import FakeMailer
from tests.fakes.outside import FakeOutside
from tests.mailers.acs_simulator import AcsSimulator
from tests.mailers.fake_tokens import FakeTokens
from tests.mailers.smtp_server import SmtpServer
from tests.story.journey import record_at


class OutsideMailer(FakeMailer):
    """Stands in FakeOutside for a mailer that is none of the fakes."""

    def __init__(self, mailer: Mailer) -> None:
        super().__init__(name=mailer.name)
        self.mailer = mailer

    @property
    def can_be_asked(self) -> frozenset[str]:
        return self.mailer.can_be_asked

    def send(self, mail: Mail, *, again: str | None) -> SentMail:
        return self.mailer.send(mail, again=again)


def resting(provider: Mailer, outside: FakeOutside) -> RestingMailer:
    """The provider as the app uses it, by the clock of the test."""

    def seconds() -> float:
        return outside.clock.timestamp()

    return RestingMailer(provider, seconds)


def people(count: int, first: int = 1) -> list[Registration]:
    """So many people, each with a mailbox and a network of their own."""
    return [
        registration(f"person{number}@visitor.example", number).model_copy(
            update={"asked_from": f"198.{18 + number // 256}.{number % 256}.7"}
        )
        for number in range(first, first + count)
    ]


def register_all(asked: list[Registration], outside: FakeOutside) -> None:
    """They all sign up now."""
    for one in asked:
        double_opt_in.register(one.model_copy(update={"asked_at": outside.now()}), outside)


def records(asked: list[Registration], outside: FakeOutside) -> list[Record]:
    """Their records as they stand now, without those that are not there."""
    found = [record_at(key_of(one), outside) for one in asked]
    return [record for record in found if record is not None]


def carriers(asked: list[Registration], outside: FakeOutside) -> Counter[str | None]:
    """How many first mails the records say each provider has taken over."""
    return Counter(
        record.noted(1).provider for record in records(asked, outside) if record.noted(1).sent_at
    )


@contextmanager
def acs(simulator: AcsSimulator) -> Iterator[AcsMailer]:
    """The adapter for a simulated service; both end afterwards."""
    with requests.Session() as session:
        session.trust_env = False
        yield AcsMailer(endpoint=simulator.url, tokens=FakeTokens(), session=session)
        simulator.close()


@contextmanager
def smtp(port: int) -> Iterator[SmtpMailer]:
    """The adapter for a server on this machine."""
    mailer = SmtpMailer(SmtpAccess(host="127.0.0.1", port=port, tls="none"))
    yield mailer
    mailer.close()


def sent_by_acs(simulator: AcsSimulator) -> list[str]:
    """To whom, oldest first."""
    return [message["recipients"]["to"][0]["address"] for message in simulator.messages]


def sent_by_smtp(server: SmtpServer) -> list[str]:
    """To whom, oldest first."""
    return [
        str(message_from_bytes(delivered.raw, policy=default)["To"].addresses[0].addr_spec)
        for delivered in server.delivered
    ]
