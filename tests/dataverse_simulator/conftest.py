from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from local.dataverse_simulator import RunningDataverse
from tests.dataverse_simulator.client import Api, issued_token


class SteppedClock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture(scope="module")
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture(scope="module")
def dataverse(clock: SteppedClock) -> Iterator[RunningDataverse]:
    with RunningDataverse(now=clock) as running:
        yield running


@pytest.fixture
def api(dataverse: RunningDataverse) -> Iterator[Api]:
    client = Api(dataverse.url)
    answer = client.session.delete(f"{client.url}/_simulator/state", timeout=20)
    assert answer.status_code == 204
    with client.session:
        yield client


@pytest.fixture
def application(api: Api) -> Iterator[Api]:
    """The application user, with the role of the seed; `api` is the administrator."""
    client = Api(api.url, issued_token(api.url))
    with client.session:
        yield client
