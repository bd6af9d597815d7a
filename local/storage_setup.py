"""Makes the queues and the table that the app uses, where they are missing.

In Azure the deployment does this; Azurite starts empty.
Run as `python -m local.storage_setup`; reads the connection string AzureWebJobsStorage.
"""

from __future__ import annotations

import os

from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient
from azure.storage.queue import QueueServiceClient

QUEUES = ("registrations", "promotions", "follow-ups", "linkedin-leads", "mail-reports")
TABLES = ("registrations", "originkeys", "mailframes", "limits", "leads", "funnel")


def set_up_storage(connection_string: str) -> None:
    """Idempotent. Raises azure.core.exceptions.AzureError where storage cannot be reached."""
    with QueueServiceClient.from_connection_string(connection_string) as queues:
        existing = {queue.name for queue in queues.list_queues()}
        for queue in QUEUES:
            for name in (queue, f"{queue}-poison"):
                if name not in existing:
                    _create_queue(queues, name)
    with TableServiceClient.from_connection_string(connection_string) as tables:
        for table in TABLES:
            tables.create_table_if_not_exists(table)


def _create_queue(queues: QueueServiceClient, name: str) -> None:
    try:
        queues.create_queue(name)
    except ResourceExistsError:  # made by somebody else since the list was read
        return


if __name__ == "__main__":
    set_up_storage(os.environ["AzureWebJobsStorage"])  # noqa: SIM112 - Azure spells it like this
