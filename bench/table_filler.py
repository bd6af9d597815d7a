"""Fills a table with rows like those that the app wrote, up to a hundred in a transaction.

By hand and not with the SDK, which would take five times as long: a million rows are minutes
even so.
"""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    write_partitions(service, table, (_alike(like) for _ in range(-(-count // IN_ONE))))


def write_partitions(
    service: str, table: str, partitions: Iterable[Sequence[Mapping[str, Any]]]
) -> None:
    """Each becomes one transaction: at most a hundred rows. Raises RuntimeError likewise."""
    asyncio.run(_write(service, table, iter(partitions)))


def _alike(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    partition = uuid4().hex + uuid4().hex
    return [{**row, "PartitionKey": partition, "RowKey": str(uuid4())} for _ in range(IN_ONE)]


async def _write(
    service: str, table: str, partitions: Iterator[Sequence[Mapping[str, Any]]]
) -> None:
    url = f"{service}/$batch?{_access()}"
    headers = {
        "Content-Type": f"multipart/mixed; boundary={_BATCH}",
        "x-ms-version": "2019-02-02",
        "DataServiceVersion": "3.0",
        "Accept": "application/json",
    }
    async with aiohttp.ClientSession(headers=headers) as session:

        async def send() -> None:
            for rows in partitions:  # whoever is free takes the next
                body = _transaction(f"{service}/{table}", rows)
                async with session.post(url, data=body) as response:
                    answer = await response.text()
                if response.status != _ACCEPTED or answer.count("204 No Content") != len(rows):
                    raise RuntimeError(f"a transaction was refused: {response.status} {answer}")

        await asyncio.gather(*(send() for _ in range(_AT_ONCE)))


def _access() -> str:
    return generate_account_sas(
        AzureNamedKeyCredential(AZURITE_ACCOUNT, AZURITE_KEY),
        ResourceTypes(service=True, container=True, object=True),
        AccountSasPermissions(read=True, write=True, add=True, create=True, update=True),
        expiry=datetime.now(UTC) + _HOURS,
    )


def _transaction(address: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    changes = "".join(_change(address, number, json.dumps(row)) for number, row in enumerate(rows))
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
