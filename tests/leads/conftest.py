"""Table `leads` in Azurite."""

import contextlib

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient

from shared.adapters.leads_table import TABLE
from shared.adapters.storage_access import ByConnectionString


@pytest.fixture
def leads_storage(azurite: str) -> ByConnectionString:
    """Where the table is; its rows are shared by the tests."""
    with contextlib.suppress(ResourceExistsError):
        TableServiceClient.from_connection_string(azurite).create_table(TABLE)
    return ByConnectionString(connection_string=azurite)
