"""Who signs up, for what, and what the person will do with the mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from local.chaos.forms import BY_ROW, NEWSLETTER, WHITEPAPER

if TYPE_CHECKING:
    from collections.abc import Mapping

# Every address and family name has one of these, so that a log can be searched for all people.
DOMAIN = "chaos.example.com"
FAMILY = "Mustermann"
LANGUAGE = "de"

# Of the sample forms and of the Dataverse simulator's seed.
COMMERCIAL = "10000000-0000-0000-0000-000000000003"
PRODUCT_NEWS = "20000000-0000-0000-0000-000000000001"


class Behaviour(StrEnum):
    """What becomes of the mail at the person's end."""

    CONFIRM = "confirms"
    CONFIRM_TWICE_AT_ONCE = "presses twice at once"
    OPEN_OFTEN_THEN_CONFIRM = "opens the link often, then confirms"
    DECLINE = "declines"
    IGNORE = "never reacts"
    UNREACHABLE = "has no mailbox"  # the mail server rejects the recipient for good

    @property
    def confirms(self) -> bool:
        return self in _CONFIRMING


_CONFIRMING = frozenset(
    {Behaviour.CONFIRM, Behaviour.CONFIRM_TWICE_AT_ONCE, Behaviour.OPEN_OFTEN_THEN_CONFIRM}
)


@dataclass(frozen=True, kw_only=True)
class ConsentKey:
    """Which consent row: Dataverse must hold one for each address and key."""

    purpose: str
    topic: str | None = None


CONSENTS: Mapping[str, Mapping[str, ConsentKey]] = {
    NEWSLETTER: {"newsletter": ConsentKey(purpose=COMMERCIAL)},
    BY_ROW: {"newsletter": ConsentKey(purpose=COMMERCIAL)},
    WHITEPAPER: {
        "download": ConsentKey(purpose=COMMERCIAL),
        "productNews": ConsentKey(purpose=COMMERCIAL, topic=PRODUCT_NEWS),
    },
}


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """One registration as it is planned; times are in seconds.

    `at` counts from the start of the run, `reacts_after` from the arrival of the first mail.
    """

    number: int
    at: float
    email: str
    form: str
    behaviour: Behaviour
    reacts_after: float

    @property
    def key(self) -> tuple[str, str]:
        """Address and form: in the plan no other sign-up has both."""
        return self.email, self.form

    @property
    def consents(self) -> frozenset[ConsentKey]:
        return frozenset(CONSENTS[self.form].values())

    @property
    def headers(self) -> dict[str, str]:
        """Each person sits in a network of her own, and the website repeats its key."""
        network = f"10.{self.number // 256 % 256}.{self.number % 256}.7"
        return {"Idempotency-Key": f"visit-{self.number}", "X-Forwarded-For": network}

    @property
    def body(self) -> dict[str, Any]:
        fields = {
            "email": self.email,
            "firstName": "Erika",
            "lastName": f"{FAMILY} {self.number}",
        }
        if self.form == WHITEPAPER:
            fields |= {"companySize": "small", "asset": "consent-that-holds"}
        return {
            "fields": fields,
            "consents": list(CONSENTS[self.form]),
            "locale": LANGUAGE,
            "source": {"campaign": "spring"},
        }
