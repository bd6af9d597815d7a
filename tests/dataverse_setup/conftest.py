"""The simulator, once for all tests here, and the worlds."""

from collections.abc import Iterator

import pytest
import requests

from local.dataverse_simulator import RunningDataverse
from tests.dataverse_setup.worlds import FakeWorld, SimulatorWorld, World
from tests.dataverse_simulator.client import Api


@pytest.fixture(scope="session")
def environment() -> Iterator[str]:
    """The simulator's URL."""
    with RunningDataverse() as running:
        yield running.url


@pytest.fixture
def real(environment: str) -> Iterator[SimulatorWorld]:
    """The real adapters on an environment as seeded."""
    api = Api(environment)
    with requests.Session() as http, api.session:
        yield SimulatorWorld(environment, http, api)


@pytest.fixture(params=["fake", "real"])
def world(request: pytest.FixtureRequest) -> World:
    """Each of the two environments in turn."""
    if request.param == "fake":
        return FakeWorld()
    simulated: SimulatorWorld = request.getfixturevalue("real")
    return simulated
