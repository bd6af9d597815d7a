"""Copying tables to another account: finished registrations go, those under way stay."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from azure.data.tables import TableServiceClient

from local.storage_setup import set_up_storage
from shared.adapters.records_table import RecordsTable
from shared.adapters.storage_access import ByConnectionString
from shared.ports import Versioned
from shared.values.mail_budget import MailboxRow
from shared.values.record_notes import Click, Promotion
from tests.azurite import AzuritePorts, running_azurite
from tests.examples import NOON, ROOT, record, registration
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


def copied(services: tuple[TableServiceClient, TableServiceClient]) -> Any:
    return COPY.copy_tables(*services)


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
    assert COPY.told(outcome) == "registrations: 2 copied, 1 under way, left"


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


def test_only_tables_that_the_deployment_made(
    emptied: tuple[TableServiceClient, TableServiceClient],
) -> None:
    old, new = emptied
    with old.create_table_if_not_exists("somethingelse") as other:
        other.upsert_entity({"PartitionKey": "a", "RowKey": "b"})
    assert "somethingelse" not in copied(emptied)
    assert "somethingelse" not in {table.name for table in new.list_tables()}
    assert COPY.told(copied(emptied)) == "Nothing to copy."


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
