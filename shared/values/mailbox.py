"""The mailbox key: groups what lands in one mailbox without naming it."""

from shared.values.keyed_digest import keyed_digest

# Providers that ignore dots in the local part. Google documents it:
# https://support.google.com/mail/answer/7436150
_DOTS_IGNORED = frozenset({"gmail.com", "googlemail.com"})


def mailbox_key(email: str, pepper: str) -> str:
    """HMAC-SHA256 (64 hex digits) of the folded address.

    Folding is for counting mails only. It is never an identity: mail goes to, and the
    contact is made for, the exact address.
    """
    return keyed_digest(pepper, "mailbox", folded(email)).hex()


def folded(email: str) -> str:
    """Lower case, without plus-tag, and without dots where the provider ignores them."""
    local, _, domain = email.lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTS_IGNORED:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def canonical(email: str) -> str:
    """The address as Dataverse compares it: ASCII letters in lower case, nothing else folded.

    Unicode folding is avoided on purpose: it would merge addresses of different people
    (CVE-2019-19844).
    """
    return email.translate(_ASCII_LOWER)


_ASCII_LOWER = {ord("A") + n: ord("a") + n for n in range(26)}
