"""One provider: while it rests, no mail is even tried."""

import logging

import pytest

from shared.adapters.mailer_resting import RestingMailer
from shared.adapters.provider_rest import FIRST_REST, MOST_FAILURES
from shared.failures import PermanentFailure, TemporaryFailure
from tests.fakes.mailer import FakeMailer
from tests.mailers.moved_clock import MovedClock
from tests.mailers.sample_mail import sample_mail
from tests.mailers.slow_mailer import SlowMailer
from tests.told import Told, names, told


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def provider() -> FakeMailer:
    return FakeMailer()


@pytest.fixture
def mailer(provider: FakeMailer, clock: MovedClock) -> RestingMailer:
    return RestingMailer(provider, clock)


def failure_of(mailer: RestingMailer) -> TemporaryFailure:
    with pytest.raises(TemporaryFailure) as failure:
        mailer.send(sample_mail(), again=None)
    return failure.value


def test_a_quota_stops_all_mails_until_it_is_over(
    provider: FakeMailer, mailer: RestingMailer, clock: MovedClock
) -> None:
    provider.fail_next(TemporaryFailure("fake: 429", 3600))
    assert failure_of(mailer).retry_after == 3600
    clock.pass_time(600)
    for _ in range(50):
        failure = failure_of(mailer)
        assert (failure.retry_after, failure.may_have_happened) == (3000, False)
    assert provider.asked == 1
    clock.pass_time(3000)
    for _ in range(50):
        mailer.send(sample_mail(), again=None)
    assert (provider.asked, len(provider.sent)) == (51, 50)


def test_an_outage_costs_a_few_calls_only(
    provider: FakeMailer, mailer: RestingMailer, clock: MovedClock
) -> None:
    provider.down = True
    for _ in range(3600):  # an hour with a mail every second
        failure_of(mailer)
        clock.pass_time(1)
    assert MOST_FAILURES < provider.asked < 20
    provider.down = False
    clock.pass_time(mailer.rest_left)
    mailer.send(sample_mail(), again=None)
    assert not mailer.is_resting


def test_a_full_mailbox_says_nothing_about_others(
    provider: FakeMailer, mailer: RestingMailer
) -> None:
    for _ in range(3 * MOST_FAILURES):
        provider.fail_next(TemporaryFailure("fake: 450", of_this_one=True))
        failure_of(mailer)
    assert not mailer.is_resting
    mailer.send(sample_mail(), again=None)


def test_a_refused_mail_does_not_count(provider: FakeMailer, mailer: RestingMailer) -> None:
    for _ in range(MOST_FAILURES + 1):
        provider.fail_next(PermanentFailure("fake: 550"))
        with pytest.raises(PermanentFailure):
            mailer.send(sample_mail(), again=None)
    mailer.send(sample_mail(), again=None)


@pytest.mark.parametrize("failure", [PermanentFailure("fake: 550"), ZeroDivisionError()])
def test_a_probe_that_proves_nothing_is_followed_by_another(
    provider: FakeMailer, mailer: RestingMailer, clock: MovedClock, failure: Exception
) -> None:
    provider.fail_next(TemporaryFailure("fake: 429", 60))
    failure_of(mailer)
    clock.pass_time(60)
    provider.fail_next(failure)
    with pytest.raises(type(failure)):
        mailer.send(sample_mail(), again=None)
    mailer.send(sample_mail(), again=None)
    assert len(provider.sent) == 1


def test_while_one_mail_probes_the_others_wait(clock: MovedClock) -> None:
    provider = SlowMailer()
    mailer = RestingMailer(provider, clock)
    provider.fail_next(TemporaryFailure("fake: 429", FIRST_REST))
    failure_of(mailer)
    clock.pass_time(FIRST_REST)
    others: list[TemporaryFailure] = []
    provider.meanwhile = lambda: others.append(failure_of(mailer))
    mailer.send(sample_mail(), again=None)
    assert [other.retry_after for other in others] == [FIRST_REST / 4]
    assert len(provider.sent) == 1


def test_tells_who_may_have_the_mail(provider: FakeMailer, mailer: RestingMailer) -> None:
    provider.fail_next(TemporaryFailure("fake: no answer", may_have_happened=True), unnoticed=True)
    failure = failure_of(mailer)
    assert (failure.by, failure.may_have_happened) == ("fake", True)
    provider.fail_next(TemporaryFailure("fake: 451"))
    assert failure_of(mailer).by is None


def test_a_rest_is_logged_once(
    provider: FakeMailer, mailer: RestingMailer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    provider.fail_next(TemporaryFailure("fake: 429", 3600))
    failure_of(mailer)
    failure_of(mailer)
    [rests] = told(caplog)
    assert rests == Told(
        "WARNING",
        "mail_provider_rests",
        {"provider": "fake", "cause": "failing", "seconds": 3600, "reason": "fake: 429"},
    )


@pytest.mark.parametrize(("wait", "named"), [(1800.4, {"seconds": 1800}), (None, {})])
def test_each_throttled_mail_is_told(
    provider: FakeMailer,
    mailer: RestingMailer,
    wait: float | None,
    named: dict[str, int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    throttled = TemporaryFailure("fake: 429", wait)
    throttled.throttled = True
    for _ in range(MOST_FAILURES):
        provider.fail_next(throttled)
        failure_of(mailer)
    first, *_, rests = told(caplog)
    assert first == Told("WARNING", "mail_throttled", {"provider": "fake", **named})
    if wait is None:
        assert names(told(caplog)) == ["mail_throttled"] * 3 + ["mail_provider_rests"]
    else:  # it is not even asked again
        assert names(told(caplog)) == ["mail_throttled", "mail_provider_rests"]
    assert rests.has(cause="throttled")
