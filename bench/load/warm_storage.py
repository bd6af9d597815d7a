"""Storage clients of one worker, as warm as those of an app that has run for a while."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from azure.data.tables import TableClient
from azure.storage.queue import QueueServiceClient


class WarmStorage:
    """A context manager: when it was entered, a connection to each service is open.

    Each worker has its own: `requests` keeps ten connections for a client, and with more workers
    than that some would connect anew for every call.
    """

    def __init__(self, storage: str, *, table: str, queues: Sequence[str]) -> None:
        """`queues` share a connection."""
        self._service = QueueServiceClient.from_connection_string(storage)
        self.queues = [self._service.get_queue_client(queue) for queue in queues]
        self.table = TableClient.from_connection_string(storage, table)

    def __enter__(self) -> Self:
        """One harmless read each."""
        self.queues[0].get_queue_properties()
        list(self.table.query_entities("PartitionKey eq 'nobody'"))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._service.close()
        self.table.close()
