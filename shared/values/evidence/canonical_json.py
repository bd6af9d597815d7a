"""JSON in one form only, so that the same values always have the same hash."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def canonical_json(value: Json) -> bytes:
    """UTF-8, keys sorted, no white space: RFC 8785 for values without fractions.

    Any other program can make the same bytes from the same values. (RFC 8785 sorts keys by UTF-16
    units and we by code points: the two differ only for keys beyond the Basic Multilingual Plane.)
    """
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def digest_of(value: Json) -> str:
    """SHA-256 (hex, 64 digits) of the canonical JSON."""
    return sha256(canonical_json(value)).hexdigest()
