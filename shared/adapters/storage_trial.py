"""Writes into queues and tables that nobody is to notice, to find out whether it is allowed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from azure.storage.queue import BinaryBase64EncodePolicy

from shared.adapters.access_token import why_no_token
from shared.adapters.queue_service import queue_service
from shared.adapters.storage_access import ByIdentity, StorageAccess, failure_code
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

    def __init__(self, queues: StorageAccess, tables: StorageAccess) -> None:
        self._queues, self._tables = queues, tables
        self._service = queue_service(queues)

    @property
    def account(self) -> str:
        """See doctor.ports.StorageTrial."""
        return _account(self._queues)

    def try_queue(self, queue: str, deadline: Deadline) -> int:
        """See doctor.ports.StorageTrial."""
        with _failures(deadline):
            client = self._service.get_queue_client(
                queue, message_encode_policy=BinaryBase64EncodePolicy()
            )
            count = client.get_queue_properties().approximate_message_count or 0
            put = client.send_message(
                PROBE, visibility_timeout=HIDDEN_SECONDS, time_to_live=LIVES_SECONDS
            )
            client.delete_message(put.id, put.pop_receipt)
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
    except AzureError as error:
        raise _failure(error) from None


def _failure(error: AzureError) -> Refused | TemporaryFailure:
    told = failure_code(error)
    status = error.status_code if isinstance(error, HttpResponseError) else None
    if status is None:
        if isinstance(error, ClientAuthenticationError):
            return NoToken(why_no_token(error))
        return TemporaryFailure(f"no answer ({told})")
    if status == _NOT_FOUND:
        return Refused(Why.NOT_THERE, told)
    if status in (_UNAUTHORIZED, _FORBIDDEN):
        code = told.rpartition(" ")[2]
        return Refused(_WHY.get(code, Why.ROLE if status == _FORBIDDEN else Why.CREDENTIALS), told)
    return TemporaryFailure(told)
