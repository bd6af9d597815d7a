"""`POST EntityDefinitions`, `…/Attributes`, `…/Keys`, `RelationshipDefinitions`, and publishing.

What is made can be used at once, but for a key: its index takes `keyIndexSeconds`, and fails where
rows have the same values (https://learn.microsoft.com/power-apps/developer/data-platform/
define-alternate-keys-entity). No source was found for the sentences on labels, solutions and names
that are taken, except for columns (0x80047013).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local.dataverse_simulator.definition_payload import (
    Entity,
    EntityKey,
    KeyReference,
    OneToMany,
    Publication,
    parsed,
)
from local.dataverse_simulator.definitions import OWNER, SYSTEM_COLUMNS, Column, Key, Table
from local.dataverse_simulator.errors import DataverseError, method_not_allowed, no_such_segment
from local.dataverse_simulator.exchange import Answer, Operation, json_object, timestamp
from local.dataverse_simulator.made_columns import Texts, made_column
from local.dataverse_simulator.metadata import definition_id
from local.dataverse_simulator.odata_path import Segment
from local.dataverse_simulator.security import Access, know_privileges
from local.dataverse_simulator.store import Customization, Store

MOST_KEYS = 10
KEY_KINDS = ("String", "Integer", "DateTime", "DateOnly", "Lookup", "Picklist")


@dataclass(frozen=True, kw_only=True)
class Making:
    """One call that makes or changes a definition. A key's index takes `index_seconds`."""

    store: Store
    operation: Operation
    access: Access
    now: datetime
    index_seconds: float

    @property
    def payload(self) -> Mapping[str, Any]:
        return json_object(self.operation, "")

    def define(self, table: Table) -> None:
        self.store.define(Customization(table=table, solution=_solution(self)))


def make_definition(making: Making, segments: list[Segment]) -> Answer:
    """`POST EntityDefinitions…` and `POST RelationshipDefinitions`. Raise DataverseError."""
    first, *rest = segments
    match first.name, [segment.name for segment in rest]:
        case "EntityDefinitions", [] if first.argument is None:
            return _make_table(making)
        case "EntityDefinitions", ["Attributes"]:
            return _make_column(making, _named_table(making, first))
        case "EntityDefinitions", ["Keys"]:
            return _make_key(making, _named_table(making, first))
        case "RelationshipDefinitions", []:
            return _make_lookup(making)
    raise method_not_allowed(making.operation.method)


def publish(making: Making) -> Answer:
    """`POST PublishXml`: every named table has to be there; nothing else has to be done here."""
    making.access.demand_privilege("prvPublishCustomization")
    text = parsed(Publication, making.payload).parameter_xml
    for name in re.findall(r"<entity>([^<]*)</entity>", text):
        if name not in making.store.tables.by_logical_name:
            raise _refused(f"The entity with a name = '{name}' was not found.")
    return Answer(status=204)


def reactivate_key(making: Making) -> Answer:
    """`POST ReactivateEntityKey`: build the index of a failed key once more."""
    making.access.demand_privilege("prvCreateEntityKey")
    reference = parsed(KeyReference, making.payload)
    table = making.store.tables.by_logical_name.get(reference.entity_logical_name)
    name = reference.entity_key_logical_name
    key = next((key for key in table.keys if key.name == name), None) if table else None
    if table is None or key is None:
        raise DataverseError(404, "0x80060888", f"Could not find an entity key {name}.")
    others = tuple(one for one in table.keys if one.name != name)
    built = _built(making, table, key.columns, key.model_copy(update={"failed": False}))
    making.define(table.changed(keys=(*others, built)))
    return Answer(status=204)


def _make_table(making: Making) -> Answer:
    making.access.demand_privilege("prvCreateEntity")
    given = parsed(Entity, making.payload)
    texts = Texts(making.store)
    logical = given.schema_name.lower()
    entity_set = given.entity_set_name or plural(logical)
    if logical in making.store.tables.by_logical_name:
        raise _refused(
            "An entity with the specified name already exists. Please specify a unique name."
        )
    if entity_set in making.store.tables.by_entity_set:
        raise _refused(f"The entity set name '{entity_set}' is taken.")
    primary = [attribute for attribute in given.attributes if attribute.is_primary_name]
    if len(primary) != 1 or primary[0].kind != "String":
        raise _refused("Exactly one attribute, a StringAttributeMetadata, has to be IsPrimaryName.")
    columns = tuple(made_column(texts, attribute) for attribute in given.attributes)
    if len({column.name for column in columns}) != len(columns):
        raise _taken(given.attributes[-1].schema_name)
    own = Column(name=f"{logical}id", type="Uniqueidentifier", label=texts.of(given.display_name))
    owner = (OWNER,) if given.ownership_type == "UserOwned" else ()
    table = Table(
        logical_name=logical,
        schema_name=given.schema_name,
        entity_set_name=entity_set,
        primary_id=own.name,
        primary_name=primary[0].schema_name.lower(),
        label=texts.of(given.display_name),
        ownership=given.ownership_type,
        custom=True,
        columns=(own, *columns, *owner, *SYSTEM_COLUMNS),
    )
    making.define(table)
    know_privileges(making.store, table)
    return _made(making, f"EntityDefinitions({definition_id(logical)})")


def _make_column(making: Making, table: Table) -> Answer:
    making.access.demand_privilege("prvCreateAttribute")
    column = made_column(Texts(making.store), making.payload)
    _add_column(making, table, column)
    name = definition_id(f"{table.logical_name}.{column.name}")
    return _made(
        making, f"EntityDefinitions(LogicalName='{table.logical_name}')/Attributes({name})"
    )


def _make_lookup(making: Making) -> Answer:
    making.access.demand_privilege("prvCreateRelationship")
    given = parsed(OneToMany, making.payload)
    tables = making.store.tables.by_logical_name
    target, table = tables.get(given.referenced_entity), tables.get(given.referencing_entity)
    if target is None or table is None:
        name = given.referencing_entity if target else given.referenced_entity
        raise _refused(f"The entity with a name = '{name}' was not found.")
    if given.referenced_attribute != target.primary_id or given.lookup.kind != "Lookup":
        raise _refused("A lookup refers to the primary id of the other table.")
    lookup = given.lookup
    column = Column(
        name=lookup.schema_name.lower(),
        schema_name=lookup.schema_name,
        type="Lookup",
        label=Texts(making.store).of(lookup.display_name),
        target=target.logical_name,
        navigation=given.referencing_entity_navigation_property_name or lookup.schema_name,
        requirement=lookup.required_level.value,
    )
    if column.navigation in table.by_navigation:
        raise _taken(column.navigation)
    _add_column(making, table, column)
    name = f"{table.logical_name}.{column.name}.relationship"
    return _made(making, f"RelationshipDefinitions({definition_id(name)})")


def _make_key(making: Making, table: Table) -> Answer:
    making.access.demand_privilege("prvCreateEntityKey")
    given = parsed(EntityKey, making.payload)
    Texts(making.store).of(given.display_name)
    name = given.schema_name.lower()
    for column in given.key_attributes:
        if column not in table.by_name or table.by_name[column].type not in KEY_KINDS:
            raise _refused(f"'{column}' of '{table.logical_name}' can't be part of a key.")
    if len(table.keys) >= MOST_KEYS:
        raise _refused(f"An entity can have {MOST_KEYS} keys at most.")
    if any(key.name == name or key.columns == given.key_attributes for key in table.keys):
        raise _refused(f"There is a key '{name}' or one of the same attributes already.")
    key = Key(name=name, schema_name=given.schema_name, columns=given.key_attributes)
    built = _built(making, table, given.key_attributes, key)
    making.define(table.changed(keys=(*table.keys, built)))
    path = f"EntityDefinitions(LogicalName='{table.logical_name}')/Keys"
    return _made(making, f"{path}({definition_id(f'{table.logical_name}.{name}')})")


def _built(making: Making, table: Table, columns: tuple[str, ...], key: Key) -> Key:
    """The key while its index is being built, or failed where rows have the same values."""
    values = [
        tuple(row.values.get(column) for column in columns) for row in making.store.rows(table)
    ]
    whole = [one for one in values if None not in one]
    if len(set(whole)) != len(whole):
        return key.model_copy(update={"failed": True})
    if not making.index_seconds:
        return key
    due = making.now + timedelta(seconds=making.index_seconds)
    return key.model_copy(update={"active_from": timestamp(due)})


def _add_column(making: Making, table: Table, column: Column) -> None:
    if column.name in table.by_name:
        raise _taken(column.cased_name)
    making.define(table.changed(columns=(*table.columns, column)))


def _named_table(making: Making, segment: Segment) -> Table:
    """From `(LogicalName='…')` or `(MetadataId)`. Raise DataverseError (404)."""
    argument = segment.argument or ""
    name, _, literal = argument.partition("=")
    for table in making.store.tables.all:
        if (name, literal) == ("LogicalName", f"'{table.logical_name}'"):
            return table
        if not literal and argument == definition_id(table.logical_name):
            return table
    raise no_such_segment(f"EntityDefinitions({argument})")


def _solution(making: Making) -> str:
    """The unique name in the header, or nothing. Raise DataverseError (400)."""
    name = making.operation.headers.get("mscrm.solutionuniquename", "")
    solutions = making.store.tables.by_logical_name["solution"]
    known = [row.values["uniquename"] for row in making.store.rows(solutions)]
    if name and name not in known:
        raise _refused(f"The solution '{name}' was not found.")
    return name


def plural(logical_name: str) -> str:
    """The collection's name as an environment makes it, unless it is told another."""
    if re.search(r"[^aeiou]y$", logical_name):
        return f"{logical_name[:-1]}ies"
    return f"{logical_name}{'es' if re.search(r'(s|x|z|ch|sh)$', logical_name) else 's'}"


def _made(making: Making, path: str) -> Answer:
    return Answer(status=204, headers={"OData-EntityId": f"{making.operation.service_root}{path}"})


def _taken(name: str) -> DataverseError:
    return DataverseError(
        400, "0x80047013", f"An attribute with the specified name {name} already exists."
    )


def _refused(reason: str) -> DataverseError:
    return DataverseError(400, "0x80040203", reason)
