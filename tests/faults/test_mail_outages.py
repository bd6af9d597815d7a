"""Mail providers that ran out of quota, are down or lose answers: all is sent, nothing twice.

The story and the real adapters, against servers on this machine. The clock jumps.
"""

import json
import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from shared.adapters.mailer_resting import RestingMailer
from shared.adapters.mailer_with_fallback import MailerWithFallback
from shared.adapters.provider_rest import FIRST_REST, MOST_FAILURES
from shared.failures import TemporaryFailure
from shared.values.link_view import LinkState
from shared.values.record import Status
from tests.fakes.mailer import FakeMailer
from tests.fakes.outside import FakeOutside
from tests.faults.mail_world import (
    OutsideMailer,
    acs,
    carriers,
    people,
    records,
    register_all,
    resting,
    sent_by_acs,
    sent_by_smtp,
    smtp,
)
from tests.faults.moved_time import run_for
from tests.mailers.acs_simulator import AcsSimulator
from tests.mailers.hourly_quota import HourlyQuota
from tests.mailers.http_provider import Fault
from tests.mailers.smtp_server import SmtpServer
from tests.story.journey import press
from tests.told import told

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
QUOTA = 100


@pytest.fixture
def outside() -> FakeOutside:
    return FakeOutside()


@contextmanager
def acs_then_smtp(
    outside: FakeOutside, quota: HourlyQuota | None = None
) -> Iterator[tuple[AcsSimulator, SmtpServer]]:
    """ACS first, an SMTP server second."""
    service, server = AcsSimulator(quota), SmtpServer()
    with acs(service) as first, smtp(server.port) as second:
        outside.mailer = OutsideMailer(
            MailerWithFallback(first=resting(first, outside), second=resting(second, outside))
        )
        yield service, server
    server.close()


def assert_each_once(addresses: list[str], count: int) -> None:
    """Everybody of `people(count)` got one mail."""
    assert Counter(addresses) == Counter(one.email for one in people(count))


def assert_nothing_poisoned(outside: FakeOutside) -> None:
    assert not [queue for queue in outside.queues.messages if queue.endswith("-poison")]


def test_250_mails_at_100_an_hour_are_sent_within_three_hours(outside: FakeOutside) -> None:
    asked, quota = people(250), HourlyQuota(QUOTA, outside.now)
    service = AcsSimulator(quota)
    with acs(service) as provider:
        outside.mailer = OutsideMailer(resting(provider, outside))
        register_all(asked, outside)

        run_for(MINUTE, outside)
        assert len(service.messages) == QUOTA

        # Other queues go on meanwhile: somebody confirms while Dataverse does not answer.
        outside.customer_insights.failures.append(TemporaryFailure("dataverse: 503"))
        found = re.search(r"/api/confirm\?token=(\S+)", service.messages[0]["content"]["plainText"])
        assert found
        assert press(found[1], outside).state is LinkState.CONFIRMED
        run_for(5 * MINUTE, outside)
        assert len(outside.customer_insights.triggers) == 1
        assert len(service.messages) == QUOTA

        run_for(3 * HOUR - 6 * MINUTE, outside)
        assert_each_once(sent_by_acs(service), 250)
    assert carriers(asked, outside) == {"acs": 250}
    statuses = Counter(record.status for record in records(asked, outside))
    assert statuses == {Status.PENDING: 249, Status.PROMOTED: 1}
    assert_nothing_poisoned(outside)
    # Each hour's first refusal spares the others the call.
    assert 2 <= quota.refused <= 4
    assert service.calls.count("send") == 250 + quota.refused


def test_with_a_second_provider_250_mails_are_sent_at_once(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    asked = people(250)
    with acs_then_smtp(outside, HourlyQuota(QUOTA, outside.now)) as (service, server):
        register_all(asked, outside)
        run_for(MINUTE, outside)
        assert sent_by_acs(service) == [one.email for one in asked[:QUOTA]]
        assert_each_once(sent_by_acs(service) + sent_by_smtp(server), 250)
        assert carriers(asked, outside) == {"acs": 100, "smtp": 150}

        run_for(HOUR, outside)
        late = people(5, first=251)
        register_all(late, outside)
        run_for(MINUTE, outside)
        assert carriers(late, outside) == {"acs": 5}
        assert len(server.delivered) == 150
    assert_nothing_poisoned(outside)
    switches = [each for each in told(caplog) if each.event == "mail_provider_switched"]
    assert [each.facts for each in switches] == [
        {"provider": "smtp", "instead_of": "acs"},
        {"provider": "acs", "instead_of": "smtp"},
    ]


def test_an_hour_of_refused_connections_is_waited_out(outside: FakeOutside) -> None:
    asked = people(60)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # nobody listens there yet
        with smtp(bound.getsockname()[1]) as provider:
            outside.mailer = OutsideMailer(resting(provider, outside))
            register_all(asked, outside)
            run_for(HOUR, outside)
            assert carriers(asked, outside) == {}
            assert {record.status for record in records(asked, outside)} == {Status.MAILING}

            server = SmtpServer(bound=bound)
            # The longest wait between two attempts, and one more for those that came in a rest.
            run_for(3 * HOUR, outside)
            assert_each_once(sent_by_smtp(server), 60)
            server.close()
    assert carriers(asked, outside) == {"smtp": 60}
    assert_nothing_poisoned(outside)


def test_an_hour_of_errors_is_sent_by_the_second(outside: FakeOutside) -> None:
    with acs_then_smtp(outside) as (service, server):
        errors = [Fault(status=503, code="ServiceUnavailable")] * 100
        service.faults.extend(errors)
        register_all(people(60), outside)
        run_for(10 * MINUTE, outside)
        assert_each_once(sent_by_smtp(server), 60)
        assert len(errors) - len(service.faults) == MOST_FAILURES

        for number in range(61, 67):
            register_all(people(1, first=number), outside)
            run_for(10 * MINUTE, outside)
        assert_each_once(sent_by_smtp(server), 66)
        # Each of these found that the first is not back yet.
        assert len(errors) - len(service.faults) == MOST_FAILURES + 6

        service.faults.clear()
        late = people(1, first=67)
        register_all(late, outside)
        run_for(MINUTE, outside)
        assert carriers(late, outside) == {"acs": 1}
        assert len(service.messages) == 1
    assert_nothing_poisoned(outside)


def test_a_mail_that_left_without_an_answer_is_not_sent_by_the_second(
    outside: FakeOutside,
) -> None:
    asked = people(30)
    with acs_then_smtp(outside) as (service, server):
        service.faults.extend(Fault(drop=True) for _ in range(MOST_FAILURES))
        register_all(asked, outside)
        run_for(MINUTE / 6, outside)
        assert len(service.messages) == MOST_FAILURES
        unknown = [record.noted(1) for record in records(asked, outside)[:MOST_FAILURES]]
        assert [(note.unknown, note.provider) for note in unknown] == [(1, "acs")] * MOST_FAILURES
        run_for(10 * MINUTE, outside)
        assert_each_once(sent_by_acs(service) + sent_by_smtp(server), 30)
    assert carriers(asked, outside) == {"acs": MOST_FAILURES, "smtp": 30 - MOST_FAILURES}
    assert_nothing_poisoned(outside)


def test_a_rejected_recipient_is_not_tried_at_the_second(outside: FakeOutside) -> None:
    (asked,) = people(1)
    with acs_then_smtp(outside) as (service, server):
        service.faults.append(Fault(status=400, code="InvalidEmailAddress", message=asked.email))
        register_all([asked], outside)
        run_for(HOUR, outside)
        assert (service.messages, server.delivered) == ([], [])
    (poison,) = outside.queues.bodies("registrations-poison")
    assert json.loads(poison)["failure"] == "acs: 400 InvalidEmailAddress"
    assert asked.email not in poison


def test_a_mail_that_the_second_may_have_is_asked_for_there(outside: FakeOutside) -> None:
    first, second = FakeMailer(name="first"), FakeMailer(name="second")
    outside.mailer = OutsideMailer(
        MailerWithFallback(first=resting(first, outside), second=resting(second, outside))
    )
    first.fail_next(TemporaryFailure("first: 429", 3600))
    second.fail_next(TemporaryFailure("second: no answer", may_have_happened=True), unnoticed=True)
    asked = people(1)
    register_all(asked, outside)
    run_for(MINUTE, outside)
    assert carriers(asked, outside) == {"second": 1}
    assert (len(first.sent), len(second.sent)) == (0, 1)


def test_attempts_that_nobody_can_be_asked_about_end(outside: FakeOutside) -> None:
    """Each may have reached the person: an end, even with two providers."""
    first, second = FakeMailer(name="first"), FakeMailer(name="second", can_tell=False)
    outside.mailer = OutsideMailer(
        MailerWithFallback(first=resting(first, outside), second=RestingMailer(second))
    )
    first.fail_next(TemporaryFailure("first: 429", 7 * 24 * 3600))
    for _ in range(6):
        second.fail_next(TemporaryFailure("second: no answer", may_have_happened=True))
    register_all(people(1), outside)
    run_for(HOUR, outside)
    assert second.asked == 3
    (poison,) = outside.queues.bodies("registrations-poison")
    assert "3 attempts had no answer" in json.loads(poison)["failure"]


def test_a_provider_that_can_be_asked_is_asked_as_long_as_it_takes(outside: FakeOutside) -> None:
    first, second = FakeMailer(name="first"), FakeMailer(name="second", can_tell=False)
    outside.mailer = OutsideMailer(
        MailerWithFallback(first=resting(first, outside), second=resting(second, outside))
    )
    for _ in range(6):
        first.fail_next(TemporaryFailure("first: no answer", FIRST_REST, may_have_happened=True))
    asked = people(1)
    register_all(asked, outside)
    run_for(3 * HOUR, outside)
    assert carriers(asked, outside) == {"first": 1}
    assert (first.asked, second.asked) == (7, 0)
    assert_nothing_poisoned(outside)
