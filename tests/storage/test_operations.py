"""Storage operations in the life of a confirmed registration: counted on the wire, each by name.

The app's real wiring, adapters and SDK against Azurite; mail and Dataverse are fakes. What the
Functions host does for each queue message comes on top: it gets the message and deletes it.
"""

import base64
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from functions import follow_up, send_confirmation
from local.costs.use import STORAGE_OPERATIONS
from local.storage_setup import set_up_storage
from shared import double_opt_in
from shared.ports import Deadline
from shared.values.link_view import LinkState
from shared.values.record_notes import Click
from shared.values.registration import Registration
from shared.wiring import Wiring
from tests.azurite import AzuritePorts, running_azurite
from tests.chain.proven import assert_linear
from tests.examples import NOON, registration
from tests.fakes.customer_insights import FakeCustomerInsights
from tests.fakes.mailer import FakeMailer
from tests.lists.conftest import sample_settings
from tests.storage.recorded_operations import Recorded, recorded
from tests.story.journey import SECONDS, link

OF_THE_HOST = ["get the message", "delete the message"]
LIFE = {
    "register": ["put into registrations"],
    "send_confirmation": [
        "put into follow-ups",
        "write to registrations",  # record and mailbox: one transaction
        "replace in registrations",
    ],
    "page": ["get from registrations"],
    "click": [
        "get from registrations",
        "put into promotions",
        "replace in registrations",
        "replace in registrations",
        "replace in registrations",
        "take back from promotions",
    ],
    "broom": [
        "get from registrations",
        "get from registrations",
        "replace in registrations",
    ],
}
BY_THE_HOST = {"send_confirmation", "broom"}


class AtSomeTime(Wiring):
    """The app as it is wired, with mail and Dataverse in memory, and a clock."""

    clock = NOON

    def __init__(self, seen: Recorded) -> None:
        super().__init__(sample_settings() | {"AzureWebJobsStorage": seen.connection_string})
        self.seen = seen
        self.__dict__["mailer"] = self.mails = FakeMailer()
        self.__dict__["customer_insights"] = FakeCustomerInsights()

    def now(self) -> datetime:
        return self.clock


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Empty, but for the tables and queues."""
    with running_azurite(tmp_path_factory.mktemp("operations"), AzuritePorts()) as ports:
        set_up_storage(ports.connection_string())
        yield ports.connection_string()


@pytest.fixture
def seen(storage: str) -> Iterator[Recorded]:
    with recorded(storage) as operations:
        yield operations


def body_of(put: bytes) -> bytes:
    """The message as the host hands it on (`messageEncoding` "none")."""
    [text] = re.findall(rb"<MessageText>([^<]+)</MessageText>", put)
    assert base64.b64decode(text).startswith(b"{")
    return bytes(text)


def life_of(asked: Registration, app: AtSomeTime) -> dict[str, list[str]]:
    """Register, mail, look at the page, press, and the broom a week later."""
    seen, life = app.seen, {}
    seen.taken()
    double_opt_in.register(asked, app)
    life["register"] = seen.taken()
    send_confirmation.settle(body_of(seen.messages["registrations"][-1]), app)
    life["send_confirmation"] = seen.taken()
    token = link(app.mails.sent[-1])
    assert double_opt_in.show_confirm(token, app).state is LinkState.CONFIRM
    life["page"] = seen.taken()
    click = Click(at=app.now(), address="198.51.100.9", user_agent="Phone/2.0")
    view = double_opt_in.confirm(token, click, Deadline(SECONDS), app)
    assert view.state is LinkState.CONFIRMED
    life["click"] = seen.taken()
    app.clock += timedelta(days=7)
    follow_up.settle(body_of(seen.messages["follow-ups"][-1]), app)
    life["broom"] = seen.taken()
    return life


def test_the_life_of_a_registration(seen: Recorded) -> None:
    app = AtSomeTime(seen)
    first = life_of(registration("first@example.com"), app)
    # The day's first needs the key of the day, and a form's first mail its frame: the process
    # that made them keeps them.
    once = {"get from originkeys", "insert into originkeys", "insert into mailframes"}
    of_the_first = [each for each in first["send_confirmation"] if each in once]
    assert sorted(of_the_first) == sorted(once)
    usual = [each for each in first["send_confirmation"] if each not in once]
    assert usual == LIFE["send_confirmation"]
    app.clock = NOON
    second = life_of(registration("second@example.com", 2), app)
    assert second == LIFE
    by_app = sum(len(operations) for operations in LIFE.values())
    assert by_app + len(OF_THE_HOST) * len(BY_THE_HOST) == STORAGE_OPERATIONS


def test_another_process_asks_for_each_day_once(seen: Recorded) -> None:
    asked = [registration(f"{number}@example.com", number) for number in (11, 12)]
    app = AtSomeTime(seen)
    for one in asked:
        double_opt_in.register(one, app)
        send_confirmation.settle(body_of(seen.messages["registrations"][-1]), app)
    other = AtSomeTime(seen)
    seen.taken()
    for mail in app.mails.sent:
        double_opt_in.show_confirm(link(mail), other)
    assert seen.taken() == [
        "get from registrations",
        "get from originkeys",
        "get from registrations",
    ]


def test_who_is_known_costs_three_more(seen: Recorded) -> None:
    """The insert meets the mailbox's row, which keeps the end of the chain: both are read."""
    app = AtSomeTime(seen)
    life_of(registration("again@example.com", 21), app)
    asked = registration("again@example.com", 22).model_copy(update={"asked_at": app.now()})
    seen.taken()
    double_opt_in.register(asked, app)
    send_confirmation.settle(body_of(seen.messages["registrations"][-1]), app)
    keys = [one for one in seen.taken() if "originkeys" not in one]
    assert keys == [
        "put into registrations",
        "put into follow-ups",
        "write to registrations",
        "get from registrations",
        "get from registrations",
        "write to registrations",
        "replace in registrations",
    ]
    known = app.records.in_mailbox(app.records.with_id(asked.id)[0].value.mailbox_key)
    assert len(known) == 2
    assert_linear(each.value for each in known)
    assert {each.value.chain.previous for each in known} > {""}
