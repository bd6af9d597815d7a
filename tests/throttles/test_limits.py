"""The port that all instances count through."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from azure.data.tables import TableClient

from shared.adapters.limits_table import TABLE, LimitsTable
from shared.adapters.storage_access import ByConnectionString
from shared.failures import Changed, TemporaryFailure
from shared.ports import Limits, Versioned
from shared.throttles.counted_row import CountedRow
from shared.values.form_ceiling import DayCount
from shared.values.mail_rate import MailsSent
from shared.values.source_budget import SourceSlots
from tests.examples import NOON

EMPTY = DayCount()
ONE = DayCount(day=NOON.date(), count=1)


def test_a_row_comes_back_as_it_was_saved(limits: Limits, name: str) -> None:
    for value, none_yet in (
        (ONE, EMPTY),
        (MailsSent().take(7, NOON), MailsSent()),
        (SourceSlots().take("ab", 3, 10, NOON), SourceSlots()),
    ):
        row = f"{name}-{type(value).__name__}"
        assert limits.find(row, none_yet) == Versioned(value=none_yet, etag=None)
        saved = limits.save(row, Versioned(value=value, etag=None))
        assert limits.find(row, none_yet) == saved


def test_who_comes_second_has_to_read_again(limits: Limits, name: str) -> None:
    first = limits.save(name, Versioned(value=ONE, etag=None))
    with pytest.raises(Changed):
        limits.save(name, Versioned(value=ONE, etag=None))
    limits.save(name, first.moved_to(DayCount(count=2)))
    with pytest.raises(Changed):
        limits.save(name, first.moved_to(DayCount(count=3)))
    assert limits.find(name, EMPTY).value.count == 2


def test_instances_that_count_at_once_lose_no_count(limits: Limits, name: str) -> None:
    rows = [CountedRow(limits, name, EMPTY) for _ in range(3)]

    def add(row: CountedRow[DayCount]) -> None:
        for _ in range(10):
            while True:
                try:
                    row.change(lambda day: day.add(1, NOON.date()))
                except TemporaryFailure:  # contended: the message would come back
                    continue
                break

    with ThreadPoolExecutor(len(rows)) as pool:
        list(pool.map(add, rows))
    assert limits.find(name, EMPTY).value.count == 30


def test_nothing_is_written_where_nothing_changes(limits: Limits, name: str) -> None:
    assert CountedRow(limits, name, EMPTY).change(lambda _: None) == EMPTY
    assert limits.find(name, EMPTY).etag is None


def test_a_damaged_row_counts_anew(azurite: str) -> None:
    limits = LimitsTable(ByConnectionString(connection_string=azurite))
    name = f"test-{uuid4()}"
    limits.save(name, Versioned(value=ONE, etag=None))
    with TableClient.from_connection_string(azurite, TABLE) as table:
        table.upsert_entity({"PartitionKey": name, "RowKey": "limit", "value": "{"})
    found = limits.find(name, EMPTY)
    assert found.value == EMPTY
    limits.save(name, found.moved_to(ONE))
    assert limits.find(name, EMPTY).value == ONE


def test_storage_that_does_not_answer_is_a_temporary_failure() -> None:
    nowhere = LimitsTable(
        ByConnectionString(
            connection_string="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
            "AccountKey=c2VjcmV0;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;"
        )
    )
    for call in (
        nowhere.reach,
        lambda: nowhere.find("a", EMPTY),
        lambda: nowhere.save("a", Versioned(value=ONE, etag=None)),
    ):
        with pytest.raises(TemporaryFailure, match="table limits"):
            call()
