"""How a trial can fail, told apart by the step that mends it."""

from enum import StrEnum

from shared.failures import PermanentFailure, TemporaryFailure


class Why(StrEnum):
    """Why the other side said no."""

    ROLE = "role"  # we are known, and not allowed
    CREDENTIALS = "credentials"  # we are not known: password, key or token is wrong
    NETWORK = "network"  # it lets in callers from certain networks only
    NO_KEYS = "no keys"  # it takes tokens of identities only
    NOT_THERE = "not there"
    SENDER = "sender"  # it takes no mail from this address
    UNTRUSTED = "untrusted"  # its certificate is not trusted
    NOT_OFFERED = "not offered"  # it cannot do what the settings ask for
    OTHER = "other"


class Refused(PermanentFailure):
    """The other side answered, and said no. `resource` is the Azure resource it is about."""

    def __init__(self, why: Why, told: str, resource: str | None = None) -> None:
        super().__init__(told)
        self.why = why
        self.resource = resource


class NoToken(TemporaryFailure):
    """Nobody was asked, since there is no access token to ask with."""
