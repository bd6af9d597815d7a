"""What a whole journey leaves in the real table: a chain that holds, and no line of anybody's."""

from datetime import timedelta

import pytest
import requests
from azure.data.tables import TableClient

from shared.adapters.origin_keys_table import OriginKeysTable
from shared.adapters.record_rows import readable_mailbox, readable_record
from shared.adapters.storage_access import ByConnectionString
from shared.evidence.origin_keeping import OriginKeeping
from shared.values.evidence.chain import broken_link
from shared.values.evidence.signing import SigningKey, is_chain_signed
from shared.values.record import Record
from tests.chain.proven import kinds
from tests.journey.customer_insights import known_once_promoted
from tests.journey.inbox import mail_to
from tests.journey.person import Person
from tests.journey.sign_up import SECONDS, newsletter, post_json
from tests.journey.storage import wait_for_record
from tests.journey.waiting import until
from tests.lists.conftest import sample_settings
from tests.personal_traces import found_in
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

# Where we call from, as the proxy in front of the app sees it.
NETWORK = "127.0.0.1"
AGENTS = ("UnmistakableBrowser/1", "UnmistakablePhone/2", "UnmistakableMail/3")
DAY = timedelta(days=1)


def post(url: str, number: int) -> None:
    address, _, query = url.partition("?token=")
    answer = requests.post(
        address, {"token": query}, headers={"User-Agent": AGENTS[number]}, timeout=SECONDS
    )
    assert answer.status_code == 200, answer.text


def journey(stack: Stack, person: Person) -> Record:
    """Sign up, confirm, withdraw: each with another browser."""
    accepted = post_json(stack, newsletter(person), headers={"User-Agent": AGENTS[0]})
    registration_id = accepted.json()["registrationId"]
    post(mail_to(stack, person.email).confirm_url, 1)
    [contact] = known_once_promoted(stack, person).contacts
    post(str(contact["new_withdrawlink"]), 2)

    def look() -> Record | None:
        record = readable_record(wait_for_record(stack, registration_id, "promoted"))
        return record if record.withdrawals and record.withdrawals[0].opted_out_at else None

    return until(look, "a withdrawal that Dataverse has")


def test_the_chain_holds_and_nobody_s_network_can_be_read(stack: Stack, person: Person) -> None:
    record = journey(stack, person)
    assert sorted(kinds(record)) == sorted(
        ["asked", "mailed", "confirmed", "written", "triggered", "withdrawn", "opted_out"]
    )
    assert broken_link(record.chain) is None
    key = SigningKey(sample_settings()["DOI_PEPPER"])
    assert is_chain_signed(record.chain, record.registration_id, key.public_key)
    assert record.chain.signed_by == key.key_id

    with TableClient.from_connection_string(stack.azurite, "registrations") as table:
        rows = list(
            table.query_entities(
                "PartitionKey eq @mailbox", parameters={"mailbox": record.mailbox_key}
            )
        )
    [mailbox] = [readable_mailbox(row) for row in rows if row["RowKey"] == "address"]
    assert mailbox.last_asked == record.chain.asked
    columns = [f"{name}={value}" for row in rows for name, value in row.items()]
    assert found_in(columns, AGENTS) == []
    # The addresses of local pages have it, too, but never as a value of its own.
    assert not [line for line in columns if f'"{NETWORK}"' in line or f"={NETWORK}" in line]
    with_address = {line.partition("=")[0] for line in columns if person.email in line}
    assert with_address == {"email", "chain"}


def test_who_has_the_key_of_the_day_can_read_it(stack: Stack, person: Person) -> None:
    record = journey(stack, person)
    assert (record.asked_from, record.user_agent) == (None, None)
    keys = OriginKeysTable(ByConnectionString(connection_string=stack.azurite))
    asked_at = record.asked_at
    opened = OriginKeeping(keys, lambda: asked_at + DAY, 90 * DAY).opened(record)
    assert (opened.asked_from, opened.user_agent) == (NETWORK, AGENTS[0])
    assert opened.click is not None
    assert (opened.click.address, opened.click.user_agent) == (NETWORK, AGENTS[1])
    [withdrawal] = opened.withdrawals
    assert (withdrawal.address, withdrawal.user_agent) == (NETWORK, AGENTS[2])
    later = OriginKeeping(keys, lambda: asked_at + 92 * DAY, 90 * DAY).opened(record)
    assert later == record
