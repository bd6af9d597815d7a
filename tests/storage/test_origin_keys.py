"""The table adapter of the keys of days and its fake, through the same cases."""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableClient, TableServiceClient

from shared.adapters.origin_keys_table import TABLE, OriginKeysTable
from shared.adapters.storage_access import ByConnectionString
from shared.failures import TemporaryFailure
from shared.ports import OriginKeys
from shared.values.evidence.origin import KEY_BYTES
from tests.fakes.origin_keys import FakeOriginKeys

DAY = date(2026, 11, 22)
ONE = timedelta(days=1)


@pytest.fixture(params=["fake", "azurite"])
def keys(request: pytest.FixtureRequest) -> Iterator[OriginKeys]:
    if request.param == "fake":
        yield FakeOriginKeys()
        return
    connection = request.getfixturevalue("azurite")
    with contextlib.suppress(ResourceExistsError):
        TableServiceClient.from_connection_string(connection).create_table(TABLE)
    table = OriginKeysTable(ByConnectionString(connection_string=connection))
    table.delete_before(date.max)
    yield table
    table.delete_before(date.max)


def test_a_key_is_made_once(keys: OriginKeys) -> None:
    assert keys.find(DAY) is None
    made = keys.make(DAY)
    assert len(made) == KEY_BYTES
    assert keys.make(DAY) == made
    assert keys.find(DAY) == made
    assert keys.make(DAY + ONE) != made


def test_old_keys_are_deleted_and_no_others(keys: OriginKeys) -> None:
    for age in range(3):
        keys.make(DAY - age * ONE)
    kept = keys.find(DAY - ONE)
    assert keys.delete_before(DAY - ONE) == 1
    assert keys.find(DAY - 2 * ONE) is None
    assert keys.find(DAY - ONE) == kept
    assert keys.find(DAY) is not None
    assert keys.delete_before(DAY - ONE) == 0


def test_a_deleted_key_does_not_come_back(keys: OriginKeys) -> None:
    made = keys.make(DAY)
    keys.delete_before(DAY + ONE)
    assert keys.make(DAY) != made


def test_many_who_need_it_at_once_get_the_same(keys: OriginKeys) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(keys.make, [DAY] * 16))) == 1


def test_it_can_be_reached(keys: OriginKeys) -> None:
    keys.reach()


@pytest.mark.parametrize("value", ["", "AAAA", "no Base64", 7])
def test_a_row_that_holds_no_key_is_replaced(azurite: str, value: object) -> None:
    with contextlib.suppress(ResourceExistsError):
        TableServiceClient.from_connection_string(azurite).create_table(TABLE)
    keys = OriginKeysTable(ByConnectionString(connection_string=azurite))
    with TableClient.from_connection_string(azurite, TABLE) as table:
        row = {"PartitionKey": "key", "RowKey": DAY.isoformat(), "key": value}
        table.upsert_entity(row)
    assert keys.find(DAY) is None
    made = keys.make(DAY)
    assert keys.find(DAY) == made
    keys.delete_before(date.max)


@pytest.mark.parametrize(
    "call",
    [
        lambda keys: keys.find(DAY),
        lambda keys: keys.make(DAY),
        lambda keys: keys.delete_before(DAY),
        lambda keys: keys.reach(),
    ],
)
def test_without_the_table_it_is_a_temporary_failure(
    azurite: str, call: Callable[[OriginKeys], object]
) -> None:
    other_account = azurite.replace("AccountName=devstoreaccount1", "AccountName=nobody")
    nowhere = OriginKeysTable(ByConnectionString(connection_string=other_account))
    with pytest.raises(TemporaryFailure, match=r"^table originkeys"):
        call(nowhere)
    down = FakeOriginKeys(down=True)
    with pytest.raises(TemporaryFailure, match=r"^table originkeys"):
        call(down)
