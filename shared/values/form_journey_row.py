"""The Dataverse row that starts a form's journey, and where each of its columns comes from."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from shared.values.base import Value
from shared.values.form_trigger import Fact

EntitySet = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,127}$")]
ColumnName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,127}$")]
NavigationProperty = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,127}$")]
Text = Annotated[str, StringConstraints(min_length=1)]


class ColumnFromField(Value):
    """The person's answer to a field of the form."""

    field: str
    otherwise: Text | None = Field(
        default=None, description="written when there is no answer; without it nothing is"
    )


class ColumnFromFact(Value):
    """Something the app knows."""

    fact: Fact
    otherwise: Text | None = None


def _kind(source: Any) -> str:
    if isinstance(source, ColumnFromFact) or (isinstance(source, dict) and "fact" in source):
        return "from fact"
    return "from field" if isinstance(source, ColumnFromField | dict) else "text"


# Told apart by what is written, so that a mistake is reported once and not for each kind.
ColumnSource = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[ColumnFromField, Tag("from field")]
    | Annotated[ColumnFromFact, Tag("from fact")],
    Discriminator(_kind),
]


class JourneyRow(Value):
    """Which row to write, for a journey that a Dataverse trigger ("record created") starts.

    learn.microsoft.com/dynamics365/customer-insights/journeys/real-time-marketing-dataverse-trigger
    """

    entity_set: EntitySet = Field(
        description="the table's entity set name, such as new_doiregistrations"
    )
    key_column: ColumnName = Field(
        description="text column for the registration id, with an alternate key of its own"
    )
    contact: NavigationProperty = Field(
        description="navigation property of the lookup to the contact: the trigger's audience"
    )
    columns: Mapping[ColumnName, ColumnSource] = Field(default={}, max_length=100)

    @model_validator(mode="after")
    def _columns_are_others(self) -> Self:
        # The attribute of a lookup is its navigation property in lower case.
        own = {self.key_column, self.contact.lower()}
        if taken := own.intersection(self.columns):
            raise ValueError(f"columns are set by the app itself: {', '.join(sorted(taken))}")
        return self

    def fields(self) -> set[str]:
        """The ids of the form's fields that the columns need."""
        return {
            source.field for source in self.columns.values() if isinstance(source, ColumnFromField)
        }
