"""Trying storage: the adapter on a real Azurite and its fake, through the same cases."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.data.tables import TableServiceClient
from azure.storage.queue import QueueServiceClient

from shared.adapters import storage_trial
from shared.adapters.instance_identity import IdentityEndpoint, InstanceIdentity
from shared.adapters.queue_requests import QueueRequests
from shared.adapters.storage_access import ByConnectionString, ByIdentity
from shared.doctor.failures import NoToken, Refused, Why
from shared.doctor.ports import StorageTrial
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from tests.doctor.refusing_storage import RefusingStorage, StorageThatKeeps
from tests.fakes.doctor import FakeStorageTrial

SECONDS = 20
NOBODY_THERE = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;"
    "QueueEndpoint=http://127.0.0.1:9/devstoreaccount1;"
    "TableEndpoint=http://127.0.0.1:9/devstoreaccount1;"
)


@dataclass(frozen=True, kw_only=True)
class World:
    """A trial, the names of an empty queue and an empty table, and what stands in them."""

    trial: StorageTrial
    queue: str
    table: str
    put: Callable[[int], None]
    left: Callable[[], int]


def fake_world() -> World:
    fake = FakeStorageTrial()
    missing = Refused(Why.NOT_THERE, "404")
    fake.failures = {"queue nowhere": missing, "table nowhere": missing}

    def put(count: int) -> None:
        fake.waiting["queue"] = count

    return World(trial=fake, queue="queue", table="table", put=put, left=lambda: 0)


def real_world(connection: str, *, as_visitors: bool) -> World:
    name = f"q{uuid.uuid4().hex}"
    queues = QueueServiceClient.from_connection_string(connection)
    tables = TableServiceClient.from_connection_string(connection)
    queue, table = queues.create_queue(name), tables.create_table(name)

    def put(count: int) -> None:
        for _ in range(count):
            queue.send_message("x")

    def left() -> int:
        rows = len(list(table.list_entities()))
        return rows + (queue.get_queue_properties().approximate_message_count or 0)

    access = ByConnectionString(connection_string=connection)
    writes = QueueRequests.of(access) if as_visitors else None
    trial = storage_trial.StorageTrial(access, access, writes)
    return World(trial=trial, queue=name, table=name, put=put, left=left)


@pytest.fixture(params=["fake", "azurite", "azurite, as visitors reach it"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "fake":
        return fake_world()
    as_visitors = request.param != "azurite"
    return real_world(request.getfixturevalue("azurite"), as_visitors=as_visitors)


def test_it_writes_and_leaves_nothing(world: World) -> None:
    assert world.trial.try_queue(world.queue, Deadline(SECONDS)) == 0
    world.trial.try_table(world.table, Deadline(SECONDS))
    world.trial.try_table(world.table, Deadline(SECONDS))
    assert world.left() == 0


def test_it_counts_the_messages_of_others(world: World) -> None:
    world.put(3)
    assert world.trial.try_queue(world.queue, Deadline(SECONDS)) == 3


def test_what_is_not_there_is_told_apart(world: World) -> None:
    for attempt in (world.trial.try_queue, world.trial.try_table):
        with pytest.raises(Refused) as refused:
            attempt("nowhere", Deadline(SECONDS))
        assert refused.value.why is Why.NOT_THERE


def test_without_time_nothing_is_tried(world: World) -> None:
    for attempt in (world.trial.try_queue, world.trial.try_table):
        with pytest.raises(TemporaryFailure, match="no time left"):
            attempt(world.queue, Deadline(0))


def test_a_message_that_cannot_be_taken_back_is_told_seen_by_nobody_and_gone_soon(
    azurite: str,
) -> None:
    name = f"q{uuid.uuid4().hex}"
    queue = QueueServiceClient.from_connection_string(azurite).create_queue(name)
    storage = StorageThatKeeps(azurite)
    access = ByConnectionString(connection_string=storage.connection_string)
    try:
        with pytest.raises(Refused, match=r"^403 AuthorizationFailure$"):
            storage_trial.StorageTrial(access, access).try_queue(name, Deadline(SECONDS))
    finally:
        storage.close()
    assert queue.get_queue_properties().approximate_message_count == 1
    assert list(queue.receive_messages()) == []
    assert storage_trial.LIVES_SECONDS == storage_trial.HIDDEN_SECONDS + 1 == 61


@contextmanager
def refusing(status: int, code: str) -> Iterator[StorageTrial]:
    storage = RefusingStorage(status, code)
    access = ByConnectionString(connection_string=storage.connection_string)
    try:
        yield storage_trial.StorageTrial(access, access)
    finally:
        storage.close()


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (403, "AuthorizationPermissionMismatch", Why.ROLE),
        (403, "InsufficientAccountPermissions", Why.ROLE),
        (403, "AuthorizationFailure", Why.NETWORK),
        (403, "PublicAccessNotPermitted", Why.NETWORK),
        (403, "KeyBasedAuthenticationNotPermitted", Why.NO_KEYS),
        (403, "AuthenticationFailed", Why.CREDENTIALS),
        (401, "InvalidAuthenticationInfo", Why.CREDENTIALS),
        (401, "NoAuthenticationInformation", Why.CREDENTIALS),
    ],
)
def test_refusals_are_told_apart(status: int, code: str, why: Why) -> None:
    with refusing(status, code) as trial:
        for attempt in (trial.try_queue, trial.try_table):
            with pytest.raises(Refused) as refused:
                attempt("registrations", Deadline(SECONDS))
            assert refused.value.why is why
            assert str(refused.value) == f"{status} {code}"


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (403, "AuthorizationPermissionMismatch", Why.ROLE),
        (403, "AuthorizationFailure", Why.NETWORK),
        (401, "InvalidAuthenticationInfo", Why.CREDENTIALS),
        (404, "QueueNotFound", Why.NOT_THERE),
    ],
)
def test_what_is_refused_on_a_visitors_way_is_told(
    azurite: str, status: int, code: str, why: Why
) -> None:
    """The queue can be read, and only what the app itself puts is refused."""
    name = f"q{uuid.uuid4().hex}"
    QueueServiceClient.from_connection_string(azurite).create_queue(name)
    access = ByConnectionString(connection_string=azurite)
    storage = RefusingStorage(status, code)
    try:
        writes = QueueRequests.of(ByConnectionString(connection_string=storage.connection_string))
        with pytest.raises(Refused) as refused:
            storage_trial.StorageTrial(access, access, writes).try_queue(name, Deadline(SECONDS))
    finally:
        storage.close()
    assert refused.value.why is why
    assert str(refused.value) == f"{status} {code}"


def test_without_a_token_for_the_visitors_way_that_is_told(azurite: str) -> None:
    name = f"q{uuid.uuid4().hex}"
    QueueServiceClient.from_connection_string(azurite).create_queue(name)
    access = ByConnectionString(connection_string=azurite)
    nobody = IdentityEndpoint(url="http://127.0.0.1:9", header="h")
    identity: Any = InstanceIdentity(nobody, None)
    writes = QueueRequests.of(ByIdentity(url="http://127.0.0.1:9", credential=identity))
    with pytest.raises(NoToken, match="no access token: the identity endpoint did not answer"):
        storage_trial.StorageTrial(access, access, writes).try_queue(name, Deadline(SECONDS))


def test_a_busy_service_is_no_refusal() -> None:
    with refusing(503, "ServerBusy") as trial, pytest.raises(TemporaryFailure):
        trial.try_table("registrations", Deadline(SECONDS))


def test_nobody_answers() -> None:
    access = ByConnectionString(connection_string=NOBODY_THERE)
    trial = storage_trial.StorageTrial(access, access)
    for attempt in (trial.try_queue, trial.try_table):
        with pytest.raises(
            TemporaryFailure, match=r"^no answer \(ServiceRequestError\)$"
        ) as failed:
            attempt("registrations", Deadline(SECONDS))
        assert not isinstance(failed.value, NoToken)


class NoCredential:
    """A TokenCredential that has none to give."""

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        raise ClientAuthenticationError("AADSTS700016: secret hunter2")


def test_without_a_token_nobody_is_asked() -> None:
    queues = ByIdentity(url="https://contoso.queue.core.windows.net", credential=NoCredential())
    tables = ByIdentity(url="https://contoso.table.core.windows.net", credential=NoCredential())
    trial = storage_trial.StorageTrial(queues, tables)
    for attempt in (trial.try_queue, trial.try_table):
        with pytest.raises(NoToken) as failed:
            attempt("registrations", Deadline(SECONDS))
        assert str(failed.value) == "no access token: ClientAuthenticationError AADSTS700016"
        assert failed.value.__suppress_context__


def test_the_account_is_named_by_its_address_or_the_connection_string() -> None:
    by_key = ByConnectionString(connection_string="AccountName=fabrikam;AccountKey=a2V5;")
    local = ByConnectionString(connection_string="UseDevelopmentStorage=true")
    assert storage_trial.StorageTrial(by_key, by_key).account == "fabrikam"
    assert storage_trial.StorageTrial(local, local).account == "devstoreaccount1"
    url = "https://contoso.queue.core.windows.net"
    by_identity = ByIdentity(url=url, credential=NoCredential())
    assert storage_trial.StorageTrial(by_identity, by_key).account == "contoso"
