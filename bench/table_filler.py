"""Fills a table with records like one that the app wrote, a hundred in a transaction.

By hand and not with the SDK, which would take five times as long: a million rows are minutes
even so.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables import AccountSasPermissions, ResourceTypes, generate_account_sas

from local.stack.addresses import AZURITE_ACCOUNT, AZURITE_KEY

IN_ONE = 100  # what a transaction takes, all of one partition
_AT_ONCE = 3
_ACCEPTED = 202
# Azurite recognises the parts by these beginnings.
_BATCH, _CHANGES = f"batch_{uuid4()}", f"changeset_{uuid4()}"
_HOURS = timedelta(hours=12)


def fill_table(service: str, table: str, like: Mapping[str, Any], count: int) -> None:
    """`count` more rows, rounded up to hundreds. `service` is the table service's address.

    Raises RuntimeError when a transaction was not accepted.
    """
    asyncio.run(_fill(service, table, like, -(-count // IN_ONE)))


async def _fill(service: str, table: str, like: Mapping[str, Any], transactions: int) -> None:
    url = f"{service}/$batch?{_access()}"
    headers = {
        "Content-Type": f"multipart/mixed; boundary={_BATCH}",
        "x-ms-version": "2019-02-02",
        "DataServiceVersion": "3.0",
        "Accept": "application/json",
    }
    async with aiohttp.ClientSession(headers=headers) as session:

        async def send(share: range) -> None:
            for _ in share:
                body = _transaction(f"{service}/{table}", like)
                async with session.post(url, data=body) as response:
                    answer = await response.text()
                if response.status != _ACCEPTED or answer.count("204 No Content") != IN_ONE:
                    raise RuntimeError(f"a transaction was refused: {response.status} {answer}")

        shares = (range(first, transactions, _AT_ONCE) for first in range(_AT_ONCE))
        await asyncio.gather(*(send(share) for share in shares))


def _access() -> str:
    return generate_account_sas(
        AzureNamedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY),
        ResourceTypes(service=True, container=True, object=True),
        AccountSasPermissions(read=True, write=True, add=True, create=True, update=True),
        expiry=datetime.now(UTC) + _HOURS,
    )


def _transaction(address: str, like: Mapping[str, Any]) -> bytes:
    partition = uuid4().hex + uuid4().hex
    rows = (
        json.dumps({**like, "PartitionKey": partition, "RowKey": str(uuid4())})
        for _ in range(IN_ONE)
    )
    changes = "".join(_change(address, number, row) for number, row in enumerate(rows))
    return (
        f"--{_BATCH}\r\nContent-Type: multipart/mixed; boundary={_CHANGES}\r\n\r\n"
        f"{changes}--{_CHANGES}--\r\n\r\n--{_BATCH}--\r\n"
    ).encode()


def _change(address: str, number: int, row: str) -> str:
    return (
        f"--{_CHANGES}\r\nContent-Type: application/http\r\n"
        f"Content-Transfer-Encoding: binary\r\nContent-ID: {number}\r\n\r\n"
        f"POST {address} HTTP/1.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(row.encode())}\r\nDataServiceVersion: 3.0\r\n"
        "Accept: application/json;odata=minimalmetadata\r\nPrefer: return-no-content\r\n\r\n"
        f"{row}\r\n"
    )
