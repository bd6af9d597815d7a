from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from local.linkedin_simulator import RunningLinkedIn
from tests.linkedin_simulator.client import Api
from tests.linkedin_simulator.webhook import Webhook

START = datetime(2026, 11, 10, 12, tzinfo=UTC)


class SteppedClock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def linkedin(clock: SteppedClock) -> Iterator[RunningLinkedIn]:
    with RunningLinkedIn(now=clock, allow_http=True) as running:
        yield running


@pytest.fixture
def api(linkedin: RunningLinkedIn) -> Iterator[Api]:
    client = Api(linkedin.url)
    with client.session:
        yield client


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as receiving:
        yield receiving
