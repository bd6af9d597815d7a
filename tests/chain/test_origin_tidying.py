"""Every night the keys of old days go; what goes wrong there waits for the next night."""

import logging
from datetime import timedelta

import pytest

from shared.origin_tidying import forget_origins
from shared.values.evidence.facts import ORIGIN
from tests.chain.proven import assert_proven
from tests.examples import NOON, registration
from tests.fakes.outside import FakeOutside
from tests.story.journey import link, press, sign_up, stored
from tests.told import Told, told

DAY = timedelta(days=1)


def night(outside: FakeOutside, caplog: pytest.LogCaptureFixture) -> list[Told]:
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        forget_origins(outside)
    return told(caplog)


def test_keys_are_deleted_once_their_time_is_over(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    kept = outside.rules.origins_kept
    press(link(sign_up(registration(), outside)), outside)
    assert list(outside.origin_keys.keys) == [NOON.date()]
    outside.clock = NOON + kept
    assert night(outside, caplog) == []
    assert list(outside.origin_keys.keys) == [NOON.date()]
    outside.clock += DAY
    assert night(outside, caplog) == [Told("INFO", "origins_forgotten", {"days": 1})]
    assert outside.origin_keys.keys == {}
    record = stored(registration(), outside)
    assert record is not None
    assert record.asked_from is None
    assert record.click is not None
    assert record.click.address is None
    assert_proven(record)
    assert ORIGIN in (record.chain.entries[0].facts or {})
    assert night(outside, caplog) == []


def test_what_fails_is_done_the_next_night(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    sign_up(registration(), outside)
    outside.clock += outside.rules.origins_kept + DAY
    outside.origin_keys.down = True
    [warned] = night(outside, caplog)
    assert (warned.level, warned.event) == ("WARNING", "origins_not_forgotten")
    assert warned.facts == {"reason": "table originkeys: down"}
    outside.origin_keys.down = False
    night(outside, caplog)
    assert outside.origin_keys.keys == {}
