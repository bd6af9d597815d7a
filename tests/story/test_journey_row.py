"""A form whose journey is started by a row: no second row and one start, whatever happens."""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from shared.failures import TemporaryFailure
from shared.ports import Deadline, WrittenContact
from shared.values.contact import ContactWithConsents
from shared.values.form import Form
from shared.values.form_journey_row import JourneyRow
from shared.values.link_view import LinkState
from shared.values.record import Record, Status
from shared.values.registration import Registration
from tests.examples import NOON, registration, sample_forms
from tests.fakes.customer_insights import FakeCustomerInsights, KnownTable
from tests.fakes.outside import CLAIM, FakeOutside
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored
from tests.told import names, told

BY_TRIGGER = sample_forms()["newsletter"]
BY_ROW = BY_TRIGGER.model_copy(
    update={
        "trigger": None,
        "journey_row": JourneyRow.model_validate(
            {
                "entitySet": "new_doiregistrations",
                "keyColumn": "new_registrationid",
                "contact": "new_ContactId",
                "columns": {"new_formid": {"fact": "form"}, "new_name": {"field": "firstName"}},
            }
        ),
    }
)


def forms(form: Form) -> Mapping[str, Form]:
    return {"newsletter": form}


def record_of(asked: Registration, outside: FakeOutside) -> Record:
    found = stored(asked, outside)
    assert found is not None
    return found


def test_a_registration_becomes_contact_consent_and_row() -> None:
    outside = FakeOutside(forms=forms(BY_ROW))
    asked = registration()
    token = link(sign_up(asked, outside))
    assert not outside.customer_insights.journey_rows
    outside.pass_time(timedelta(hours=2))
    assert press(token, outside).state is LinkState.CONFIRMED
    insights = outside.customer_insights
    ((address, row),) = insights.journey_rows.items()
    assert address == f"new_doiregistrations(new_registrationid='{asked.id}')"
    assert row.columns == {"new_formid": "newsletter", "new_name": "Anna"}
    contact = insights.contact_of(asked.email)
    assert contact is not None
    assert insights.journey_starts == [row.contact_id] == [contact.id]
    assert (len(insights.consents), insights.triggers) == (1, [])
    assert outside.queues.bodies("promotions") == []


def test_the_record_keeps_what_started_the_journey_and_when() -> None:
    outside = FakeOutside(forms=forms(BY_ROW))
    asked = registration()
    press(link(sign_up(asked, outside)), outside)
    record = record_of(asked, outside)
    assert (record.status, record.answers) == (Status.PROMOTED, None)
    promotion = record.promotion
    assert promotion is not None
    assert promotion.journey_row == f"new_doiregistrations(new_registrationid='{asked.id}')"
    assert (promotion.written_at, promotion.triggered_at, promotion.busy_until) == (
        NOON,
        NOON,
        None,
    )


@dataclass
class InterruptedInsights(FakeCustomerInsights):
    """After the next write, `meanwhile` is called before the caller hears of it."""

    meanwhile: Callable[[], None] | None = None

    def write(self, contact: ContactWithConsents, deadline: Deadline) -> WrittenContact:
        written = super().write(contact, deadline)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return written


def die() -> None:
    raise KeyboardInterrupt


def test_a_worker_killed_between_write_and_note_starts_one_journey() -> None:
    insights = InterruptedInsights()
    outside = FakeOutside(forms=forms(BY_ROW), customer_insights=insights)
    asked = registration()
    token = link(sign_up(asked, outside))
    insights.meanwhile = die
    with contextlib.suppress(KeyboardInterrupt):
        press(token, outside)
    assert len(insights.journey_starts) == 1
    assert record_of(asked, outside).status is Status.CONFIRMED
    deliver("promotions", outside)  # at once: there is no claim to wait for
    assert record_of(asked, outside).status is Status.PROMOTED
    assert (len(insights.journey_rows), len(insights.journey_starts)) == (1, 1)
    assert (len(insights.contacts), len(insights.consents)) == (1, 1)


def test_storage_that_cannot_note_it_starts_one_journey() -> None:
    insights = InterruptedInsights()
    outside = FakeOutside(forms=forms(BY_ROW), customer_insights=insights)
    asked = registration()
    token = link(sign_up(asked, outside))

    def fail() -> None:
        outside.table.down = True

    insights.meanwhile = fail
    assert press(token, outside).state is LinkState.CONFIRMED
    outside.table.down = False
    deliver("promotions", outside)
    assert record_of(asked, outside).status is Status.PROMOTED
    assert len(insights.journey_starts) == 1


def test_a_lost_answer_starts_one_journey() -> None:
    outside = FakeOutside(forms=forms(BY_ROW))
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.customer_insights.lost_answers = 3
    press(token, outside)
    for _ in range(3):
        deliver("promotions", outside)
    assert record_of(asked, outside).status is Status.PROMOTED
    assert len(outside.customer_insights.journey_starts) == 1


def test_two_workers_at_once_start_one_journey_and_say_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    insights = InterruptedInsights()
    outside = FakeOutside(forms=forms(BY_ROW), customer_insights=insights)
    asked = registration()
    token = link(sign_up(asked, outside))

    def promote_as_well() -> None:
        redeliver("promotions", outside.queues.bodies("promotions"), outside)
        outside.pass_time(timedelta(milliseconds=1))

    insights.meanwhile = promote_as_well
    assert press(token, outside).state is LinkState.CONFIRMED
    assert record_of(asked, outside).status is Status.PROMOTED
    assert len(insights.journey_starts) == 1
    assert names(told(caplog)).count("promoted") == 1


def test_a_redelivered_promotion_does_nothing() -> None:
    outside = FakeOutside(forms=forms(BY_ROW))
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(token, outside)
    bodies = deliver("promotions", outside)
    before = record_of(asked, outside)
    redeliver("promotions", bodies * 3, outside)
    assert record_of(asked, outside) == before
    assert len(outside.customer_insights.journey_starts) == 1


def test_a_missing_table_goes_to_poison_and_can_be_replayed() -> None:
    outside = FakeOutside(forms=forms(BY_ROW))
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.customer_insights.known_tables = {}
    assert press(token, outside).state is LinkState.CONFIRMED
    deliver("promotions", outside)
    (poison,) = outside.queues.bodies("promotions-poison")
    assert "new_doiregistrations" in json.loads(poison)["failure"]
    assert record_of(asked, outside).status is Status.FAILED
    assert not outside.customer_insights.contacts
    outside.customer_insights.known_tables = {
        "new_doiregistrations": KnownTable(
            key_column="new_registrationid",
            contact="new_ContactId",
            columns={"new_formid", "new_name"},
        )
    }
    redeliver("promotions", [poison], outside)
    record = record_of(asked, outside)
    assert (record.status, record.failure) == (Status.PROMOTED, None)
    assert len(outside.customer_insights.journey_starts) == 1


@pytest.mark.parametrize(("before", "after"), [(BY_TRIGGER, BY_ROW), (BY_ROW, BY_TRIGGER)])
def test_what_was_started_is_not_started_the_other_way(before: Form, after: Form) -> None:
    outside = FakeOutside(forms=forms(before))
    token = link(sign_up(registration(), outside))
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(token, outside)
    bodies = deliver("promotions", outside)
    outside.forms = forms(after)
    redeliver("promotions", bodies, outside)
    insights = outside.customer_insights
    assert len(insights.triggers) + len(insights.journey_starts) == 1


@pytest.mark.parametrize(("before", "after"), [(BY_TRIGGER, BY_ROW), (BY_ROW, BY_TRIGGER)])
def test_what_was_not_written_yet_starts_the_new_way(before: Form, after: Form) -> None:
    outside = FakeOutside(forms=forms(before))
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(token, outside)
    outside.forms = forms(after)
    deliver("promotions", outside)
    insights = outside.customer_insights
    by_row = after is BY_ROW
    assert (len(insights.triggers), len(insights.journey_starts)) == (not by_row, by_row)
    assert record_of(asked, outside).status is Status.PROMOTED


def test_what_was_written_and_not_fired_gets_the_row() -> None:
    outside = FakeOutside(forms=forms(BY_TRIGGER))
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.customer_insights.known_triggers = {}  # refused: not fired, for certain
    press(token, outside)
    assert record_of(asked, outside).promotion is not None
    outside.forms = forms(BY_ROW)
    deliver("promotions", outside)
    insights = outside.customer_insights
    assert (insights.triggers, len(insights.journey_starts)) == ([], 1)
    assert len(insights.contacts) == 1
    record = record_of(asked, outside)
    assert record.status is Status.PROMOTED
    assert record.promotion is not None
    assert record.promotion.journey_row is not None


class DyingWhileFiring(FakeCustomerInsights):
    """Its caller dies in the middle of firing."""

    def fire(self, *_: object) -> None:
        """See ports.CustomerInsights."""
        raise KeyboardInterrupt


def test_what_another_worker_may_be_firing_is_waited_for() -> None:
    outside = FakeOutside(forms=forms(BY_TRIGGER), customer_insights=DyingWhileFiring())
    asked = registration()
    token = link(sign_up(asked, outside))
    with contextlib.suppress(KeyboardInterrupt):
        press(token, outside)
    outside.forms = forms(BY_ROW)
    deliver("promotions", outside)
    assert not outside.customer_insights.journey_starts
    (waiting,) = outside.queues.messages["promotions"]
    assert CLAIM <= waiting.visible_in <= CLAIM * 1.25
    outside.pass_time(CLAIM + timedelta(seconds=1))
    deliver("promotions", outside)
    assert len(outside.customer_insights.journey_starts) == 1
    assert record_of(asked, outside).status is Status.PROMOTED
