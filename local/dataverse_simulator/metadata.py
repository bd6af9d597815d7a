"""`EntityDefinitions`: what clients ask about tables, columns, keys and relationships.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api.
Reading a kind of definition needs its privilege (`prvReadEntity`, `prvReadAttribute`, …).
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid5

from local.dataverse_simulator.definitions import Column, Table, Tables, Value
from local.dataverse_simulator.errors import (
    DataverseError,
    bad_query,
    no_such_segment,
    unknown_property,
)
from local.dataverse_simulator.exchange import Answer, Operation
from local.dataverse_simulator.odata_filter import parse_filter
from local.dataverse_simulator.odata_path import Segment
from local.dataverse_simulator.odata_query import MANY_ROWS, ONE_ROW, Query, parse_query
from local.dataverse_simulator.privileges import (
    BASIC,
    DEEP,
    GLOBAL,
    LOCAL,
    Privilege,
    privilege_id,
    privileges_of,
)
from local.dataverse_simulator.security import Access
from local.dataverse_simulator.seed import NAMESPACE

Item = dict[str, Any]
"""One definition: plain properties, and under a navigation property's name its items."""

CAST = "Microsoft.Dynamics.CRM."
ENGLISH = 1033
METADATA_QUERY = MANY_ROWS - {"$top", "$orderby", "$skiptoken"}


READ_PRIVILEGES: Mapping[str, str] = {
    "EntityDefinitions": "prvReadEntity",
    "Attributes": "prvReadAttribute",
    "Keys": "prvReadEntityKey",
    "ManyToOneRelationships": "prvReadRelationship",
    "OptionSet": "prvReadOptionSet",
}


def answer_metadata(
    tables: Tables, segments: list[Segment], operation: Operation, access: Access
) -> Answer:
    """`EntityDefinitions…` in every form that is simulated. Raise DataverseError."""
    items: Item | list[Item] = [_entity(table) for table in tables.all]
    for segment in segments:
        if privilege := READ_PRIVILEGES.get(segment.name):
            access.demand_privilege(privilege)
        items = _step(items, segment)
    _demand_expanded(parse_query(operation.query, METADATA_QUERY), access)
    root = f"{operation.service_root}$metadata#{operation.path}"
    if isinstance(items, list):
        query = parse_query(operation.query, METADATA_QUERY)
        chosen = [_shown(item, query) for item in _filtered(items, query)]
        counted = {"@odata.count": len(chosen)} if query.count else {}
        return Answer(status=200, body={"@odata.context": root, **counted, "value": chosen})
    query = parse_query(operation.query, ONE_ROW)
    body = {"@odata.context": f"{root}/$entity", **_shown(items, query)}
    return Answer(status=200, body=body)


def _demand_expanded(query: Query, access: Access) -> None:
    for name, inner in query.expand.items():
        if privilege := READ_PRIVILEGES.get(name):
            access.demand_privilege(privilege)
        _demand_expanded(inner, access)


def _step(items: Item | list[Item], segment: Segment) -> Item | list[Item]:
    """Follow one path segment: a collection, a cast, or one item of a collection by its key."""
    if isinstance(items, dict):
        found = items.get(segment.name)
        if not isinstance(found, dict | list):
            raise no_such_segment(segment.name)
        reached: Item | list[Item] = found
    elif segment.name.startswith(CAST):
        kind = f"#{segment.name}"
        reached = [item for item in items if item.get("@odata.type") == kind]
    elif segment.name == "EntityDefinitions":
        reached = items
    else:
        raise no_such_segment(segment.name)
    if segment.argument is None or isinstance(reached, dict):
        return reached
    return _by_key(reached, segment.argument)


def _by_key(items: list[Item], argument: str) -> Item:
    name, _, literal = argument.partition("=")
    wanted = literal.strip("'") if literal else argument.strip()
    key = name if literal else "MetadataId"
    for item in items:
        if item.get(key) == wanted:
            return item
    raise DataverseError(
        404, "0x80060888", f"Could not find an entity or attribute with {key} = {wanted}."
    )


def _filtered(items: list[Item], query: Query) -> list[Item]:
    if not query.filter or not items:
        return items
    plain = {name: value for name, value in items[0].items() if not isinstance(value, dict | list)}
    names = [name for name in plain if not name.startswith("@")]
    as_table = Table(
        logical_name="metadata",
        entity_set_name="metadata",
        primary_id="MetadataId",
        primary_name="LogicalName",
        columns=tuple(
            Column(name=name, type="Boolean" if isinstance(plain[name], bool) else "String")
            for name in names
        ),
    )
    passing = parse_filter(as_table, query.filter)
    return [item for item in items if passing.test(item)]


def _shown(item: Item, query: Query) -> Item:
    plain = {name: value for name, value in item.items() if not _is_navigation(name)}
    for name in query.select or ():
        if name not in plain:
            raise unknown_property(name, str(item.get("@odata.type", "metadata")).split(".")[-1])
    wanted = query.select or tuple(plain)
    body = {
        name: value
        for name, value in plain.items()
        if name in wanted or name in ("@odata.type", "MetadataId")
    }
    for name, inner in query.expand.items():
        found = item.get(name)
        if not _is_navigation(name) or found is None:
            raise bad_query(f"Could not find a property named '{name}'.")
        if isinstance(found, list):
            body[name] = [_shown(each, inner) for each in _filtered(found, inner)]
        else:
            body[name] = _shown(found, inner)
    return body


def _is_navigation(name: str) -> bool:
    return name in ("Attributes", "Keys", "ManyToOneRelationships", "OptionSet")


def _entity(table: Table) -> Item:
    return {
        "MetadataId": definition_id(table.logical_name),
        "LogicalName": table.logical_name,
        "SchemaName": table.cased_name,
        "DisplayName": _label(table.label),
        "EntitySetName": table.entity_set_name,
        "LogicalCollectionName": table.entity_set_name,
        "PrimaryIdAttribute": table.primary_id,
        "PrimaryNameAttribute": table.primary_name,
        "IsCustomEntity": table.custom or table.logical_name.startswith(("msdynmkt_", "new_")),
        "IsOptimisticConcurrencyEnabled": True,
        "OwnershipType": table.ownership,
        "Privileges": [_privilege(privilege) for privilege in privileges_of(table)],
        "Attributes": [_attribute(table, column) for column in table.columns],
        "Keys": [
            {
                "MetadataId": definition_id(f"{table.logical_name}.{key.name}"),
                "LogicalName": key.name,
                "SchemaName": key.schema_name or key.name,
                "EntityLogicalName": table.logical_name,
                "KeyAttributes": list(key.columns),
                "EntityKeyIndexStatus": key.status,
            }
            for key in table.keys
        ],
        "ManyToOneRelationships": [
            {
                "MetadataId": definition_id(f"{table.logical_name}.{column.name}.relationship"),
                "SchemaName": f"{table.logical_name}_{column.name}_{column.target}",
                "ReferencedEntity": column.target,
                "ReferencedAttribute": f"{column.target}id",
                "ReferencingEntity": table.logical_name,
                "ReferencingAttribute": column.name,
                "ReferencingEntityNavigationPropertyName": column.navigation,
            }
            for column in table.columns
            if column.type == "Lookup"
        ],
    }


def _attribute(table: Table, column: Column) -> Item:
    kind = {"DateOnly": "DateTime"}.get(column.type, column.type)
    writable = not column.read_only and not table.read_only
    item: Item = {
        "@odata.type": f"#{CAST}{kind}AttributeMetadata",
        "MetadataId": definition_id(f"{table.logical_name}.{column.name}"),
        "LogicalName": column.name,
        "SchemaName": column.cased_name,
        "EntityLogicalName": table.logical_name,
        "AttributeType": "Virtual" if kind == "MultiSelectPicklist" else kind,
        "AttributeTypeName": {"Value": f"{kind}Type"},
        "DisplayName": _label(column.label),
        "IsPrimaryId": column.name == table.primary_id,
        "IsPrimaryName": column.name == table.primary_name,
        "IsValidForCreate": writable,
        "IsValidForUpdate": writable and column.name != table.primary_id,
        "IsValidForRead": True,
        "IsSecured": column.secured,
        "RequiredLevel": {"Value": "SystemRequired" if column.required else column.requirement},
    }
    if column.type in ("String", "Memo"):
        item["MaxLength"] = column.max_length
    if column.type in ("DateTime", "DateOnly"):
        date_only = column.type == "DateOnly"
        item["Format"] = "DateOnly" if date_only else "DateAndTime"
        item["DateTimeBehavior"] = {"Value": "DateOnly" if date_only else "UserLocal"}
    if column.type == "Lookup":
        item["Targets"] = [column.target]
    if column.options:
        item["OptionSet"] = _option_set(table, column)
    return item


def _privilege(privilege: Privilege) -> Item:
    depths = {"Basic": BASIC, "Deep": DEEP, "Global": GLOBAL, "Local": LOCAL}
    return {
        **{f"CanBe{name}": privilege.can_be(mask) for name, mask in depths.items()},
        "CanBeEntityReference": False,
        "CanBeParentEntityReference": False,
        "Name": privilege.name,
        "PrivilegeId": privilege_id(privilege.name),
        "PrivilegeType": privilege.kind,
    }


def _option_set(table: Table, column: Column) -> Mapping[str, Value | Any]:
    return {
        "MetadataId": definition_id(f"{table.logical_name}.{column.name}.options"),
        "Name": f"{table.logical_name}_{column.name}",
        "IsGlobal": False,
        "Options": [
            {"Value": value, "Label": _label(label)} for value, label in column.options.items()
        ],
    }


def _label(text: str) -> Item:
    localized = {"Label": text, "LanguageCode": ENGLISH}
    return {"LocalizedLabels": [localized], "UserLocalizedLabel": localized}


def definition_id(name: str) -> str:
    """The MetadataId of a table, or of `table.column`, `table.key`."""
    return str(uuid5(NAMESPACE, f"metadata {name}"))
