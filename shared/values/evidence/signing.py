"""The installation's signature (Ed25519, RFC 8032). Imports a heavy package: load it when needed.

The key comes from the pepper, so there is no further secret to keep, and it lasts as long as the
evidence has to. Who holds the pepper can sign: the signature proves that this installation wrote
the chain, to everybody who has its key id from elsewhere.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.values.evidence.chain import Chain

_KEY_BYTES = 32


class SigningKey:
    """What only the holder of the pepper has."""

    def __init__(self, pepper: str) -> None:
        seed = derived_key(pepper.encode(), "evidence")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._private.public_key().public_bytes_raw()
        self.key_id = key_id_of(self.public_key)

    def sign(self, statement: bytes) -> str:
        """URL-safe Base64, 86 characters."""
        return _text(self._private.sign(statement))

    def signed(self, chain: Chain, registration_id: str) -> Chain:
        """The chain with the signature of its head, if it has entries and no signature yet."""
        if chain.signature or not chain.entries:
            return chain
        return chain.signed(self.sign(chain.statement(registration_id)), self.key_id)


def is_signed(signature: str, statement: bytes, public_key: bytes) -> bool:
    """Whether the holder of that key (32 bytes) has signed this."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(_bytes(signature), statement)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_chain_signed(chain: Chain, registration_id: str, public_key: bytes) -> bool:
    """Whether the chain, with all of its entries and no others, is that installation's.

    Its links are not looked at: see chain.broken_link.
    """
    signature = chain.signature
    return signature is not None and is_signed(
        signature, chain.statement(registration_id), public_key
    )


def key_id_of(public_key: bytes) -> str:
    """The first 16 bytes of its SHA-256 in hex, in groups that can be read out: `0f3a-…`."""
    digits = sha256(public_key).hexdigest()[:32]
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def derived_key(secret: bytes, purpose: str) -> bytes:
    """32 bytes for this purpose alone (HKDF-SHA256, RFC 5869)."""
    info = f"headless-double-opt-in {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(secret)


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    value = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # Base64 has spare bits, and skips what is none of its letters: an altered text is refused.
    if _text(value) != text:
        raise ValueError("this is no URL-safe Base64")
    return value
