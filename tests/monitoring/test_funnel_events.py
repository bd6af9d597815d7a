"""What the charts are made of: form, source and durations, from the sign-up to the journey."""

import logging
from datetime import timedelta

import pytest

from shared import double_opt_in, wiring
from shared.failures import TemporaryFailure
from tests.examples import FORM_SETTINGS, registration
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import add_lead, arrive, connected
from tests.leads.worlds import deliver as deliver_lead
from tests.story.journey import deliver, link, press, redeliver
from tests.told import Told, names, told
from tests.values.test_settings import IN_AZURE

JOURNEY = ["accepted", "mailed", "confirmed", "contact_written", "promoted"]


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def by_name(events: list[Told]) -> dict[str, Told]:
    return {each.event: each for each in events}


def test_how_long_each_step_took(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    asked = registration()
    double_opt_in.register(asked, outside)
    outside.pass_time(timedelta(seconds=4.4))
    deliver("registrations", outside)
    outside.pass_time(timedelta(hours=2))
    outside.customer_insights.failures += [TemporaryFailure("503")]
    press(link(outside.mailer.sent[0]), outside)
    outside.pass_time(timedelta(seconds=30))
    deliver("promotions", outside)
    events = by_name(told(caplog))
    whose = {"registration": asked.id, "form": "newsletter", "source": "website"}
    mailed = {"kind": "confirmation", "number": 1, "provider": "fake", "seconds": 4}
    assert events["mailed"] == Told("INFO", "mailed", {**whose, **mailed})
    assert events["confirmed"].facts == {**whose, "seconds": 2 * 60 * 60 + 4}
    assert events["promoted"].facts == {**whose, "seconds": 30}


def test_a_reminder_has_no_duration(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    form = outside.forms["newsletter"].model_copy(update={"reminder_after": timedelta(days=1)})
    outside.forms = {"newsletter": form}
    double_opt_in.register(registration(), outside)
    deliver("registrations", outside)
    outside.pass_time(timedelta(days=2))
    redeliver("follow-ups", outside.queues.bodies("follow-ups"), outside)
    deliver("registrations", outside)
    reminder = told(caplog)[-1]
    assert reminder.has(kind="reminder", number=2)
    assert "seconds" not in reminder.facts


def test_a_lead_goes_through_the_same_funnel_by_another_door(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = connected()
    add_lead(outside)
    arrive(outside)
    deliver_lead("registrations", outside)
    press(link(outside.mailer.sent[-1]), outside)
    events = [each for each in told(caplog) if each.event in JOURNEY]
    assert names(events) == JOURNEY
    assert all(each.has(form="newsletter", source="linkedin") for each in events)


def test_what_a_stranger_typed_is_in_no_event(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    deliver("registrations", outside)
    press(link(outside.mailer.sent[0]), outside)
    assert len(told(caplog)) == len(JOURNEY)
    for typed in ("spring", "newsletter.html", "Browser/1.0", "203.0.113"):
        assert typed not in caplog.text


def test_mistakes_that_the_app_was_started_with_are_told_to_whoever_asks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Azure Functions drops what is logged while the app is loaded."""
    wired = wiring.Wiring({**IN_AZURE, **FORM_SETTINGS, "DOI_TRUSTED_PROXYS": "2"})
    unknown = Told("WARNING", "unknown_setting", {"setting": "DOI_TRUSTED_PROXYS"})
    assert told(caplog) == [unknown]
    wired.tell_mistakes()
    assert told(caplog) == [unknown, unknown]
