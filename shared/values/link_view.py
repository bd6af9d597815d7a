"""What the person sees after following a link."""

from dataclasses import dataclass
from enum import StrEnum

from shared.values.confirmation_token import Token
from shared.values.registration import GivenConsent


class LinkState(StrEnum):
    """One page each; the names are also the pages' names in the texts."""

    CONFIRM = "confirm"
    ENTER_CODE = "enterCode"
    WRONG_CODE = "wrongCode"
    TOO_MANY_CODES = "tooManyCodes"
    CONFIRMED = "confirmed"
    ALREADY_CONFIRMED = "alreadyConfirmed"
    DECLINE = "decline"
    DECLINED = "declined"
    EXPIRED = "expired"
    RENEWED = "renewed"
    TRY_LATER = "tryLater"
    GONE = "gone"
    WITHDRAW = "withdraw"
    WITHDRAWN = "withdrawn"
    NOTHING_TO_WITHDRAW = "nothingToWithdraw"
    NOT_VALID = "notValid"


@dataclass(frozen=True, kw_only=True)
class LinkView:
    """The page to show. Without a token the link is not ours, and the page says nothing more.

    `consents` are those that its button would take back.
    """

    state: LinkState
    token: Token | None = None
    consents: tuple[GivenConsent, ...] = ()
