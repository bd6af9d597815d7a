"""Where a queue message is put with plain HTTP: a signed address, no header to compute."""

from datetime import UTC, datetime, timedelta

from azure.storage.queue import QueueSasPermissions, generate_queue_sas

from local.stack.addresses import AZURITE_ACCOUNT, AZURITE_KEY

HOURS = timedelta(hours=12)


def put_address(queue: str) -> str:
    """Path and query. https://learn.microsoft.com/rest/api/storageservices/put-message"""
    signature = generate_queue_sas(
        AZURITE_ACCOUNT,
        queue,
        AZURITE_KEY,
        QueueSasPermissions(add=True),
        expiry=datetime.now(UTC) + HOURS,
    )
    return f"/{AZURITE_ACCOUNT}/{queue}/messages?messagettl=-1&{signature}"
