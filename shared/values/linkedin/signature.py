"""LinkedIn's webhook handshake, and the signature of its notifications.

https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation

Only the standard library: LinkedIn waits three seconds for the handshake, and the process may
have to start first.
"""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Part of the text that is signed. Some senders put it in front of the header's value, too.
_PREFIX = "hmacsha256="


class ChallengeRefused(ValueError):
    """Not a UUID, so not LinkedIn's: it must not be signed, and no signature is in here."""


@dataclass(frozen=True, kw_only=True)
class SignatureMatch:
    """A signature that holds, and which variant of it was sent.

    `body` is what was signed, and so the only thing to parse: without the invisible characters
    where they had been added on the way.
    """

    body: bytes
    header_prefixed: bool
    format_characters_removed: bool

    @property
    def variant(self) -> str:
        """For the log: "canonical", "header_prefixed", "format_characters_removed" or both."""
        variants = {
            "header_prefixed": self.header_prefixed,
            "format_characters_removed": self.format_characters_removed,
        }
        return "+".join(name for name, is_so in variants.items() if is_so) or "canonical"


def answer_challenge(client_secret: str, challenge_code: str) -> dict[str, str]:
    """The JSON body that proves to LinkedIn that the webhook is ours.

    Raises ChallengeRefused for anything but a UUID. The handshake signs what it is given with
    the same key and hash as notifications: a "challenge" that reads `hmacsha256={…}` would get a
    forged notification signed.
    """
    if not _UUID.fullmatch(challenge_code):
        raise ChallengeRefused
    digest = _digest(client_secret, challenge_code.encode("ascii"))
    return {"challengeCode": challenge_code, "challengeResponse": digest}


def check_signature(client_secret: str, body: bytes, header: str | None) -> SignatureMatch | None:
    """Whether `X-LI-Signature` belongs to the raw body; None when it does not.

    Signed is `hmacsha256=` and the body; the header has the digest in hex. Compared in constant
    time. Where that fails it is tried once more without Unicode's invisible format characters
    (category Cf), which have been met in bodies that were signed without them.
    """
    sent = (header or "").strip().lower()
    prefixed = sent.startswith(_PREFIX)
    digest = sent.removeprefix(_PREFIX)
    if not _DIGEST.fullmatch(digest):
        return None
    for candidate in (body, _without_format_characters(body)):
        if candidate is not None and hmac.compare_digest(
            _signature(client_secret, candidate), digest
        ):
            return SignatureMatch(
                body=candidate,
                header_prefixed=prefixed,
                format_characters_removed=candidate is not body,
            )
    return None


def _signature(client_secret: str, body: bytes) -> str:
    return _digest(client_secret, _PREFIX.encode() + body)


def _digest(client_secret: str, message: bytes) -> str:
    if not client_secret:
        raise ValueError("the client secret is empty: anybody could sign with that")
    return hmac.new(client_secret.encode(), message, sha256).hexdigest()


def _without_format_characters(body: bytes) -> bytes | None:
    """None when there are none to remove."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    stripped = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return None if stripped == text else stripped.encode()
