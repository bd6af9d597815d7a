"""The evidence of a lead in its record: stored in a column of its own, kept after promotion."""

import contextlib
import json

from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient

from shared.adapters.record_rows import row_of
from shared.adapters.records_table import TABLE, RecordsTable
from shared.adapters.storage_access import ByConnectionString
from shared.ports import Versioned
from shared.values.record import Record
from shared.values.record_notes import Click, Promotion
from tests.examples import NOON
from tests.leads.worlds import add_lead, arrive, connected, deliver, record_of


def pending() -> Record:
    outside = connected()
    add_lead(outside)
    arrive(outside)
    deliver("registrations", outside)
    record = record_of(outside)
    assert record is not None
    assert record.lead is not None
    return record


def test_it_comes_back_from_the_table_after_promotion(azurite: str) -> None:
    with contextlib.suppress(ResourceExistsError):
        TableServiceClient.from_connection_string(azurite).create_table(TABLE)
    records = RecordsTable(ByConnectionString(connection_string=azurite))
    record = pending()
    promotion = Promotion(contact_id="c", contact_created=True, consent_ids=(), written_at=NOON)
    click = Click(at=NOON, address=None, user_agent=None)
    promoted = record.confirm(click).handed_over(promotion).promoted(promotion, NOON)
    records.save(Versioned(value=promoted, etag=None))
    found = records.find(record.key)
    assert found is not None
    assert found.value.lead == record.lead
    assert found.value.answers is None


def test_one_column_and_ids_as_text() -> None:
    column = json.loads(row_of(pending())["lead"])
    assert column["formId"] == "7236142859205541889"
    assert column["consents"][0]["accepted"] is True
