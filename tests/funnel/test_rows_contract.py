"""The port that all processes count through."""

from datetime import date
from uuid import uuid4

import pytest
from azure.data.tables import TableClient

from shared.adapters.funnel_table import TABLE, FunnelTable
from shared.adapters.storage_access import ByConnectionString
from shared.failures import Changed, TemporaryFailure
from shared.ports import FunnelRows, Versioned
from shared.values.funnel import ALL, FunnelRow, Move, Step
from tests.examples import NOON
from tests.funnel.conftest import DAY

MOVE = Move(registration="00000000-0000-4000-8000-000000000001", step=Step.CONFIRMED, at=NOON)


def row(day: date, by: str = "one", form: str = "newsletter", accepted: int = 3) -> FunnelRow:
    counts = {Step.ACCEPTED: accepted, Step.PROMOTED: 1}
    return FunnelRow(day=day, form=form, by=by, counts=counts, latest=(MOVE,))


def key(one: FunnelRow) -> tuple[date, str, str]:
    return one.day, one.form, one.by


def test_rows_come_back_as_they_were_saved(rows: FunnelRows, today: date) -> None:
    saved = [row(today), row(today, form="white-paper"), row(today - DAY)]
    rows.save(saved)
    rows.save([])
    assert sorted(rows.since(today - DAY), key=key) == sorted(saved, key=key)
    assert sorted(rows.since(today), key=key) == sorted(saved[:2], key=key)
    assert rows.since(today + DAY) == []


def test_a_process_s_row_is_replaced_and_another_s_is_not(rows: FunnelRows, today: date) -> None:
    rows.save([row(today), row(today, "two")])
    rows.save([row(today, accepted=4)])
    rows.save([row(today, accepted=4)])  # storage answered too late, so it was written again
    assert {one.by: one.counts[Step.ACCEPTED] for one in rows.since(today)} == {"one": 4, "two": 3}


def test_more_rows_than_one_transaction_holds(rows: FunnelRows, today: date) -> None:
    saved = [row(today, f"process-{number}") for number in range(205)]
    rows.save(saved)
    assert len(rows.since(today)) == 205
    rows.delete_before(today + DAY)
    assert rows.since(today) == []


def test_folding_makes_one_row_of_those_of_a_day(rows: FunnelRows, today: date) -> None:
    parts = [row(today, "one"), row(today, "two")]
    other = row(today, form="white-paper")
    rows.save([*parts, other, row(today + DAY)])
    assert sorted(rows.unfolded_before(today + DAY), key=key) == sorted([*parts, other], key=key)

    none_yet = rows.folded(today, "newsletter")
    assert none_yet == Versioned(value=FunnelRow(day=today, form="newsletter", by=ALL), etag=None)
    rows.fold(none_yet.moved_to(none_yet.value.plus(parts)), parts)

    folded = rows.folded(today, "newsletter")
    assert folded.value.counts == {Step.ACCEPTED: 6, Step.PROMOTED: 2}
    assert folded.value.latest == (MOVE,)
    assert rows.unfolded_before(today + DAY) == [other]
    assert len(rows.since(today)) == 3


def test_what_comes_after_the_folding_is_added(rows: FunnelRows, today: date) -> None:
    for by in ("one", "two"):
        rows.save([row(today, by)])
        before = rows.folded(today, "newsletter")
        part = row(today, by)
        rows.fold(before.moved_to(before.value.plus([part])), [part])
    assert rows.folded(today, "newsletter").value.counts[Step.ACCEPTED] == 6


def test_nothing_is_added_twice(rows: FunnelRows, today: date) -> None:
    """Two runs at once: all of a folding or nothing of it."""
    part = row(today)
    rows.save([part])
    before = rows.folded(today, "newsletter")
    rows.fold(before.moved_to(before.value.plus([part])), [part])
    with pytest.raises(Changed):
        rows.fold(before.moved_to(before.value.plus([part])), [part])
    now = rows.folded(today, "newsletter")
    with pytest.raises(Changed):
        rows.fold(now.moved_to(now.value.plus([part])), [part])  # the part is gone
    assert rows.folded(today, "newsletter").value.counts[Step.ACCEPTED] == 3


def test_old_days_are_deleted(rows: FunnelRows, today: date) -> None:
    rows.save([row(today - DAY), row(today)])
    rows.delete_before(today)
    rows.delete_before(today)
    assert rows.since(today - 9 * DAY) == [row(today)]


def test_it_can_be_reached(rows: FunnelRows) -> None:
    rows.reach()


def test_a_row_that_cannot_be_read_is_left_out(azurite: str, rows: FunnelRows, today: date) -> None:
    table = FunnelTable(ByConnectionString(connection_string=azurite))
    rows.save([])  # the table is there
    table.save([row(today)])
    with TableClient.from_connection_string(azurite, TABLE) as client:
        for damage in ({"latest": "{"}, {"accepted": "many"}, {"latest": '[{"step": "flown"}]'}):
            keys = {"PartitionKey": today.isoformat(), "RowKey": f"newsletter {uuid4()}"}
            client.upsert_entity(keys | damage)
        keys = {"PartitionKey": "no day", "RowKey": "newsletter x"}
        client.upsert_entity({**keys, "accepted": 1})
        later = {"PartitionKey": today.isoformat(), "RowKey": "newsletter later", "flown": 9}
        client.upsert_entity(later)  # by a newer version
    found = {one.by: one.counts for one in table.since(today)}
    assert found == {"one": row(today).counts, "later": {}}


def test_storage_that_does_not_answer_is_a_temporary_failure(today: date) -> None:
    nowhere = FunnelTable(
        ByConnectionString(
            connection_string="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
            "AccountKey=c2VjcmV0;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;"
        )
    )
    together = Versioned(value=row(today, ALL), etag=None)
    for call in (
        nowhere.reach,
        lambda: nowhere.save([row(today)]),
        lambda: nowhere.since(today),
        lambda: nowhere.unfolded_before(today),
        lambda: nowhere.folded(today, "newsletter"),
        lambda: nowhere.fold(together, [row(today)]),
        lambda: nowhere.delete_before(today),
    ):
        with pytest.raises(TemporaryFailure, match="table funnel"):
            call()


def test_a_table_that_is_not_there_is_named(azurite: str, today: date) -> None:
    with TableClient.from_connection_string(azurite, TABLE) as client:
        client.delete_table()
    table = FunnelTable(ByConnectionString(connection_string=azurite))
    for call in (table.reach, lambda: table.save([row(today)]), lambda: table.since(today)):
        with pytest.raises(TemporaryFailure, match="table funnel does not exist"):
            call()
