"""The simulator, once for all tests here, and the worlds."""

from collections.abc import Iterator

import pytest
import requests

from local.dataverse_simulator import RunningDataverse
from tests.dataverse.worlds import FakeWorld, SimulatorWorld, SteppingClock, World


@pytest.fixture(scope="session")
def dataverse() -> Iterator[str]:
    """The simulator's URL."""
    with RunningDataverse(now=SteppingClock()) as running:
        yield running.url


@pytest.fixture
def real(dataverse: str) -> Iterator[SimulatorWorld]:
    """The real adapter on an environment as seeded."""
    with requests.Session() as http:
        yield SimulatorWorld(dataverse, http)


@pytest.fixture(params=["fake", "real"])
def world(request: pytest.FixtureRequest) -> World:
    """Each of the two environments in turn."""
    if request.param == "fake":
        return FakeWorld()
    simulated: SimulatorWorld = request.getfixturevalue("real")
    return simulated
