"""Names that only the holder of the pepper can compute: for ids, mailboxes and sources."""

import hmac
from hashlib import sha256
from uuid import UUID, uuid4


def keyed_digest(pepper: str, purpose: str, *parts: str) -> bytes:
    """HMAC-SHA256 (32 bytes) over purpose and parts.

    Each part goes in with its length, so that ("ab", "c") and ("a", "bc") differ; the purpose
    keeps a mailbox key from ever equalling a contact id.
    """
    message = "".join(f"{len(part)}:{part}" for part in (purpose, *parts))
    return hmac.new(pepper.encode(), message.encode(), sha256).digest()


def keyed_uuid(pepper: str, purpose: str, *parts: str) -> str:
    """The same UUID for the same parts (version 8, RFC 9562 section 5.8)."""
    value = bytearray(keyed_digest(pepper, purpose, *parts)[:16])
    value[6] = (value[6] & 0x0F) | 0x80
    value[8] = (value[8] & 0x3F) | 0x80
    return str(UUID(bytes=bytes(value)))


def random_uuid() -> str:
    """An id that nobody can guess or repeat."""
    return str(uuid4())
