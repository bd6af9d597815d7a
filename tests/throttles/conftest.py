"""Limits in memory and in Azurite: the same cases run through both."""

import contextlib
from uuid import uuid4

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient

from shared.adapters.limits_table import TABLE, LimitsTable
from shared.adapters.storage_access import ByConnectionString
from shared.ports import Limits
from tests.fakes.limits import FakeLimits


@pytest.fixture(params=["fake", "azurite"])
def limits(request: pytest.FixtureRequest) -> Limits:
    if request.param == "fake":
        return FakeLimits()
    connection = request.getfixturevalue("azurite")
    with contextlib.suppress(ResourceExistsError):
        TableServiceClient.from_connection_string(connection).create_table(TABLE)
    return LimitsTable(ByConnectionString(connection_string=connection))


@pytest.fixture
def name() -> str:
    """Of a row that no other test uses."""
    return f"test-{uuid4()}"
