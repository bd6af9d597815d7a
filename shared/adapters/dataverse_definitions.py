"""From the JSON of definitions to values.

https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
"""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.values.dataverse.definitions import (
    ColumnDefinition,
    KeyDefinition,
    KeyStatus,
    LookupDefinition,
    ParameterType,
    PrivilegeDefinition,
    TableDefinition,
    TriggerDefinition,
    TriggerParameter,
)
from shared.values.dataverse.depth import Depth

Row = Mapping[str, Any]
CHOICES = ("Picklist", "MultiSelectPicklist")
TABLE = (
    "$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute"
    "&$expand=Keys($select=LogicalName,KeyAttributes,EntityKeyIndexStatus),"
    "ManyToOneRelationships($select=ReferencedEntity,ReferencingAttribute,"
    "ReferencingEntityNavigationPropertyName)"
)


def table_of(row: Row) -> TableDefinition:
    """What TABLE asks for. A status of a key that is not known counts as pending."""
    known = {status.value: status for status in KeyStatus}
    return TableDefinition(
        name=row["LogicalName"],
        entity_set=row["EntitySetName"],
        primary_id=row["PrimaryIdAttribute"],
        primary_name=row["PrimaryNameAttribute"] or "",
        keys=tuple(
            KeyDefinition(
                name=key["LogicalName"],
                columns=tuple(key["KeyAttributes"]),
                status=known.get(key["EntityKeyIndexStatus"], KeyStatus.PENDING),
            )
            for key in row["Keys"]
        ),
        lookups=tuple(
            LookupDefinition(
                column=one["ReferencingAttribute"],
                navigation=one["ReferencingEntityNavigationPropertyName"],
                target=one["ReferencedEntity"],
            )
            for one in row["ManyToOneRelationships"]
        ),
    )


def column_of(row: Row, options: Mapping[str, frozenset[int]]) -> ColumnDefinition:
    """`options` are those of choices, by column."""
    behavior = row.get("DateTimeBehavior") or {}
    return ColumnDefinition(
        name=row["LogicalName"],
        kind=row["AttributeTypeName"]["Value"].removesuffix("Type"),
        max_length=row.get("MaxLength"),
        options=options.get(row["LogicalName"], frozenset()),
        date_only=behavior.get("Value") == "DateOnly",
        can_be_written=row["IsValidForCreate"] and row["IsValidForUpdate"],
        secured=bool(row.get("IsSecured")),
    )


def options_of(rows: Iterable[Row]) -> dict[str, frozenset[int]]:
    """The options of choices, by column."""
    return {
        row["LogicalName"]: frozenset(option["Value"] for option in row["OptionSet"]["Options"])
        for row in rows
    }


def privileges_of(row: Row) -> tuple[PrivilegeDefinition, ...]:
    """The privileges of a table."""
    return tuple(
        PrivilegeDefinition(
            id=one["PrivilegeId"],
            name=one["Name"],
            right=one["PrivilegeType"],
            depths=frozenset(depth for depth in Depth if one[f"CanBe{depth}"]),
        )
        for one in row["Privileges"]
    )


def privilege_of(row: Row) -> PrivilegeDefinition:
    """From a row of table privilege."""
    return PrivilegeDefinition(
        id=row["privilegeid"],
        name=row["name"],
        right="None",
        depths=frozenset(depth for depth in Depth if row[f"canbe{depth.lower()}"]),
    )


def depths_of(answer: Row, by: str) -> dict[str, Depth]:
    """The RolePrivileges of a function's answer; the deepest where one comes twice.

    `by` is what they are told apart by: PrivilegeName or PrivilegeId.
    """
    known = {depth.value: depth for depth in Depth}
    depths: dict[str, Depth] = {}
    for one in answer["RolePrivileges"]:
        depth = known.get(one["Depth"])
        before = depths.get(one[by])
        if depth and not (before and before.reaches(depth)):
            depths[one[by]] = depth
    return depths


def trigger_of(row: Row) -> TriggerDefinition:
    """From a row of table customapi, with its parameters."""
    known = {kind.value: kind for kind in ParameterType}
    return TriggerDefinition(
        name=row["uniquename"],
        is_action=not row["isfunction"],
        execute_privilege=row["executeprivilegename"],
        parameters={
            one["uniquename"]: TriggerParameter(
                type=known.get(one["type"]), optional=one["isoptional"]
            )
            for one in row["CustomAPIRequestParameters"]
        },
    )
