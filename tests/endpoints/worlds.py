"""An outside in which the register call may do one thing only."""

from dataclasses import dataclass, field

import pytest

from shared.values.form import Form
from shared.values.messages import RegistrationMessage
from shared.values.registration import Registration
from tests.fakes.outside import FakeOutside
from tests.fakes.records import FakeRecords


class UntouchableRecords(FakeRecords):
    """A table that nobody may look at: the answer cannot depend on who is known."""

    def reach(self) -> None:
        pytest.fail("the table was touched")


@dataclass
class WebOnly(FakeOutside):
    """What the register call sees."""

    table: FakeRecords = field(default_factory=UntouchableRecords)

    def only_registration(self) -> Registration:
        """What was queued: exactly one message, and nothing else was done."""
        assert list(self.queues.messages) == ["registrations"]
        (body,) = self.queues.bodies("registrations")
        assert self.mailer.sent == []
        return RegistrationMessage.parse(body).registration

    def did_nothing(self) -> bool:
        return not self.queues.messages and not self.mailer.sent


def with_form(outside: FakeOutside, name: str, form: Form) -> None:
    """Add a form, or replace one."""
    outside.forms = {**outside.forms, name: form}
