"""Which part of the stack listens on which port of 127.0.0.1, and the addresses that follow."""

from __future__ import annotations

from dataclasses import dataclass, fields

from local.stack.problem import Problem

HOST = "127.0.0.1"
HIGHEST_PORT = 65535

# The emulator's account and key are public constants, the same in every Azurite:
# https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
AZURITE_ACCOUNT = "devstoreaccount1"
AZURITE_KEY = (
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
)


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Port numbers, in the order in which `--port-base` hands them out."""

    website: int = 8080
    functions: int = 7071
    azurite_blobs: int = 10000
    azurite_queues: int = 10001
    azurite_tables: int = 10002
    smtp: int = 1025
    mail: int = 1080
    dataverse: int = 8090
    linkedin: int = 8091

    @property
    def storage(self) -> str:
        """Azurite's connection string."""
        return (
            f"DefaultEndpointsProtocol=http;AccountName={AZURITE_ACCOUNT};"
            f"AccountKey={AZURITE_KEY};"
            f"BlobEndpoint={url(self.azurite_blobs)}/{AZURITE_ACCOUNT};"
            f"QueueEndpoint={url(self.azurite_queues)}/{AZURITE_ACCOUNT};"
            f"TableEndpoint={url(self.azurite_tables)}/{AZURITE_ACCOUNT};"
        )


def url(port: int) -> str:
    return f"http://{HOST}:{port}"


def addresses_from(port_base: int | None) -> Addresses:
    """The default ports, or port_base+0, +1, ... Raises Problem for a base out of range."""
    if port_base is None:
        return Addresses()
    names = [field.name for field in fields(Addresses)]
    if not 1 <= port_base <= HIGHEST_PORT - len(names) + 1:
        raise Problem(
            f"--port-base must lie between 1 and {HIGHEST_PORT - len(names) + 1}: "
            f"the stack takes the {len(names)} ports from there."
        )
    return Addresses(**{name: port_base + offset for offset, name in enumerate(names)})
