"""The token in a link: signed and opaque. It names a record, never a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from itsdangerous import BadSignature, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode

from shared.values.keyed_digest import keyed_digest
from shared.values.record import RecordKey


class Purpose(StrEnum):
    """What a token allows. It is the salt of the signature: no token serves another purpose."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class TokenInvalid(Exception):
    """Not one of our tokens, or altered, or for another purpose, or its key was removed."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """What a token says. Form and language let a page speak when the record is gone."""

    key: RecordKey
    form: str
    locale: str
    issued_at: datetime

    def expired(self, lifetime: timedelta, now: datetime) -> bool:
        """Whether its link has outlived the form's link lifetime."""
        return now > self.issued_at + lifetime


def lasting_key(pepper: str) -> bytes:
    """The key for links to withdraw. It lasts as the pepper does, so these need no rotation."""
    return keyed_digest(pepper, "links to withdraw")


class Tokens:
    """Writes and reads tokens with a list of keys, newest first.

    New tokens are signed with the newest key; all keys are tried on reading, so a key can be
    replaced without breaking the links that are out. A link to withdraw has to work for as long
    as there is something to withdraw: those are signed with `lasting_key` where there is one.
    """

    def __init__(self, keys: Sequence[str], lasting_key: bytes | None = None) -> None:
        self._oldest_first = [key.encode() for key in reversed(keys)]
        self._lasting = [lasting_key] if lasting_key else self._oldest_first

    def issue(self, purpose: Purpose, token: Token) -> str:
        """The token as text: URL-safe, about 135 characters, ending in a letter or digit."""
        payload = (
            bytes.fromhex(token.key.mailbox_key)
            + UUID(token.key.registration_id).bytes
            + f"{token.form}/{token.locale}".encode()
        )
        signer = _signer(self._keys(purpose), purpose, token.issued_at)
        return signer.sign(base64_encode(payload)).decode("ascii")

    def read(self, purpose: Purpose, text: str) -> Token:
        """What the token says, whatever its age. Raises TokenInvalid, without saying why."""
        try:
            signed = text.encode("ascii")
            value, issued_at = _signer(self._keys(purpose), purpose).unsign(
                signed, return_timestamp=True
            )
            # Base64 has spare bits: without this, an altered last letter would still pass.
            for part in (value, signed.rsplit(b".", 1)[1]):
                if base64_encode(base64_decode(part)) != part:
                    raise TokenInvalid
            payload = base64_decode(value)
            form, locale = payload[48:].decode().split("/")
            return Token(
                key=RecordKey(
                    mailbox_key=payload[:32].hex(), registration_id=str(UUID(bytes=payload[32:48]))
                ),
                form=form,
                locale=locale,
                issued_at=issued_at,
            )
        except (BadSignature, ValueError):
            raise TokenInvalid from None

    def _keys(self, purpose: Purpose) -> list[bytes]:
        return self._lasting if purpose is Purpose.WITHDRAW else self._oldest_first


class _Signer(TimestampSigner):
    """itsdangerous' signer with the time as a parameter instead of the clock."""

    issued_at: datetime | None = None

    def get_timestamp(self) -> int:
        """Seconds since 1970."""
        return int((self.issued_at or datetime.now(UTC)).timestamp())


def _signer(keys: list[bytes], purpose: Purpose, issued_at: datetime | None = None) -> _Signer:
    signer = _Signer(
        keys, salt=f"double-opt-in.{purpose}", digest_method=sha256, key_derivation="hmac"
    )
    signer.issued_at = issued_at
    return signer
