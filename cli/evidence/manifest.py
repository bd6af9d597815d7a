"""`manifest.json`: the hash of each file of a bundle, signed.

What is signed is text as `sha256sum` writes and reads it, so that nobody needs this program to
check a bundle: docs/evidence.md shows how.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints

from cli.evidence.public_key import pem_of
from shared.values.base import Value
from shared.values.evidence.signing import SigningKey

MANIFEST: Final = "manifest.json"
EVIDENCE: Final = "evidence.json"
PAPER: Final = "evidence.pdf"
FORMAT: Final = "headless-double-opt-in bundle"
VERSION: Final = 1

FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Manifest(Value):
    """`public_key` is PEM (RFC 8410), `signature` URL-safe Base64 (Ed25519, RFC 8032)."""

    format: Literal["headless-double-opt-in bundle"]
    version: Literal[1]
    files: Mapping[FileName, Digest] = Field(min_length=1)
    public_key: str
    fingerprint: str
    signature: str

    @classmethod
    def of(cls, files: Mapping[str, bytes], key: SigningKey) -> Self:
        """The signed list of these files."""
        digests = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
        return cls(
            format=FORMAT,
            version=VERSION,
            files=digests,
            public_key=pem_of(key.public_key),
            fingerprint=key.key_id,
            signature=key.sign(signed_text(digests)),
        )

    def to_bytes(self) -> bytes:
        """For people to read, too."""
        values = self.model_dump(mode="json", by_alias=True)
        return f"{json.dumps(values, indent=2)}\n".encode()


def signed_text(digests: Mapping[str, str]) -> bytes:
    """A line for each file, in the order of their names, as `sha256sum` writes them."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()
