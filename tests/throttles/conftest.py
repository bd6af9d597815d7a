"""Limits in memory, of the burst simulation, and in Azurite: the same cases run through all."""

import contextlib
from uuid import uuid4

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient

from bench.burst.mail_quota import LimitsInMemory
from shared.adapters.limits_table import TABLE, LimitsTable
from shared.adapters.storage_access import ByConnectionString
from shared.ports import Limits
from tests.fakes.limits import FakeLimits


@pytest.fixture(params=["fake", "simulation", "azurite"])
def limits(request: pytest.FixtureRequest) -> Limits:
    if request.param == "fake":
        return FakeLimits()
    if request.param == "simulation":
        return LimitsInMemory()
    connection = request.getfixturevalue("azurite")
    with contextlib.suppress(ResourceExistsError):
        TableServiceClient.from_connection_string(connection).create_table(TABLE)
    return LimitsTable(ByConnectionString(connection_string=connection))


@pytest.fixture
def name() -> str:
    """Of a row that no other test uses."""
    return f"test-{uuid4()}"
