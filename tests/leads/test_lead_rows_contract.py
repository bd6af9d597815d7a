"""The table of leads and its fake, through the same cases."""

from datetime import timedelta
from uuid import uuid4

import pytest
from azure.data.tables import TableClient

from shared.adapters.leads_table import TABLE, LeadsTable
from shared.adapters.storage_access import ByConnectionString
from shared.failures import Changed, TemporaryFailure
from shared.ports import LeadRows, Versioned
from shared.values.lead_cursor import LeadCursor
from shared.values.lead_row import LeadRow, LeadState
from shared.values.lead_tidying import LeadTidying
from shared.values.linkedin.symbols import LeadType
from tests.examples import NOON
from tests.fakes.leads import FakeLeadRows


@pytest.fixture(params=["fake", "azurite"])
def rows(request: pytest.FixtureRequest) -> LeadRows:
    if request.param == "fake":
        return FakeLeadRows()
    return LeadsTable(request.getfixturevalue("leads_storage"), page=2)


@pytest.fixture
def owner() -> str:
    """Nobody else's."""
    return f"urn:li:organization:{uuid4().int % 10**18 + 1}"


def lead_row(lead: str | None = None, state: LeadState = LeadState.PARKED) -> LeadRow:
    return LeadRow(
        lead=lead or f"{uuid4()}-5",
        registration_id="00000000-0000-8000-8000-000000000001",
        state=state,
        noted_at=NOON,
        owner="urn:li:sponsoredAccount:1",
        lead_type="SPONSORED",
        form="urn:li:leadGenForm:7236142859205541889",
        our_form="newsletter",
        mailbox_key="0" * 64,
        reasons=("required at /fields/email", "ü: weird"),
        listed_from=NOON,
        listed_until=NOON + timedelta(milliseconds=1),
    )


def fresh(row: LeadRow) -> Versioned[LeadRow]:
    return Versioned(value=row, etag=None)


@pytest.mark.parametrize("lead", [None, "a/b?c#d\\e", "=x", "100%", "x" * 200])
def test_a_row_comes_back_as_it_was_saved(rows: LeadRows, lead: str | None) -> None:
    row = lead_row(f"{uuid4()}{lead}"[:200] if lead else None)
    saved = rows.save(fresh(row))
    found = rows.find(row.lead)
    assert found is not None
    assert found.value == row
    assert found.etag == saved.etag


def test_a_row_with_the_least(rows: LeadRows) -> None:
    row = LeadRow(
        lead=f"{uuid4()}",
        registration_id="00000000-0000-8000-8000-000000000001",
        state=LeadState.DELETED,
        noted_at=NOON,
    )
    rows.save(fresh(row))
    found = rows.find(row.lead)
    assert found is not None
    assert found.value == row


def test_an_unknown_lead_is_none(rows: LeadRows) -> None:
    assert rows.find(f"{uuid4()}") is None


def test_who_is_late_has_to_look_again(rows: LeadRows) -> None:
    row = lead_row()
    first = rows.save(fresh(row))
    with pytest.raises(Changed):
        rows.save(fresh(row))
    rows.save(first.moved_to(row.model_copy(update={"state": LeadState.DELETED})))
    with pytest.raises(Changed):
        rows.save(first.moved_to(row))
    found = rows.find(row.lead)
    assert found is not None
    assert found.value.state is LeadState.DELETED


def test_a_replaced_row_keeps_nothing_of_the_old_one(rows: LeadRows) -> None:
    row = lead_row()
    saved = rows.save(fresh(row))
    rows.save(saved.moved_to(row.model_copy(update={"reasons": (), "mailbox_key": None})))
    found = rows.find(row.lead)
    assert found is not None
    assert found.value.reasons == ()
    assert found.value.mailbox_key is None


def test_a_row_is_deleted_once_and_by_who_knows_it(rows: LeadRows) -> None:
    row = lead_row()
    first = rows.save(fresh(row))
    newest = rows.save(first.moved_to(row.model_copy(update={"state": LeadState.DELETED})))
    with pytest.raises(Changed):
        rows.delete(first)
    for _ in range(2):
        rows.delete(newest)
    assert rows.find(row.lead) is None
    rows.save(fresh(row))


def test_parked_leads_and_no_others(rows: LeadRows) -> None:
    parked = lead_row()
    rows.save(fresh(parked))
    others = [lead_row(state=state) for state in LeadState if state is not LeadState.PARKED]
    for other in others:
        rows.save(fresh(other))
    found = {stored.value.lead: stored for stored in rows.parked()}
    assert parked.lead in found
    assert not {other.lead for other in others} & set(found)
    rows.save(found[parked.lead].moved_to(parked))  # the ETag that came with it holds


def test_all_rows_page_by_page_in_order(rows: LeadRows) -> None:
    prefix = f"{uuid4()}"
    names = [f"{prefix}-{number:04}" for number in range(5)]
    for name in reversed(names):
        rows.save(fresh(lead_row(name)))
    found: list[Versioned[LeadRow]] = []
    after = prefix
    while len(found) < len(names):
        page = rows.page(after)
        assert page.damaged == ()
        found += [row for row in page.rows if row.value.lead.startswith(prefix)]
        assert page.end is not None
        assert page.end > after
        after = page.end
    assert [row.value.lead for row in found] == names
    rows.delete(found[0])  # the ETag that came with it holds
    assert rows.find(names[0]) is None


def test_from_the_beginning_there_are_leads_and_nothing_else(rows: LeadRows, owner: str) -> None:
    rows.save(fresh(lead_row()))
    cursor = rows.find_cursor(owner, LeadType.EVENT)
    rows.save_cursor(owner, LeadType.EVENT, cursor)
    page = rows.page(None)
    assert page.rows
    assert page.damaged == ()


def test_where_the_tidying_goes_on(rows: LeadRows) -> None:
    tidying = rows.find_tidying()
    for after in ("lead-7", None):
        stale = tidying
        tidying = rows.save_tidying(tidying.moved_to(LeadTidying(after=after)))
        assert rows.find_tidying() == tidying
        with pytest.raises(Changed):
            rows.save_tidying(stale)


def test_a_cursor_for_each_owner_and_type(rows: LeadRows, owner: str) -> None:
    none_yet = rows.find_cursor(owner, LeadType.EVENT)
    assert none_yet == Versioned(value=LeadCursor(), etag=None)
    cursor = LeadCursor(
        until=NOON,
        reached=NOON,
        span=timedelta(milliseconds=1),
        swept_at=NOON,
        swept_to=NOON,
        sweep_span=timedelta(days=6, microseconds=1000),
        not_before=NOON,
    )
    assert None not in cursor.model_dump().values()
    rows.save_cursor(owner, LeadType.EVENT, none_yet.moved_to(cursor))
    stored = rows.find_cursor(owner, LeadType.EVENT)
    assert stored.value == cursor
    rested = LeadCursor(until=NOON, swept_at=NOON)
    rows.save_cursor(owner, LeadType.EVENT, stored.moved_to(rested))
    assert rows.find_cursor(owner, LeadType.EVENT).value == rested
    assert rows.find_cursor(owner, LeadType.COMPANY).value == LeadCursor()
    with pytest.raises(Changed):
        rows.save_cursor(owner, LeadType.EVENT, none_yet.moved_to(cursor))


def test_the_table_is_there(rows: LeadRows) -> None:
    rows.reach()


def test_storage_that_does_not_answer() -> None:
    nowhere = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
        "TableEndpoint=http://127.0.0.1:1/devstoreaccount1;"
    )
    table = LeadsTable(ByConnectionString(connection_string=nowhere))
    with pytest.raises(TemporaryFailure):
        table.find("x")
    with pytest.raises(TemporaryFailure):
        list(table.parked())
    with pytest.raises(TemporaryFailure):
        table.page(None)
    with pytest.raises(TemporaryFailure):
        table.delete(Versioned(value=lead_row(), etag="x"))


def test_after_the_last_row_there_is_none(rows: LeadRows) -> None:
    page = rows.page("~")
    assert (page.rows, page.end) == ((), None)


def test_a_row_that_cannot_be_read_is_named(
    leads_storage: ByConnectionString, azurite: str
) -> None:
    """What an older version wrote stops nobody."""
    table, prefix = LeadsTable(leads_storage, page=3), f"{uuid4()}"
    good, bad = lead_row(f"{prefix}-a"), f"{prefix}-b"
    table.save(fresh(good))
    with TableClient.from_connection_string(azurite, TABLE) as client:
        row = {"PartitionKey": bad, "RowKey": "lead", "lead": bad, "state": "unheard of"}
        client.create_entity(row)
    page = table.page(prefix)
    with TableClient.from_connection_string(azurite, TABLE) as client:
        client.delete_entity(bad, "lead")
    assert page.rows[0].value == good
    assert page.damaged == (bad,)
