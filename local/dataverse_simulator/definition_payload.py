"""Definitions as clients post them: the JSON of tables, columns, keys and relationships.

Shapes: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/
create-update-entity-definitions-using-web-api, create-update-column-definitions-using-web-api and
create-update-entity-relationships-using-web-api. A property that is not listed here is refused,
also where a real environment would know it.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from local.dataverse_simulator.errors import bad_payload

P = TypeVar("P", bound="Posted")
CRM = "Microsoft.Dynamics.CRM."
# A prefix of 2 to 8 letters and digits, then an underscore.
SchemaName = Annotated[str, Field(pattern=r"^[a-zA-Z][a-zA-Z0-9]{1,7}_[A-Za-z][A-Za-z0-9_]{0,99}$")]
RequiredLevelName = Literal["None", "Recommended", "ApplicationRequired"]


class Posted(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=to_pascal, validate_by_name=False
    )

    odata_type: str = Field(default="", alias="@odata.type")


class LocalizedLabel(Posted):
    label: str
    language_code: int
    is_managed: bool | None = None


class Label(Posted):
    localized_labels: tuple[LocalizedLabel, ...] = Field(min_length=1, strict=False)
    user_localized_label: LocalizedLabel | None = None

    def text(self, language: int) -> str | None:
        """None where there is no label in that language."""
        return next((o.label for o in self.localized_labels if o.language_code == language), None)


class RequiredLevel(Posted):
    value: RequiredLevelName = "None"
    can_be_changed: bool = True
    managed_property_logical_name: str = "canmodifyrequirementlevelsettings"


class Named(Posted):
    """`{"Value": "Text"}`."""

    value: str


class Option(Posted):
    value: int
    label: Label


class OptionSet(Posted):
    """Of a choice: `Options`; of yes and no: the two others. `IsGlobal` must be false."""

    options: tuple[Option, ...] = Field(default=(), strict=False)
    true_option: Option | None = None
    false_option: Option | None = None
    is_global: Literal[False] = False
    option_set_type: str = "Picklist"


class Attribute(Posted):
    """The kinds that are simulated; each has properties that others lack."""

    odata_type: Literal[
        "Microsoft.Dynamics.CRM.StringAttributeMetadata",
        "Microsoft.Dynamics.CRM.MemoAttributeMetadata",
        "Microsoft.Dynamics.CRM.BooleanAttributeMetadata",
        "Microsoft.Dynamics.CRM.DateTimeAttributeMetadata",
        "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
        "Microsoft.Dynamics.CRM.MultiSelectPicklistAttributeMetadata",
        "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
    ] = Field(alias="@odata.type")
    schema_name: SchemaName
    display_name: Label
    description: Label | None = None
    attribute_type: str = ""
    attribute_type_name: Named | None = None
    required_level: RequiredLevel = RequiredLevel()
    is_primary_name: bool = False
    max_length: int | None = Field(default=None, ge=1, le=1_048_576)
    format: Literal["DateOnly", "DateAndTime", "TextArea"] | None = None
    format_name: Named | None = None
    date_time_behavior: Named | None = None
    default_value: bool | None = None
    option_set: OptionSet | None = None

    @property
    def kind(self) -> str:
        """Such as "String"."""
        return self.odata_type.removeprefix(CRM).removesuffix("AttributeMetadata")


class Entity(Posted):
    """Required but for `Description` is what the documentation lists as required."""

    schema_name: SchemaName
    display_name: Label
    display_collection_name: Label
    description: Label | None = None
    ownership_type: Literal["UserOwned", "OrganizationOwned"]
    is_activity: Literal[False]
    has_activities: bool
    has_notes: bool
    entity_set_name: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]{1,127}$")
    change_tracking_enabled: bool = False
    attributes: tuple[Attribute, ...] = Field(min_length=1, strict=False)


class EntityKey(Posted):
    schema_name: SchemaName
    display_name: Label
    key_attributes: tuple[str, ...] = Field(min_length=1, max_length=16, strict=False)


class OneToMany(Posted):
    odata_type: Literal["Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata"] = Field(
        alias="@odata.type"
    )
    schema_name: SchemaName
    referenced_entity: str
    referenced_attribute: str
    referencing_entity: str
    referencing_entity_navigation_property_name: str | None = None
    lookup: Attribute
    cascade_configuration: dict[str, str] = Field(default_factory=dict)
    associated_menu_configuration: dict[str, Any] = Field(default_factory=dict)


class Publication(Posted):
    parameter_xml: str


class KeyReference(Posted):
    entity_logical_name: str
    entity_key_logical_name: str


def parsed(kind: type[P], payload: Any) -> P:
    """Raise DataverseError (400) that names the property."""
    try:
        return kind.model_validate(payload)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise bad_payload(
            kind.__name__,
            f"Microsoft.OData.ODataException: The property '{place}' is not valid: "
            f"{problem['msg']}.",
        ) from error
