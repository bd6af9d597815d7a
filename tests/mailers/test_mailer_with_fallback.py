"""Two providers: who sends which mail, and what is logged about it."""

import logging

import pytest

from shared.adapters.mailer_resting import RestingMailer
from shared.adapters.mailer_with_fallback import MailerWithFallback
from shared.adapters.provider_rest import FIRST_REST, MOST_FAILURES
from shared.failures import PermanentFailure, TemporaryFailure
from tests.fakes.mailer import FakeMailer
from tests.mailers.moved_clock import MovedClock
from tests.mailers.sample_mail import sample_mail
from tests.mailers.slow_mailer import SlowMailer
from tests.told import names, told

SWITCHED = "mail_provider_switched"


class Two:
    """Two providers and the mailer around them."""

    def __init__(self) -> None:
        self.clock = MovedClock()
        self.first, self.second = SlowMailer(name="one"), FakeMailer(name="two")
        self.mailer = MailerWithFallback(
            first=RestingMailer(self.first, self.clock),
            second=RestingMailer(self.second, self.clock),
        )

    def send(self, again: str | None = None) -> str:
        """Send a mail; by whom?"""
        return self.mailer.send(sample_mail(), again=again).provider

    def failure(self, again: str | None = None) -> TemporaryFailure:
        """Send a mail that does not leave."""
        with pytest.raises(TemporaryFailure) as failure:
            self.send(again)
        return failure.value

    def break_first(self, seconds: float = 600) -> None:
        """The first asks for a pause: this mail is sent by the second."""
        self.first.fail_next(TemporaryFailure("one: 429", seconds))
        assert self.send() == "two"
        self.second.sent.clear()


@pytest.fixture
def two() -> Two:
    return Two()


def test_the_first_sends_as_long_as_it_works(two: Two) -> None:
    assert [two.send() for _ in range(5)] == ["one"] * 5
    assert two.second.asked == 0


def test_the_second_takes_over_when_the_first_keeps_failing(two: Two) -> None:
    two.first.down = True
    for _ in range(MOST_FAILURES - 1):
        assert two.failure().retry_after is None
    assert [two.send() for _ in range(5)] == ["two"] * 5
    assert two.first.asked == MOST_FAILURES


def test_a_pause_that_the_first_asks_for_is_used_by_the_second_at_once(two: Two) -> None:
    two.first.fail_next(TemporaryFailure("one: 429", 3600))
    assert [two.send() for _ in range(5)] == ["two"] * 5
    assert two.first.asked == 1
    two.clock.pass_time(3600)
    assert [two.send() for _ in range(5)] == ["one"] * 5


def test_one_mail_probes_the_first_and_is_sent_by_the_second_if_that_fails(two: Two) -> None:
    two.break_first(FIRST_REST)
    two.first.down = True
    two.clock.pass_time(FIRST_REST)
    assert [two.send() for _ in range(5)] == ["two"] * 5
    assert two.first.asked == 2


def test_a_refused_mail_is_not_tried_at_the_second(two: Two) -> None:
    two.first.fail_next(PermanentFailure("one: 550"))
    with pytest.raises(PermanentFailure, match="one: 550"):
        two.send()
    assert two.second.asked == 0


def test_what_the_second_refuses_is_refused(two: Two) -> None:
    two.break_first()
    two.second.fail_next(PermanentFailure("two: 550"))
    with pytest.raises(PermanentFailure, match="two: 550"):
        two.send()


@pytest.mark.parametrize("attempts", [1, MOST_FAILURES])
def test_a_mail_without_an_answer_stays_with_the_first(two: Two, attempts: int) -> None:
    for _ in range(attempts):
        two.first.fail_next(
            TemporaryFailure("one: no answer", may_have_happened=True), unnoticed=True
        )
        assert two.failure().by == "one"
    assert two.second.asked == 0
    if attempts == MOST_FAILURES:
        assert two.failure(again="one").retry_after == FIRST_REST
        assert two.send() == "two"
    two.clock.pass_time(FIRST_REST)
    sent = len(two.first.sent)
    assert two.send(again="one") == "one"
    assert len(two.first.sent) == sent  # it was asked, and has it


def test_a_mail_without_an_answer_stays_with_the_second(two: Two) -> None:
    two.break_first()
    two.second.fail_next(TemporaryFailure("two: no answer", may_have_happened=True), unnoticed=True)
    failure = two.failure()
    assert (failure.by, failure.may_have_happened) == ("two", True)
    two.clock.pass_time(600)
    assert two.send(again="two") == "two"
    assert len(two.second.sent) == 1
    assert two.send() == "one"


def test_a_provider_that_cannot_be_asked_is_not_waited_for(two: Two) -> None:
    two.first.can_tell = False
    mailer = MailerWithFallback(
        first=RestingMailer(two.first, two.clock), second=RestingMailer(two.second, two.clock)
    )
    assert mailer.can_be_asked == {"two"}
    two.first.fail_next(TemporaryFailure("one: 429", 600))
    assert mailer.send(sample_mail(), again="one").provider == "two"


def test_a_name_from_older_settings_means_nothing(two: Two) -> None:
    two.break_first()
    assert two.send(again="three") == "two"


@pytest.mark.parametrize(
    ("first_rests", "second_asks_for", "wait"),
    [(600, 1800, 600), (600, 60, 60), (600, None, None)],
)
def test_when_both_fail_the_nearer_one_counts(
    two: Two, first_rests: float, second_asks_for: float | None, wait: float | None
) -> None:
    two.break_first(first_rests)
    two.second.fail_next(TemporaryFailure("two: 429", second_asks_for))
    failure = two.failure()
    assert (failure.retry_after, failure.may_have_happened) == (wait, False)
    assert str(failure) == "two: 429"


def test_when_both_rest_none_is_called(two: Two) -> None:
    two.break_first(600)
    two.second.fail_next(TemporaryFailure("two: 429", 1800))
    two.failure()
    calls = two.first.asked + two.second.asked
    two.clock.pass_time(100)
    assert [two.failure().retry_after for _ in range(3)] == [500] * 3
    assert two.first.asked + two.second.asked == calls
    two.clock.pass_time(500)
    assert two.send() == "one"


def test_switching_over_and_back_is_logged_once_each(
    two: Two, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        two.first.fail_next(TemporaryFailure("one: 429", FIRST_REST))
        for _ in range(3):
            assert two.send() == "two"
        two.clock.pass_time(FIRST_REST)
        for _ in range(3):
            assert two.send() == "one"
    switches = [(each.level, each.facts) for each in told(caplog) if each.event == SWITCHED]
    assert switches == 2 * [
        ("ERROR", {"provider": "two", "instead_of": "one"}),
        ("INFO", {"provider": "one", "instead_of": "two"}),
    ]


def test_a_mail_from_before_the_outage_does_not_look_like_its_end(
    two: Two, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    two.first.meanwhile = two.break_first
    assert two.send() == "one"
    assert two.send() == "two"
    assert names(told(caplog)).count(SWITCHED) == 1


def test_a_longer_outage_is_one_alarm(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    two.first.down = True
    for _ in range(MOST_FAILURES - 1):
        two.failure()
    for _ in range(600):
        assert two.send() == "two"
        two.clock.pass_time(10)
    assert names(told(caplog)).count(SWITCHED) == 1
