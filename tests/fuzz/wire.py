"""The app from its HTTP entry down to real bytes: an SMTP server, the Dataverse simulator."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import azure.functions as func
import requests

from functions import confirm, register
from shared.adapters.customer_insights import DataverseCustomerInsights
from shared.adapters.mailer_smtp import SmtpMailer
from shared.adapters.smtp_access import SmtpAccess
from shared.values.messages import RegistrationMessage
from shared.values.registration import Registration
from tests.dataverse.worlds import OpaqueToken
from tests.endpoints.calls import press_button
from tests.fakes.outside import FakeOutside
from tests.mailers.smtp_server import Delivered, SmtpServer
from tests.story.journey import deliver

if TYPE_CHECKING:
    from tests.fakes.customer_insights import FakeCustomerInsights
    from tests.fakes.mailer import FakeMailer

SECONDS = 20
_CONFIRM = re.compile(rb"/api/confirm\?token=([A-Za-z0-9_.-]+)")


class RecordingSession(requests.Session):
    """`sent` has the requests as they left, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.sent: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """As in requests."""
        self.sent.append(request)
        return super().send(request, **options)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What Dataverse holds in the end."""

    contacts: list[dict[str, Any]]
    consents: list[dict[str, Any]]
    triggers: list[dict[str, Any]]


@dataclass
class Wire:
    """One app. `dataverse` is the simulator's URL."""

    smtp: SmtpServer
    dataverse: str
    http: RecordingSession
    outside: FakeOutside = field(init=False)

    def __post_init__(self) -> None:
        mailer = SmtpMailer(SmtpAccess(host="127.0.0.1", port=self.smtp.port, tls="none"))
        insights = DataverseCustomerInsights(self.dataverse, OpaqueToken(), self.http)
        self.outside = FakeOutside(
            mailer=cast("FakeMailer", mailer),
            customer_insights=cast("FakeCustomerInsights", insights),
        )

    def post(self, request: func.HttpRequest) -> tuple[func.HttpResponse, Registration | None]:
        """The answer, and what was queued, if anything was."""
        answered = register.answer(request, self.outside)
        queued = self.outside.queues.bodies("registrations")
        assert len(queued) <= 1
        return answered, RegistrationMessage.parse(queued[0]).registration if queued else None

    def mail(self) -> Delivered:
        """The one mail that the queued registration brings about."""
        self.smtp.delivered.clear()
        deliver("registrations", self.outside)
        poison = self.outside.queues.bodies("registrations-poison")
        assert not poison, poison
        (mail,) = self.smtp.delivered
        return mail

    def confirm(self, mail: Delivered) -> list[requests.PreparedRequest]:
        """Press the mail's button; returns what went to Dataverse."""
        plain = mail.raw.replace(b"=\r\n", b"").replace(b"=3D", b"=")
        token = _CONFIRM.search(plain)
        assert token
        self.http.sent.clear()
        answered = confirm.press(press_button("/confirm", token[1].decode()), self.outside)
        assert answered.status_code == 200
        return list(self.http.sent)

    def kept(self) -> Kept:
        """Everything that is in Dataverse now. It is emptied afterwards."""
        control = f"{self.dataverse}/_simulator/state"
        state = requests.get(control, timeout=SECONDS).json()
        requests.delete(control, timeout=SECONDS)
        return Kept(
            contacts=state["tables"]["contacts"],
            consents=state["tables"]["msdynmkt_contactpointconsent4s"],
            triggers=state["triggers"],
        )


@contextmanager
def wire(dataverse: str) -> Iterator[Wire]:
    """The app, its mail server and its session; closed afterwards."""
    smtp = SmtpServer()
    with RecordingSession() as http:
        app = Wire(smtp=smtp, dataverse=dataverse, http=http)
        try:
            yield app
        finally:
            cast("SmtpMailer", app.outside.mailer).close()
            smtp.close()
