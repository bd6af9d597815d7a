"""The CIJ custom trigger of a form, and where each of its attributes comes from."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Discriminator, Field, StringConstraints, Tag, field_validator

from shared.values.base import Value

# https://learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-custom-actions
SignalName = Annotated[str, StringConstraints(pattern=r"^msdynmkt_[a-z0-9_]{1,90}$")]
SYSTEM_PARAMETERS = frozenset(
    {
        "msdynmkt_signaluserauthid",
        "msdynmkt_profileid",
        "msdynmkt_signaltimestamp",
        "msdynmkt_signalingestiontimestamp",
        "msdynmkt_bindingid",
    }
)


class Fact(StrEnum):
    """What the app itself knows about a registration."""

    FORM = "form"
    LANGUAGE = "language"
    REGISTRATION_ID = "registrationId"
    CAMPAIGN = "campaign"
    PAGE_URL = "pageUrl"
    CONFIRMED_AT = "confirmedAt"
    SOURCE = "source"


class FromField(Value):
    """The person's answer to a field of the form."""

    field: str
    otherwise: Annotated[str, StringConstraints(min_length=1)] = Field(
        description="sent when there is no answer: CIJ fails later on an attribute that is not set"
    )


class FromFact(Value):
    """Something the app knows."""

    fact: Fact
    otherwise: Annotated[str, StringConstraints(min_length=1)] = "N/A"


def _kind(source: Any) -> str:
    if isinstance(source, FromFact) or (isinstance(source, dict) and "fact" in source):
        return "from fact"
    return "from field" if isinstance(source, FromField | dict) else "text"


# Told apart by what is written, so that a mistake is reported once and not for each kind.
AttributeSource = Annotated[
    Annotated[str, StringConstraints(min_length=1), Tag("text")]
    | Annotated[FromField, Tag("from field")]
    | Annotated[FromFact, Tag("from fact")],
    Discriminator(_kind),
]


class Trigger(Value):
    """Which trigger to fire. CIJ limits triggers to 29 own attributes (fair-use policy)."""

    name: SignalName = Field(description="unique name, from the first line of CIJ's code snippet")
    attributes: Mapping[SignalName, AttributeSource] = Field(default={}, max_length=29)

    @field_validator("attributes")
    @classmethod
    def _are_own(cls, attributes: Mapping[str, AttributeSource]) -> Mapping[str, AttributeSource]:
        if taken := SYSTEM_PARAMETERS.intersection(attributes):
            raise ValueError(f"set by the app itself: {', '.join(sorted(taken))}")
        return attributes

    def fields(self) -> set[str]:
        """The ids of the form's fields that the attributes need."""
        return {
            source.field for source in self.attributes.values() if isinstance(source, FromField)
        }
