"""Copying tables to another account: finished registrations go, those under way stay."""

from __future__ import annotations

import random
import subprocess
import sys
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from azure.data.tables import TableServiceClient

from local.storage_setup import set_up_storage
from shared.adapters.frames_table import FramesTable
from shared.adapters.origin_keys_table import OriginKeysTable
from shared.adapters.records_table import RecordsTable
from shared.adapters.storage_access import ByConnectionString
from shared.evidence.origin_keeping import OriginKeeping
from shared.evidence.sealed_records import SealedRecords
from shared.ports import Versioned
from shared.values.erased import ErasureProof
from shared.values.mail_budget import MailboxRow
from shared.values.mail_frame import digest_of
from shared.values.messages import FollowUp, FollowUpMessage
from shared.values.record_notes import Click, Promotion
from tests.azurite import AzuritePorts, running_azurite
from tests.chain.proven import assert_proven
from tests.examples import NOON, ROOT, record, registration
from tests.fakes.outside import SIGNING_KEY
from tests.infra.script import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.values.record import Record

SCRIPT = ROOT / "infra" / "copy_tables.py"


COPY = load(SCRIPT)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Two storage accounts, with the app's queues and tables."""
    folders = tmp_path_factory.mktemp("old"), tmp_path_factory.mktemp("new")
    with (
        running_azurite(folders[0], AzuritePorts()) as old,
        running_azurite(folders[1], AzuritePorts()) as new,
    ):
        for ports in (old, new):
            set_up_storage(ports.connection_string())
        yield old.connection_string(), new.connection_string()


@pytest.fixture
def emptied(accounts: tuple[str, str]) -> Iterator[tuple[TableServiceClient, TableServiceClient]]:
    with (
        TableServiceClient.from_connection_string(accounts[0]) as old,
        TableServiceClient.from_connection_string(accounts[1]) as new,
    ):
        for service in (old, new):
            for table in service.list_tables():
                client = service.get_table_client(table.name)
                for row in client.list_entities():
                    client.delete_entity(row)
        yield old, new


def records(connection: str) -> RecordsTable:
    return RecordsTable(ByConnectionString(connection_string=connection))


def promoted(number: int) -> Record:
    confirmed = record(registration(f"anna{number}@example.com", number)).confirm(
        Click(at=NOON, address="2001:db8::1", user_agent="Browser")
    )
    promotion = Promotion(contact_id="c", contact_created=True, consent_ids=("a",), written_at=NOON)
    return confirmed.handed_over(promotion).promoted(promotion, NOON)


class Puts:
    """A queue that keeps what is put into it."""

    def __init__(self) -> None:
        self.messages: list[FollowUpMessage] = []
        self.hidden: list[int] = []

    def send_message(self, content: str, *, visibility_timeout: int, time_to_live: int) -> None:
        assert time_to_live == -1
        self.messages.append(FollowUpMessage.parse(b64decode(content)))
        self.hidden.append(visibility_timeout)


def copied(
    services: tuple[TableServiceClient, TableServiceClient], follow_ups: Puts | None = None
) -> Any:
    return COPY.copy_tables(*services, follow_ups or Puts(), NOON.date())


def test_finished_registrations_arrive_as_they_were(
    accounts: tuple[str, str], emptied: tuple[TableServiceClient, TableServiceClient]
) -> None:
    kept, left = promoted(1), record(registration("ben@example.com", 2))
    mailbox = MailboxRow(suppressed_until=NOON + timedelta(days=30))
    old, new = map(records, accounts)
    old.save(Versioned(value=kept, etag=None), Versioned(value=mailbox, etag=None))
    old.save(Versioned(value=left, etag=None))

    outcome = copied(emptied)
    assert outcome["registrations"] == {COPY.COPIED: 2, COPY.UNDER_WAY: 1}
    found = new.find(kept.key)
    assert found is not None
    assert found.value == kept
    assert new.find_mailbox(kept.mailbox_key).value == mailbox
    assert new.find(left.key) is None
    assert old.find(left.key) is not None
    assert COPY.told(outcome) == (
        "originkeys: 31 copied\nregistrations: 2 copied, 1 under way, left"
    )


def test_repeated_it_brings_what_was_finished_meanwhile(
    accounts: tuple[str, str], emptied: tuple[TableServiceClient, TableServiceClient]
) -> None:
    first, second = promoted(1), promoted(2)
    old, new = map(records, accounts)
    old.save(Versioned(value=first, etag=None))
    copied(emptied)
    old.save(Versioned(value=second, etag=None))
    assert copied(emptied)["registrations"] == {COPY.SAME: 1, COPY.COPIED: 1}
    assert new.find(second.key) is not None


def test_of_two_rows_the_later_one_stays(
    accounts: tuple[str, str], emptied: tuple[TableServiceClient, TableServiceClient]
) -> None:
    early, late = (MailboxRow(mailed_at=(NOON + timedelta(hours=hours),)) for hours in (0, 1))
    old, new = map(records, accounts)
    old.save_mailbox("m1", Versioned(value=early, etag=None))
    old.save_mailbox("m2", Versioned(value=early, etag=None))
    copied(emptied)
    # Somebody signs up again, once in the new region and once, by an old link, in the old one.
    new.save_mailbox("m1", Versioned(value=late, etag=new.find_mailbox("m1").etag))
    old.save_mailbox("m2", Versioned(value=late, etag=old.find_mailbox("m2").etag))
    assert copied(emptied)["registrations"] == {COPY.NEWER: 1, COPY.COPIED: 1}
    assert new.find_mailbox("m1").value == late
    assert new.find_mailbox("m2").value == late


def test_leads_go_whole_and_counters_stay(
    emptied: tuple[TableServiceClient, TableServiceClient],
) -> None:
    old, new = emptied
    old.get_table_client("leads").create_entity(
        {"PartitionKey": "7", "RowKey": "lead", "state": "parked"}
    )
    old.get_table_client("limits").create_entity({"PartitionKey": "mails", "RowKey": "sent"})
    outcome = copied(emptied)
    assert outcome["leads"] == {COPY.COPIED: 1}
    assert "limits" not in outcome
    assert new.get_table_client("leads").get_entity("7", "lead")["state"] == "parked"
    assert list(new.get_table_client("limits").list_entities()) == []


def test_mails_can_still_be_shown(
    accounts: tuple[str, str], emptied: tuple[TableServiceClient, TableServiceClient]
) -> None:
    old, new = (FramesTable(ByConnectionString(connection_string=each)) for each in accounts)
    frame = random.Random(2026).randbytes(200_000)  # noqa: S311 - test data
    old.put(digest_of(frame), frame)
    assert copied(emptied)["mailframes"] == {COPY.COPIED: 1}
    assert copied(emptied)["mailframes"] == {COPY.SAME: 1}
    assert new.find(digest_of(frame)) == frame


def test_keys_of_days_go_along_and_replace_none(
    accounts: tuple[str, str], emptied: tuple[TableServiceClient, TableServiceClient]
) -> None:
    """Another key under the same day would make the new account's own records unreadable."""
    old, new = (OriginKeysTable(ByConnectionString(connection_string=one)) for one in accounts)
    yesterday, today = NOON.date() - timedelta(days=1), NOON.date()
    key, own = old.make(yesterday), new.make(today)
    assert old.make(today) != own
    assert copied(emptied)["originkeys"] == {COPY.COPIED: COPY.SHARED_DAYS, COPY.IN_USE: 1}
    assert new.find(yesterday) == key
    assert new.find(today) == own
    assert copied(emptied)["originkeys"] == {COPY.SAME: COPY.SHARED_DAYS, COPY.IN_USE: 1}


def test_both_seal_with_the_same_keys_while_the_app_moves(
    accounts: tuple[str, str], emptied: tuple[TableServiceClient, TableServiceClient]
) -> None:
    copied(emptied)
    old, new = (OriginKeysTable(ByConnectionString(connection_string=one)) for one in accounts)
    days = [NOON.date() + timedelta(days=ahead) for ahead in range(COPY.SHARED_DAYS + 1)]
    assert [old.find(day) for day in days[:-1]] == [new.find(day) for day in days[:-1]]
    assert len({old.find(day) for day in days}) == len(days)
    assert new.find(days[0]) == new.make(days[0]) == old.make(days[0])
    assert old.find(days[-1]) is None


def test_a_chain_and_its_origins_can_be_read_in_the_new_account(
    accounts: tuple[str, str], emptied: tuple[TableServiceClient, TableServiceClient]
) -> None:
    def sealed(connection: str) -> SealedRecords:
        keys = OriginKeysTable(ByConnectionString(connection_string=connection))
        origins = OriginKeeping(keys, lambda: NOON, timedelta(days=90))
        return SealedRecords(records(connection), origins, SIGNING_KEY)

    old, new = map(sealed, accounts)
    saved = old.save(Versioned(value=promoted(3), etag=None))
    copied(emptied)
    found = new.find(saved.value.key)
    assert found is not None
    assert found.value == saved.value
    assert found.value.asked_from == "203.0.113.7"
    assert_proven(found.value)


def test_what_is_left_of_erased_people_goes_along_and_ends_at_its_time(
    accounts: tuple[str, str], emptied: tuple[TableServiceClient, TableServiceClient]
) -> None:
    old, new = map(records, accounts)
    now = datetime.now(UTC)
    until, soon = now + timedelta(days=1000), now + timedelta(hours=1)
    erased = old.save(Versioned(value=promoted(1), etag=None))
    mailbox = MailboxRow().erase("a" * 64, now, soon).erase("b" * 64, now, until)
    proof = ErasureProof.of(erased.value, "b" * 64, now, until)
    old.forget(erased, Versioned(value=mailbox, etag=None), proof)

    queue = Puts()
    assert copied(emptied, queue)["registrations"] == {COPY.COPIED: 2}
    found = new.find_proof(proof.key)
    assert found is not None
    assert found.value == proof
    assert new.find_mailbox(proof.mailbox_key).value == mailbox
    assert [message.due_at for message in queue.messages] == [until, until]
    assert {message.follow_up for message in queue.messages} == {FollowUp.END_PROOF}
    assert {message.mailbox_key for message in queue.messages} == {proof.mailbox_key}
    assert proof.registration_id in {message.registration_id for message in queue.messages}
    assert set(queue.hidden) == {7 * 24 * 3600}


def test_only_where_somebody_was_erased_a_message_is_put(
    accounts: tuple[str, str], emptied: tuple[TableServiceClient, TableServiceClient]
) -> None:
    old, _ = map(records, accounts)
    past = MailboxRow().erase("a" * 64, NOON, datetime.now(UTC) - timedelta(days=1))
    other = record(registration("ben@example.com", 2)).mailbox_key
    key = record().mailbox_key
    old.save_mailbox(key, Versioned(value=past, etag=None))
    old.save_mailbox(other, Versioned(value=MailboxRow(mailed_at=(NOON,)), etag=None))
    queue = Puts()
    copied(emptied, queue)
    assert [message.mailbox_key for message in queue.messages] == [key]
    assert queue.hidden == [0]  # what should have ended ends at once


def test_only_tables_that_the_deployment_made(
    emptied: tuple[TableServiceClient, TableServiceClient],
) -> None:
    old, new = emptied
    with old.create_table_if_not_exists("somethingelse") as other:
        other.upsert_entity({"PartitionKey": "a", "RowKey": "b"})
    assert "somethingelse" not in copied(emptied)
    assert "somethingelse" not in {table.name for table in new.list_tables()}
    assert COPY.told({}) == "Nothing to copy."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--from"),
        (["--from", "https://a.table.core.windows.net"], "--to"),
        (["--from", "https://a.example", "--to", "https://a.example"], "the same account"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str) -> None:
    ended = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert said in ended.stderr
