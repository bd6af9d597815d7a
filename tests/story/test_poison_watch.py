"""The watch over the poison queues: one line each, adoption, and nobody kept for ever."""

import json
import logging
from datetime import timedelta

import pytest

from shared.poison_care import FAILED_FIVE_TIMES
from shared.poison_watch import PoisonWatch
from shared.values.messages import MailAgainMessage, PromotionMessage, RegistrationMessage
from shared.values.record_notes import MailKind
from tests.examples import key_of, registration
from tests.fakes.outside import FakeOutside
from tests.mail_events import event_grid_event, report_data
from tests.told import Told, names, told

ASKED = registration(email="anna.unmistakable@example.com")
KEY = key_of(ASKED)
PROMOTION = PromotionMessage(mailbox_key=KEY.mailbox_key, registration_id=KEY.registration_id)
MAIL = MailAgainMessage(
    mailbox_key=KEY.mailbox_key,
    registration_id=KEY.registration_id,
    mail=MailKind.CONFIRMATION,
    number=1,
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Watched:
    """An outside with its watch, and what each round says."""

    def __init__(self, log: pytest.LogCaptureFixture) -> None:
        self.outside = FakeOutside()
        self.queues = self.outside.queues
        self._watch = PoisonWatch()
        self._log = log

    def round(self, after: timedelta = MINUTE) -> list[Told]:
        """What one round tells."""
        self.outside.pass_time(after)
        self.queues.clock = self.outside.clock
        self._log.clear()
        with self._log.at_level(logging.INFO):
            self._watch.look(self.outside)
        for line in self._log.records:
            assert "unmistakable" not in str(vars(line))
        return told(self._log)


@pytest.fixture
def watched(caplog: pytest.LogCaptureFixture) -> Watched:
    return Watched(caplog)


def test_empty_queues_say_nothing(watched: Watched) -> None:
    assert watched.round() == []
    assert watched.round(2 * HOUR) == []


def test_one_alertable_line_says_what_waits(watched: Watched) -> None:
    watched.queues.put("promotions-poison", PROMOTION.failed("no such trigger").to_json())
    [alarm] = watched.round()
    assert alarm == Told(
        "ERROR",
        "poison_waiting",
        {
            "queue": "promotions",
            "count": 1,
            "oldest": "2026-11-22T12:00:00+00:00",
            "age": 60,
            "registrations": [ASKED.id],
            "reasons": ["no such trigger"],
        },
    )


def test_it_is_said_once_then_hourly_and_at_once_for_something_new(watched: Watched) -> None:
    watched.queues.put("promotions-poison", PROMOTION.failed("no such trigger").to_json())
    assert len(watched.round()) == 1
    assert watched.round() == []
    assert watched.round(HOUR - 2 * MINUTE) == []
    assert len(watched.round()) == 1
    assert watched.round() == []
    watched.queues.put("promotions-poison", PROMOTION.failed("no such column").to_json())
    [alarm] = watched.round()
    assert alarm.has(count=2, reasons=["no such trigger", "no such column"])
    assert watched.round() == []


def test_what_comes_back_after_a_replay_is_said_again(watched: Watched) -> None:
    body = PROMOTION.failed("no such trigger").to_json()
    watched.queues.put("promotions-poison", body)
    watched.round()
    watched.queues.take_all("promotions-poison")
    assert watched.round() == []
    watched.queues.put("promotions-poison", body)
    assert len(watched.round()) == 1


def test_many_are_one_line_with_ten_ids(watched: Watched) -> None:
    for number in range(40):
        message = PROMOTION.model_copy(update={"registration_id": registration(number=number).id})
        watched.queues.put("promotions-poison", message.failed("no such trigger").to_json())
    [alarm] = watched.round()
    assert alarm.has(count=40, reasons=["no such trigger"])
    assert len(set(alarm.facts["registrations"])) == 10
    assert watched.round() == []
    assert len(watched.queues.look("promotions-poison")) == 32
    watched.queues.put("promotions-poison", PROMOTION.failed("another").to_json())
    assert len(watched.round()) == 1  # deeper than the queue shows, but one more


def test_each_queue_has_its_own_line(watched: Watched) -> None:
    watched.queues.put("promotions-poison", PROMOTION.failed("a").to_json())
    watched.queues.put("registrations-poison", MAIL.failed("b").to_json())
    alarms = watched.round()
    assert [each.facts["queue"] for each in alarms] == ["registrations", "promotions"]


def test_storage_that_is_down_is_said_and_looked_at_again(watched: Watched) -> None:
    watched.queues.put("promotions-poison", PROMOTION.failed("a").to_json())
    watched.queues.down = True
    assert set(names(watched.round())) == {"queue_unseen"}
    watched.queues.down = False
    assert len(watched.round()) == 1


def test_what_the_host_moved_is_adopted_and_never_expires(watched: Watched) -> None:
    watched.queues.put_by_host("promotions-poison", PROMOTION.again().to_json())
    [alarm] = watched.round()
    assert alarm.has(reasons=[FAILED_FIVE_TIMES], registrations=[ASKED.id])
    [message] = watched.queues.messages["promotions-poison"]
    assert message.expires_at is None
    assert message.body == PROMOTION.again().failed(FAILED_FIVE_TIMES).to_json()
    assert watched.round() == []


def test_adoption_reaches_what_lies_deeper_than_a_queue_shows(watched: Watched) -> None:
    for _ in range(80):
        watched.queues.put("promotions-poison", PROMOTION.failed("a").to_json())
    for _ in range(50):
        watched.queues.put_by_host("promotions-poison", PROMOTION.to_json())
    watched.round()
    messages = watched.queues.messages["promotions-poison"]
    assert len(messages) == 130
    assert {(each.expires_at, each.visible_in) for each in messages} == {(None, timedelta(0))}


def test_what_is_not_ours_is_kept_as_it_is_and_counted(watched: Watched) -> None:
    watched.queues.put_by_host("promotions-poison", b"\xff hello")
    [alarm] = watched.round()
    assert alarm.has(registrations=[], queue="promotions", count=1)
    [message] = watched.queues.messages["promotions-poison"]
    assert (message.raw, message.expires_at) == (b"\xff hello", None)


@pytest.mark.parametrize("readable", [True, False])
def test_a_report_that_the_host_moved_names_nobody_any_more(
    watched: Watched, *, readable: bool
) -> None:
    data = report_data("an-id", ASKED.email, "Bounced" if readable else "550 no such user")
    watched.queues.put_by_host("mail-reports-poison", event_grid_event(data))
    [alarm] = watched.round()
    [kept] = watched.queues.bodies("mail-reports-poison")
    assert "unmistakable" not in kept
    failure = json.loads(kept)["failure"]
    assert alarm.has(reasons=[failure])
    assert (failure == FAILED_FIVE_TIMES) == readable


def test_who_has_expired_is_named_no_more(watched: Watched) -> None:
    whole = RegistrationMessage(registration=ASKED).failed("form 'x' does not exist any more")
    watched.queues.put("registrations-poison", whole.to_json())
    watched.queues.put("registrations-poison", MAIL.failed("recipient rejected").to_json())
    assert len(watched.round()) == 1
    [hourly] = watched.round(7 * DAY - 2 * MINUTE)
    assert hourly.event == "poison_waiting"
    assert watched.round()[0] == Told(
        "ERROR",
        "expired",
        {
            "registration": ASKED.id,
            "form": "newsletter",
            "source": "website",
            "reason": "registrations-poison",
        },
    )
    assert watched.queues.bodies("registrations-poison") == [
        MAIL.failed("recipient rejected").to_json()
    ]


def test_a_form_says_itself_when_its_people_are_forgotten(watched: Watched) -> None:
    form = watched.outside.forms["newsletter"].model_copy(update={"forgotten_after": HOUR})
    watched.outside.forms = {"newsletter": form}
    whole = RegistrationMessage(registration=ASKED).failed("no sender")
    watched.queues.put("registrations-poison", whole.to_json())
    assert watched.round(HOUR - MINUTE)[0].event == "poison_waiting"
    [ended] = watched.round()
    assert (ended.level, ended.event) == ("ERROR", "expired")
    assert watched.queues.bodies("registrations-poison") == []
    assert watched.round() == []


def test_of_a_form_whose_file_is_gone_people_are_forgotten_after_the_usual_time(
    watched: Watched,
) -> None:
    watched.outside.forms = {}
    whole = RegistrationMessage(registration=ASKED).failed("form 'newsletter' does not exist")
    watched.queues.put("registrations-poison", whole.to_json())
    assert watched.round(7 * DAY - MINUTE)[0].event == "poison_waiting"
    [ended] = watched.round()
    assert (ended.level, ended.event) == ("ERROR", "expired")


def test_who_expires_deeper_than_a_queue_shows_is_forgotten_within_the_hour(
    watched: Watched,
) -> None:
    for _ in range(40):
        watched.queues.put("registrations-poison", MAIL.failed("rejected").to_json())
    watched.round()
    whole = RegistrationMessage(registration=ASKED).failed("form 'x' does not exist any more")
    watched.queues.put("registrations-poison", whole.to_json())
    watched.round(7 * DAY)
    assert len(watched.queues.bodies("registrations-poison")) == 40
    assert not [body for body in watched.queues.bodies("registrations-poison") if "anna" in body]
