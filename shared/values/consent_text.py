"""The version of a consent text."""

from hashlib import sha256


def version_of(text: str) -> str:
    """SHA-256 (hex, 64 digits) of the text's exact UTF-8 bytes.

    A hash and not a number that somebody has to raise: nobody can change the text and
    forget the version (GDPR Art. 7(1), proof of what was agreed to).
    """
    return sha256(text.encode()).hexdigest()
