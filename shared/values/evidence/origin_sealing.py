"""Sealing an origin (AES-256-GCM). Imports a heavy package: load it when needed.

Each record has a key of its own, made from the key of the day: it can be handed to whoever verifies
this record's evidence, and opens no other.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError

from shared.values.evidence.canonical_json import canonical_json
from shared.values.evidence.origin import Origin, SealedOrigin
from shared.values.evidence.signing import derived_key

_NONCE_BYTES = 12


class OriginDamaged(ValueError):
    """The key does not open it: another key, or another text."""


def key_for_record(day_key: bytes, registration_id: str) -> bytes:
    """32 bytes, from the key of the day (32 bytes)."""
    return derived_key(day_key, f"origin {registration_id}")


def seal_origin(name: str, origin: Origin, day: date, record_key: bytes) -> str:
    """The sealed text; it opens under this name alone. Never the same twice."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    text = canonical_json(origin.model_dump(by_alias=True))
    box = nonce + AESGCM(record_key).encrypt(nonce, text, name.encode())
    return str(SealedOrigin(day=day, box=urlsafe_b64encode(box).rstrip(b"=").decode("ascii")))


def open_origin(name: str, sealed: str, record_key: bytes) -> Origin:
    """What was sealed under this name. Raises OriginDamaged."""
    try:
        box = SealedOrigin.parse(sealed).box
        raw = urlsafe_b64decode(box + "=" * (-len(box) % 4))
        nonce, ciphertext = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        return Origin.model_validate_json(
            AESGCM(record_key).decrypt(nonce, ciphertext, name.encode())
        )
    except (InvalidTag, ValueError, ValidationError):
        raise OriginDamaged("the sealed origin does not open with this key") from None
