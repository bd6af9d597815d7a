"""The doctor's message does nothing, wherever it turns up."""

import logging
from datetime import timedelta

import pytest

from functions import follow_up, note_mail_report, promote, send_confirmation, take_in_lead
from shared.poison_watch import PoisonWatch
from shared.values.probe_message import PROBE, is_probe
from shared.values.queue_name import QueueName
from tests.examples import NOON
from tests.fakes.outside import FakeOutside

SETTLE = {
    QueueName.REGISTRATIONS: send_confirmation.settle,
    QueueName.PROMOTIONS: promote.settle,
    QueueName.FOLLOW_UPS: follow_up.settle,
    QueueName.LINKEDIN_LEADS: take_in_lead.settle,
    QueueName.MAIL_REPORTS: note_mail_report.settle,
}


@pytest.mark.parametrize("queue", list(QueueName))
def test_every_function_lets_it_pass_in_silence(
    queue: QueueName, caplog: pytest.LogCaptureFixture
) -> None:
    outside = FakeOutside()
    with caplog.at_level(logging.DEBUG):
        SETTLE[queue](PROBE, outside)
    assert not outside.queues.messages
    assert not caplog.records


@pytest.mark.parametrize("queue", list(QueueName))
def test_the_watch_of_the_poison_queues_drops_it_in_silence(
    queue: QueueName, caplog: pytest.LogCaptureFixture
) -> None:
    outside = FakeOutside()
    outside.queues.put_by_host(queue.poison, PROBE)
    with caplog.at_level(logging.DEBUG):
        PoisonWatch().look(outside)
    assert outside.queues.count(queue.poison) == 0
    assert not caplog.records


def test_other_messages_beside_it_are_cared_for_as_ever() -> None:
    outside = FakeOutside(clock=NOON + timedelta(minutes=1))
    queue = QueueName.PROMOTIONS
    for body in (PROBE, b"strange"):
        outside.queues.put_by_host(queue.poison, body)
    PoisonWatch().look(outside)
    assert [(each.body, each.expires_at) for each in outside.queues.look(queue.poison)] == [
        (b"strange", None)
    ]


def test_nothing_else_is_taken_for_it() -> None:
    assert is_probe(PROBE)
    assert not is_probe(PROBE + b" ")
    assert not is_probe(b'{"version": 1}')
