"""Drives the story as host and person do: run what waits in the queues, follow the links."""

import re

from functions import follow_up, promote, send_confirmation
from shared import double_opt_in
from shared.ports import Deadline
from shared.values.link_view import LinkView
from shared.values.mail import Mail
from shared.values.record import Record, RecordKey
from shared.values.record_notes import Click
from shared.values.registration import Registration
from tests.examples import key_of
from tests.fakes.outside import FakeOutside

_SETTLE = {
    "registrations": send_confirmation.settle,
    "promotions": promote.settle,
    "follow-ups": follow_up.settle,
}
SECONDS = 10


def deliver(queue: str, outside: FakeOutside) -> list[str]:
    """Hand every message of a queue to its function, whatever its delay; returns the bodies."""
    bodies = outside.queues.take_all(queue)
    for body in bodies:
        _SETTLE[queue](body.encode(), outside)
    return bodies


def redeliver(queue: str, bodies: list[str], outside: FakeOutside) -> None:
    """The same messages once more: a queue delivers at least once."""
    for body in bodies:
        _SETTLE[queue](body.encode(), outside)


def sign_up(asked: Registration, outside: FakeOutside) -> Mail:
    """Register and let the mail go out."""
    double_opt_in.register(asked, outside)
    deliver("registrations", outside)
    return outside.mailer.sent[-1]


def link(mail: Mail, page: str = "confirm") -> str:
    """The token in the mail's link to a page."""
    found = re.search(rf"/api/{page}\?token=(\S+)", mail.text)
    assert found
    return found[1]


def press(token: str, outside: FakeOutside) -> LinkView:
    """The person presses the confirm button."""
    click = Click(at=outside.now(), address="198.51.100.9", user_agent="Phone/2.0")
    return double_opt_in.confirm(token, click, Deadline(SECONDS), outside)


def stored(asked: Registration, outside: FakeOutside) -> Record | None:
    """The registration's record as it stands now."""
    return record_at(key_of(asked), outside)


def record_at(key: RecordKey, outside: FakeOutside) -> Record | None:
    found = outside.records.find(key)
    return found.value if found else None
