"""What filled a mail's frame, sealed: its links confirm, and whoever reads tables must not."""

import json
import secrets
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.values.kept_mail import MailNotKept
from shared.values.mail_frame import Slot, Slots

_VERSION = "v1."
_NONCE = 12  # bytes; NIST SP 800-38D section 8.2
_KEY = 32


class SlotSeal:
    """AES-256-GCM under a key from the pepper, bound to one mail of one registration."""

    def __init__(self, pepper: str) -> None:
        key = HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=b"slots of mails")
        self._cipher = AESGCM(key.derive(pepper.encode()))

    def seal(self, slots: Slots, registration_id: str, number: int) -> str:
        """`v1.` and base64url of nonce and ciphertext: about 400 characters."""
        # The two tokens differ in their signatures only: half of it is said twice.
        plain = zlib.compress(json.dumps(slots, ensure_ascii=False).encode(), 9)
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, plain, _mail(registration_id, number))
        return _VERSION + urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, sealed: str, registration_id: str, number: int) -> Slots:
        """The slots. Raises MailNotKept."""
        if not sealed.startswith(_VERSION):
            raise MailNotKept("what filled the mail was sealed by another version of the app")
        try:
            text = sealed.removeprefix(_VERSION)
            content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
            plain = self._cipher.decrypt(
                content[:_NONCE], content[_NONCE:], _mail(registration_id, number)
            )
        except (InvalidTag, ValueError):
            raise MailNotKept(
                "what filled the mail cannot be opened: DOI_PEPPER is another one than when it was "
                "sent, or the note was altered"
            ) from None
        values = json.loads(zlib.decompress(plain))
        return {slot: values[slot] for slot in Slot if slot in values}


def _mail(registration_id: str, number: int) -> bytes:
    return f"{registration_id}/{number}".encode()
