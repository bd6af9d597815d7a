"""Table `funnel` in memory and in Azurite: the same cases run through both."""

import contextlib
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient

from shared import events
from shared.adapters.funnel_table import TABLE, FunnelTable
from shared.adapters.storage_access import ByConnectionString
from shared.ports import FunnelRows
from tests.examples import NOON
from tests.fakes.funnel import FakeFunnel
from tests.fakes.outside import FakeOutside


@pytest.fixture(params=["fake", "azurite"])
def rows(request: pytest.FixtureRequest) -> FunnelRows:
    if request.param == "fake":
        return FakeFunnel()
    connection = request.getfixturevalue("azurite")
    with TableServiceClient.from_connection_string(connection) as service:
        with contextlib.suppress(ResourceExistsError):
            service.create_table(TABLE)
        table = service.get_table_client(TABLE)
        for row in list(table.list_entities()):
            table.delete_entity(row)
    return FunnelTable(ByConnectionString(connection_string=connection))


@pytest.fixture
def today() -> date:
    return NOON.date()


@pytest.fixture
def outside() -> Iterator[FakeOutside]:
    """An app whose events are counted."""
    outside = FakeOutside()
    stop = events.listen(outside.tally.hear)
    yield outside
    stop()


DAY = timedelta(days=1)
