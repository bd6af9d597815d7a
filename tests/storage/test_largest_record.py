"""The largest record that there can be fits its row, whatever happened to it."""

from datetime import timedelta

import pytest
from azure.data.tables import TableServiceClient

from shared.adapters.record_rows import readable_record, row_of
from shared.adapters.records_table import TABLE, RecordsTable
from shared.adapters.storage_access import ByConnectionString
from shared.evidence.origin_keeping import OriginKeeping
from shared.evidence.sealed_records import SealedRecords
from shared.failures import PermanentFailure
from shared.ports import Versioned
from shared.values.consent_text import version_of
from shared.values.evidence.chain import broken_link
from shared.values.keyed_digest import random_uuid
from shared.values.lead_snapshot import LeadConsent, LeadSnapshot
from shared.values.messages import MAX_MESSAGE_BYTES, RegistrationMessage
from shared.values.record import MOST_MAILS, MOST_WITHDRAWALS, Record
from shared.values.record_notes import Click, MailKind, Promotion, WithdrawalNote
from shared.values.registration import GivenConsent, Registration
from shared.values.text_rules import length_of
from tests.examples import NOON, PURPOSE, record, registration
from tests.fakes.origin_keys import FakeOriginKeys
from tests.fakes.outside import SIGNING_KEY

# https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
MOST_UNITS, MOST_COLUMNS, MOST_BYTES = 32 * 1024, 252, 1024 * 1024
MOST_CONSENTS = 10  # of a form
AGENT = "\N{PILE OF POO}" * 300  # as many as are kept; two units each, and four bytes
ADDRESS = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"
ROWS = tuple(random_uuid() for _ in range(2 * MOST_CONSENTS))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def records_table(azurite: str) -> RecordsTable:
    TableServiceClient.from_connection_string(azurite).create_table_if_not_exists(TABLE)
    return RecordsTable(ByConnectionString(connection_string=azurite))


def lead_with(letters: int) -> LeadSnapshot:
    text = "x" * letters
    return LeadSnapshot(
        lead_id="1",
        consents=(LeadConsent(id="1", text=text, check_required=True, accepted=True),),
        hidden_fields={"utm_campaign": "spring"},
        fetched_at=NOON,
        api_version="202607",
        test_lead=False,
    )


def largest_registration() -> Registration:
    """The queue just takes its message; nearly all of it is the lead."""
    given = tuple(
        GivenConsent(
            id=f"consent-{number}",
            language="pt-BR",
            text=(text := f"Text {number}"),
            version=version_of(text),
            purpose_id=PURPOSE,
            topic_id=PURPOSE,
        )
        for number in range(MOST_CONSENTS)
    )
    asked = registration().model_copy(
        update={"consents": given, "user_agent": AGENT, "asked_from": ADDRESS}
    )
    empty = asked.model_copy(update={"lead": lead_with(0)})
    room = MAX_MESSAGE_BYTES - len(RegistrationMessage(registration=empty).to_json().encode())
    largest = asked.model_copy(update={"lead": lead_with(room)})
    RegistrationMessage(registration=largest).to_fitting_json()
    return largest


def after_a_mail(before: Record) -> Record:
    """One that took several attempts and was reported about."""
    number = len(before.mails) + 1
    at = NOON + number * MINUTE
    kind = MailKind.RENEWAL if number > 1 else MailKind.CONFIRMATION
    taken = before.take_mail(kind, at, at + MINUTE)
    sent = taken.noted(number).model_copy(
        update={
            "busy_until": None,
            "sent_at": at + MINUTE,
            "provider": "graph",
            "message_id": random_uuid(),
            "subject": "\N{PILE OF POO}" * 400,
            "text_digest": version_of(str(number)),
            "unknown": 3,
        }
    )
    reported = taken.mailed(sent).report_mail(number, "S" * 40, at + 2 * MINUTE)
    assert reported is not None
    return reported


def after_a_withdrawal(before: Record, number: int) -> Record:
    at = NOON + timedelta(days=number)
    note = WithdrawalNote(at=at, address=ADDRESS, user_agent=AGENT, one_click=True)
    opted_out = before.withdrawn(note).opted_out(at, at + MINUTE, ROWS)
    assert opted_out is not None
    return opted_out


def largest() -> Record:
    full = record(largest_registration())
    for _ in range(MOST_MAILS):
        full = after_a_mail(full)
    full = full.confirm(Click(at=NOON, address=ADDRESS, user_agent=AGENT, code_given=True))
    promotion = Promotion(
        contact_id=random_uuid(), contact_created=True, consent_ids=ROWS, written_at=NOON
    )
    full = full.handed_over(promotion).promoted(promotion, NOON)
    for number in range(1, MOST_WITHDRAWALS + 1):
        full = after_a_withdrawal(full, number)
    return full


def sealed(records: RecordsTable) -> SealedRecords:
    origins = OriginKeeping(FakeOriginKeys(), lambda: NOON, timedelta(days=90))
    return SealedRecords(records, origins, SIGNING_KEY)


def test_it_fits_and_comes_back(records_table: RecordsTable) -> None:
    records = sealed(records_table)
    saved = records.save(Versioned(value=largest(), etag=None))
    assert records.find(largest().key) == saved
    assert len(saved.value.chain.entries) == 1 + 2 * MOST_MAILS + 3 + 2 * MOST_WITHDRAWALS
    assert broken_link(saved.value.chain) is None
    row = row_of(saved.value)
    texts = [value for value in row.values() if isinstance(value, str)]
    assert max(map(length_of, texts)) <= MOST_UNITS
    assert len(row) < MOST_COLUMNS
    assert sum(2 * length_of(text) for text in texts) < MOST_BYTES / 2
    assert "chain_2" in row


def test_a_column_that_has_become_shorter_leaves_no_rest(records_table: RecordsTable) -> None:
    long = record(registration("shrinking@example.com", 77)).model_copy(
        update={"answers": {"message": "x" * 20_000}}
    )
    saved = records_table.save(Versioned(value=long, etag=None))
    assert "answers_2" in row_of(long)
    short = long.model_copy(update={"answers": {"message": "y"}})
    records_table.save(saved.moved_to(short))
    found = records_table.find(long.key)
    assert found is not None
    assert found.value.answers == {"message": "y"}


@pytest.mark.parametrize("letters", [0, 15_000, 16_000, 31_999, 32_000, 32_001, 100_000])
def test_where_a_column_ends_makes_no_difference(letters: int) -> None:
    one = record().model_copy(update={"answers": {"message": "\N{PILE OF POO}" * letters}})
    row = row_of(one)
    assert max(length_of(value) for value in row.values() if isinstance(value, str)) <= MOST_UNITS
    assert readable_record(row) == one


def test_a_row_that_lacks_a_part_is_damaged_and_says_nothing_of_it() -> None:
    one = record().model_copy(update={"answers": {"message": "secret" * 10_000}})
    row = row_of(one)
    del row["answers_2"]
    with pytest.raises(PermanentFailure, match=r"^a row is damaged: a column holds no JSON$"):
        readable_record(row)
