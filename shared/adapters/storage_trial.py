"""Writes into queues and tables that nobody is to notice, to find out whether it is allowed."""

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError

from shared.adapters.queue_service import queue_service
from shared.adapters.queue_writes import QueueWrites, SdkQueueWrites, as_refused
from shared.adapters.storage_access import (
    ByIdentity,
    StorageAccess,
    StorageRefused,
    TokenRefused,
)
from shared.adapters.table_client import table_client
from shared.doctor.failures import NoToken, Refused, Why
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from shared.values.probe_message import PROBE

# Should the message not be taken back, it is gone soon: it lives a second longer than it hides,
# the least that the service allows.
# https://learn.microsoft.com/rest/api/storageservices/put-message
HIDDEN_SECONDS = 60
LIVES_SECONDS = HIDDEN_SECONDS + 1
_PROBE = b64encode(PROBE).decode()
# No mailbox key and no lead looks like this. The same row each time: one at most can be left.
_ROW = {"PartitionKey": "doi doctor", "RowKey": "probe"}
_ACCOUNT = re.compile(r"(?:^|;)AccountName=([^;]+)", re.IGNORECASE)
_FORBIDDEN, _NOT_FOUND, _UNAUTHORIZED = 403, 404, 401
# https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes
_WHY = {
    "AuthorizationFailure": Why.NETWORK,
    "PublicAccessNotPermitted": Why.NETWORK,
    "KeyBasedAuthenticationNotPermitted": Why.NO_KEYS,
    "AuthenticationFailed": Why.CREDENTIALS,
    "InvalidAuthenticationInfo": Why.CREDENTIALS,
    "AccountIsDisabled": Why.OTHER,
}


class StorageTrial:
    """Implements doctor.ports.StorageTrial."""

    def __init__(
        self, queues: StorageAccess, tables: StorageAccess, writes: QueueWrites | None = None
    ) -> None:
        """`writes` are those of the app that is examined, so that they are tried, too."""
        self._queues, self._tables = queues, tables
        self._service = queue_service(queues)
        self._writes: QueueWrites = writes or SdkQueueWrites(self._service.get_queue_client)

    @property
    def account(self) -> str:
        """See doctor.ports.StorageTrial."""
        return _account(self._queues)

    def try_queue(self, queue: str, deadline: Deadline) -> int:
        """See doctor.ports.StorageTrial."""
        with _failures(deadline):
            client = self._service.get_queue_client(queue)
            count = client.get_queue_properties().approximate_message_count or 0
            message_id, pop_receipt = self._writes.put(
                queue, _PROBE, visible_in=HIDDEN_SECONDS, lives=LIVES_SECONDS
            )
            self._writes.delete(queue, message_id, pop_receipt)
        return count

    def try_table(self, table: str, deadline: Deadline) -> None:
        """See doctor.ports.StorageTrial."""
        with _failures(deadline):
            client = table_client(self._tables, table)
            client.upsert_entity(_ROW)
            client.delete_entity(_ROW)


def _account(access: StorageAccess) -> str:
    if isinstance(access, ByIdentity):
        return (urlsplit(access.url).hostname or "").partition(".")[0]
    named = _ACCOUNT.search(access.connection_string)
    return named[1] if named else "devstoreaccount1"


@contextmanager
def _failures(deadline: Deadline) -> Iterator[None]:
    """The SDK's errors as the port's. One call lasts a few seconds at most: storage_access."""
    if deadline.remaining() <= 0:
        raise TemporaryFailure("no time left")
    try:
        yield
    except StorageRefused as refused:
        raise _failure(refused) from None
    except AzureError as error:
        raise _failure(as_refused(error)) from None


def _failure(refused: StorageRefused) -> Refused | TemporaryFailure:
    told, status = str(refused), refused.status
    if isinstance(refused, TokenRefused):
        return NoToken(told)
    if status is None:
        return TemporaryFailure(f"no answer ({told})")
    if status == _NOT_FOUND:
        return Refused(Why.NOT_THERE, told)
    if status in (_UNAUTHORIZED, _FORBIDDEN):
        code = told.rpartition(" ")[2]
        return Refused(_WHY.get(code, Why.ROLE if status == _FORBIDDEN else Why.CREDENTIALS), told)
    return TemporaryFailure(told)
