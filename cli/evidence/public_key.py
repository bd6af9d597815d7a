"""The installation's public key: as a file that OpenSSL reads, and as a few digits to compare."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from shared.values.evidence.signing import is_signed

_DIGITS = 32
_GROUP = 4


def pem_of(public_key: bytes) -> str:
    """From the 32 bytes of the key (RFC 8410)."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def key_in(pem: str) -> bytes:
    """The 32 bytes. Raises ValueError for anything but an Ed25519 key."""
    try:
        key = load_pem_public_key(pem.encode())
    except UnsupportedAlgorithm as unknown:
        raise ValueError(str(unknown)) from None
    if not isinstance(key, Ed25519PublicKey) or pem_of(key.public_bytes_raw()) != pem:
        raise ValueError("it is no Ed25519 key, written as usual")
    return key.public_bytes_raw()


def as_fingerprint(text: str) -> str:
    """However somebody has typed or copied it. Raises ValueError for what cannot be one."""
    digits = "".join(letter for letter in text.lower() if letter not in " -:.")
    if len(digits) != _DIGITS or set(digits) - set("0123456789abcdef"):
        raise ValueError("a fingerprint has 32 hexadecimal digits, such as 0f3a-12bc-…")
    return "-".join(digits[start : start + _GROUP] for start in range(0, _DIGITS, _GROUP))


def signs(signature: str, statement: bytes, public_key: bytes) -> bool:
    """Whether that key has signed the statement, and the signature is written in the only way."""
    return is_as_written(signature) and is_signed(signature, statement, public_key)


def is_as_written(text: str) -> bool:
    """Whether this is how URL-safe Base64 writes those bytes: readers let other texts pass, too."""
    return bool(text) and text_of(bytes_of(text)) == text


def text_of(value: bytes) -> str:
    """URL-safe Base64 without its padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def bytes_of(text: str) -> bytes:
    """What `text_of` wrote; nothing at all for what cannot be read."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
