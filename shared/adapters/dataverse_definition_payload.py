"""Definitions as the Web API takes them: https://learn.microsoft.com/power-apps/developer/
data-platform/webapi/create-update-entity-definitions-using-web-api, and its neighbours on columns
and relationships.

Labels are given in one language, the environment's own: another one it may not have.
"""

from typing import Any

from shared.values.dataverse.definitions import CONTACT
from shared.values.dataverse.registration_table import NewColumn, NewTable

_CRM = "Microsoft.Dynamics.CRM."
_PRIMARY_LENGTH = 200
Payload = dict[str, Any]


def table_payload(table: NewTable) -> Payload:
    """For `POST EntityDefinitions`: rows have owners, so that a role can reach some of them."""
    primary = _attribute("String", table.primary_name, "Name", table.language, required=False)
    primary |= {"IsPrimaryName": True, **_text(_PRIMARY_LENGTH)}
    description = "People who confirmed their sign-up. Each row starts a journey."
    return {
        "@odata.type": f"{_CRM}EntityMetadata",
        "SchemaName": table.name,
        "EntitySetName": table.entity_set,
        "DisplayName": _label(table.label, table.language),
        "DisplayCollectionName": _label(table.plural_label, table.language),
        "Description": _label(description, table.language),
        "OwnershipType": "UserOwned",
        "IsActivity": False,
        "HasActivities": False,
        "HasNotes": False,
        "Attributes": [primary],
    }


def column_payload(column: NewColumn, language: int) -> Payload:
    """For `POST EntityDefinitions(…)/Attributes`."""
    definition = column.definition
    attribute = _attribute(
        definition.kind, definition.name, column.label, language, required=column.required
    )
    match definition.kind:
        case "String":
            return attribute | _text(definition.max_length or 0)
        case "Memo":
            return attribute | {"Format": "TextArea", "MaxLength": definition.max_length}
        case "DateTime" if definition.date_only:
            behavior = {"DateTimeBehavior": {"Value": "DateOnly"}}
            return attribute | {"Format": "DateOnly", **behavior}
        case "DateTime":
            return attribute | {"Format": "DateAndTime"}
        case "Boolean":
            return attribute | {"DefaultValue": False, "OptionSet": _yes_no(language)}
        case "Picklist" | "MultiSelectPicklist":
            return attribute | {"OptionSet": _options(column, language)}
    raise ValueError(f"{definition.name}: no column of type {definition.kind} can be made")


def lookup_payload(table: NewTable) -> Payload:
    """For `POST RelationshipDefinitions`. A contact that is deleted leaves the row without one."""
    lookup = _attribute("Lookup", table.contact, "Contact", table.language, required=False)
    nothing = dict.fromkeys(("Assign", "Merge", "Reparent", "Share", "Unshare"), "NoCascade")
    return {
        "@odata.type": f"{_CRM}OneToManyRelationshipMetadata",
        "SchemaName": table.relationship,
        "ReferencedEntity": CONTACT,
        "ReferencedAttribute": "contactid",
        "ReferencingEntity": table.name,
        "ReferencingEntityNavigationPropertyName": table.contact,
        "CascadeConfiguration": {**nothing, "Delete": "RemoveLink"},
        "AssociatedMenuConfiguration": {
            "Behavior": "UseCollectionName",
            "Group": "Details",
            "Order": 10000,
        },
        "Lookup": lookup,
    }


def key_payload(table: NewTable) -> Payload:
    """For `POST EntityDefinitions(…)/Keys`."""
    return {
        "SchemaName": table.key_name,
        "DisplayName": _label(table.key_column.label, table.language),
        "KeyAttributes": [table.key_column.definition.name],
    }


def _attribute(kind: str, name: str, label: str, language: int, *, required: bool) -> Payload:
    return {
        "@odata.type": f"{_CRM}{kind}AttributeMetadata",
        "SchemaName": name,
        "DisplayName": _label(label, language),
        "RequiredLevel": {
            "Value": "ApplicationRequired" if required else "None",
            "CanBeChanged": True,
            "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
        },
    }


def _text(length: int) -> Payload:
    return {"FormatName": {"Value": "Text"}, "MaxLength": length}


def _yes_no(language: int) -> Payload:
    return {
        "TrueOption": {"Value": 1, "Label": _label("Yes", language)},
        "FalseOption": {"Value": 0, "Label": _label("No", language)},
        "OptionSetType": "Boolean",
    }


def _options(column: NewColumn, language: int) -> Payload:
    options = [
        {"Value": value, "Label": _label(column.labels.get(value, str(value)), language)}
        for value in sorted(column.definition.options)
    ]
    return {"IsGlobal": False, "OptionSetType": "Picklist", "Options": options}


def _label(text: str, language: int) -> Payload:
    localized = {"@odata.type": f"{_CRM}LocalizedLabel", "Label": text, "LanguageCode": language}
    return {"@odata.type": f"{_CRM}Label", "LocalizedLabels": [localized]}
