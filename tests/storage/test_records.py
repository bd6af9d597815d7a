"""The table adapter and its fake, each bare and with what seals it, through the same cases."""

import contextlib
from datetime import datetime, timedelta
from zlib import crc32

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient

from shared.adapters.records_table import TABLE, RecordsTable
from shared.adapters.storage_access import ByConnectionString
from shared.evidence.origin_keeping import OriginKeeping
from shared.evidence.sealed_records import SealedRecords
from shared.failures import Changed, TemporaryFailure
from shared.ports import Records, Versioned
from shared.values.erased import ErasureProof
from shared.values.mail_budget import MailboxRow
from shared.values.record import Record
from shared.values.record_notes import Click, MailKind, Promotion, WithdrawalNote
from tests.examples import NOON, key_of, record, registration
from tests.fakes.origin_keys import FakeOriginKeys
from tests.fakes.outside import SIGNING_KEY
from tests.fakes.records import FakeRecords

LATER = NOON + timedelta(days=1, microseconds=700_001)


def sealed(records: Records) -> Records:
    origins = OriginKeeping(FakeOriginKeys(), lambda: NOON, timedelta(days=90))
    return SealedRecords(records, origins, SIGNING_KEY)


@pytest.fixture(params=["fake", "azurite", "sealed fake", "sealed azurite"])
def records(request: pytest.FixtureRequest) -> Records:
    seal, _, kind = request.param.rpartition(" ")
    bare = bare_records(request, kind)
    return sealed(bare) if seal else bare


def bare_records(request: pytest.FixtureRequest, kind: str) -> Records:
    if kind == "fake":
        return FakeRecords()
    connection = request.getfixturevalue("azurite")
    with contextlib.suppress(ResourceExistsError):
        TableServiceClient.from_connection_string(connection).create_table(TABLE)
    return RecordsTable(ByConnectionString(connection_string=connection))


@pytest.fixture
def fresh(request: pytest.FixtureRequest) -> Versioned[Record]:
    """A record that no other test uses, not yet stored."""
    return Versioned(
        value=record(registration(email=f"{request.node.name}@example.com")), etag=None
    )


def test_a_record_comes_back_as_it_was_saved(records: Records, fresh: Versioned[Record]) -> None:
    full = (
        fresh.value.take_mail(MailKind.CONFIRMATION, NOON, NOON + timedelta(minutes=2))
        .confirm(Click(at=NOON, address="2001:db8::1", user_agent="Browser"))
        .handed_over(
            Promotion(contact_id="c", contact_created=True, consent_ids=("a", "b"), written_at=NOON)
        )
        .withdrawn(WithdrawalNote(at=NOON, address="2001:db8::1", user_agent=None, one_click=True))
        .withdrawn(WithdrawalNote(at=LATER, address=None, user_agent="Browser"))
        .opted_out(LATER, LATER + timedelta(seconds=1), ("a", "b"))
    )
    assert full is not None
    saved = records.save(Versioned(value=full, etag=None))
    found = records.find(full.key)
    assert found == saved
    assert found is not None
    assert found.value.says_what(full)
    assert [entry.kind for entry in found.value.chain.entries] == [
        *("asked", "confirmed", "written", "withdrawn", "withdrawn", "opted_out")
    ]


def test_a_promoted_record_has_no_answers(records: Records, fresh: Versioned[Record]) -> None:
    confirmed = fresh.value.confirm(Click(at=NOON, address=None, user_agent=None))
    promotion = Promotion(contact_id="c", contact_created=False, consent_ids=(), written_at=NOON)
    promoted = confirmed.handed_over(promotion).promoted(promotion, NOON)
    records.save(Versioned(value=promoted, etag=None))
    found = records.find(promoted.key)
    assert found is not None
    assert found.value.answers is None
    assert found.value.email == promoted.email


def test_what_is_not_there_is_none(records: Records) -> None:
    assert records.find(key_of(registration(email="nobody@example.com"))) is None
    assert records.find_mailbox("0" * 64) == Versioned(value=MailboxRow(), etag=None)


def test_a_mailbox_holds_its_records_and_no_others(
    records: Records, fresh: Versioned[Record]
) -> None:
    key = fresh.value.key
    assert records.in_mailbox(key.mailbox_key) == []
    none_yet = records.find_mailbox(key.mailbox_key)
    first = records.save(fresh, none_yet.moved_to(none_yet.value.take_mail(NOON)))
    tagged = fresh.value.email.replace("@", "+tag@")  # another address, the same mailbox
    second = records.save(Versioned(value=record(registration(email=tagged, number=2)), etag=None))
    records.save(Versioned(value=record(registration(email=f"x{tagged}", number=3)), etag=None))
    found = records.in_mailbox(key.mailbox_key)
    assert sorted(found, key=lambda each: each.value.registration_id) == [first, second]
    [newer] = [each for each in found if each == first]
    records.save(newer.moved_to(newer.value.failed("its ETag is the newest")))


def test_a_record_is_found_by_its_id_alone(
    records: Records, request: pytest.FixtureRequest
) -> None:
    asked = registration(email="by.id@example.com", number=crc32(request.node.name.encode()))
    assert records.with_id(asked.id) == []
    saved = records.save(Versioned(value=record(asked), etag=None))
    assert records.with_id(asked.id) == [saved]
    assert records.with_id("address' or RowKey ne '") == []


def test_inserting_twice_is_a_conflict(records: Records, fresh: Versioned[Record]) -> None:
    records.save(fresh)
    with pytest.raises(Changed):
        records.save(fresh)


def test_only_the_newest_version_can_be_replaced(
    records: Records, fresh: Versioned[Record]
) -> None:
    first = records.save(fresh)
    second = records.save(first.moved_to(first.value.failed("reason")))
    with pytest.raises(Changed):
        records.save(first.moved_to(first.value.failed("other")))
    found = records.find(fresh.value.key)
    assert found == second
    assert found is not None
    assert found.value.failure == "reason"


def test_record_and_budget_are_written_together_or_not_at_all(
    records: Records, fresh: Versioned[Record]
) -> None:
    key = fresh.value.key
    none_yet = records.find_mailbox(key.mailbox_key)
    taken = none_yet.moved_to(none_yet.value.take_mail(NOON))
    records.save(fresh, taken)
    assert records.find_mailbox(key.mailbox_key).value.mailed_at == (NOON,)
    other = Versioned(value=record(registration(email=fresh.value.email, number=2)), etag=None)
    with pytest.raises(Changed):
        records.save(other, taken)  # somebody took a mail in between
    assert records.find(other.value.key) is None


def test_two_workers_cannot_both_take_the_last_mail(
    records: Records, fresh: Versioned[Record]
) -> None:
    seen_by_both = records.find_mailbox(fresh.value.mailbox_key)
    taken = seen_by_both.moved_to(seen_by_both.value.take_mail(NOON))
    records.save(fresh, taken)
    second = Versioned(value=record(registration(email=fresh.value.email, number=9)), etag=None)
    with pytest.raises(Changed):
        records.save(second, taken)


def test_forgetting_deletes_the_record(records: Records, fresh: Versioned[Record]) -> None:
    saved = records.save(fresh)
    records.forget(saved)
    assert records.find(fresh.value.key) is None
    with pytest.raises(Changed):
        records.forget(saved)


def test_forgetting_a_changed_record_is_a_conflict(
    records: Records, fresh: Versioned[Record]
) -> None:
    saved = records.save(fresh)
    records.save(saved.moved_to(saved.value.failed("moved")))
    with pytest.raises(Changed):
        records.forget(saved)
    assert records.find(fresh.value.key) is not None


def test_forgetting_can_suppress_the_mailbox_at_once(
    records: Records, fresh: Versioned[Record]
) -> None:
    saved = records.save(fresh)
    mailbox = records.find_mailbox(fresh.value.mailbox_key)
    until = NOON + timedelta(days=30)
    records.forget(saved, mailbox.moved_to(mailbox.value.suppress(until)))
    stored = records.find_mailbox(fresh.value.mailbox_key)
    assert stored.value == MailboxRow(suppressed_until=until)
    records.save_mailbox(fresh.value.mailbox_key, stored.moved_to(MailboxRow()))
    assert records.find_mailbox(fresh.value.mailbox_key).etag is None


def erased(record: Record, until: datetime = LATER) -> ErasureProof:
    return ErasureProof.of(record, "a" * 64, NOON, until)


def test_an_erased_record_leaves_a_proof_that_is_no_record(
    records: Records, fresh: Versioned[Record]
) -> None:
    confirmed = fresh.value.confirm(Click(at=NOON, address="2001:db8::1", user_agent="Browser"))
    saved = records.save(Versioned(value=confirmed, etag=None))
    mailbox = records.find_mailbox(confirmed.mailbox_key)
    marked = mailbox.moved_to(mailbox.value.erase("a" * 64, NOON, LATER))
    records.forget(saved, marked, erased(confirmed))
    assert records.find(confirmed.key) is None
    assert records.in_mailbox(confirmed.mailbox_key) == []
    assert records.find_mailbox(confirmed.mailbox_key).value == marked.value
    [proof] = records.proofs(confirmed.mailbox_key)
    assert proof.value == erased(confirmed)
    assert records.find_proof(confirmed.key) == proof
    assert proof in records.proofs_with_id(confirmed.registration_id)
    records.drop_proof(proof)
    assert records.proofs(confirmed.mailbox_key) == []
    assert records.find_proof(confirmed.key) is None
    with pytest.raises(Changed):
        records.drop_proof(proof)


def test_record_and_proof_go_together_or_not_at_all(
    records: Records, fresh: Versioned[Record]
) -> None:
    saved = records.save(fresh)
    records.save(saved.moved_to(saved.value.failed("moved")))
    with pytest.raises(Changed):
        records.forget(saved, proof=erased(fresh.value))
    assert records.find_proof(fresh.value.key) is None


def test_a_record_with_the_id_of_an_erased_one_can_be_erased(
    records: Records, fresh: Versioned[Record]
) -> None:
    """A website repeats a call with the same key after the erasure."""
    for until in (LATER, LATER + timedelta(days=1)):
        records.forget(records.save(fresh), proof=erased(fresh.value, until))
    [proof] = records.proofs(fresh.value.mailbox_key)
    assert proof.value.until == LATER + timedelta(days=1)


def test_proofs_of_other_mailboxes_are_no_business_of_this_one(
    records: Records, fresh: Versioned[Record]
) -> None:
    records.forget(records.save(fresh), proof=erased(fresh.value))
    other = record(registration(email=f"x{fresh.value.email}", number=9))
    assert records.proofs(other.mailbox_key) == []
    assert records.proofs_with_id(other.registration_id) == []


def test_a_missing_table_is_a_temporary_failure(azurite: str) -> None:
    other_account = azurite.replace("AccountName=devstoreaccount1", "AccountName=nobody")
    table = RecordsTable(ByConnectionString(connection_string=other_account))
    with pytest.raises(TemporaryFailure, match=r"^table registrations"):
        table.reach()


def test_storage_that_does_not_answer_is_a_temporary_failure() -> None:
    dead = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        "AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;"
    )
    table = RecordsTable(ByConnectionString(connection_string=dead))
    with pytest.raises(TemporaryFailure, match=r"^table registrations"):
        table.find(key_of(registration()))
