"""The seed file: what one environment has on top of the standard tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from uuid import UUID, uuid5

from pydantic import Field, TypeAdapter, model_validator

from local.dataverse_simulator.definitions import (
    OWNER,
    SYSTEM_COLUMNS,
    Column,
    Definition,
    Key,
    Table,
    Tables,
    Value,
)

STANDARD_TABLES = Path(__file__).with_name("standard_tables.json")
DEFAULT_SEED = Path(__file__).parent.parent / "dataverse_seed.json"
NAMESPACE = UUID("d7a1a3c2-5d0e-4f4e-9a63-2f1c8f5b7e90")
SYSTEM_ADMINISTRATOR = "System Administrator"
APPLICATION_ID = "a1b2c3d4-0000-4000-8000-000000000001"
ADMINISTRATOR_ID = str(uuid5(NAMESPACE, "administrator"))
ORGANIZATION_ID = "00000000-0000-0000-0000-0000000000a1"
BUSINESS_UNIT_ID = "00000000-0000-0000-0000-0000000000b1"

Depth = Literal["Basic", "Local", "Deep", "Global"]
ParameterType = Literal["Boolean", "DateTime", "EntityReference", "Integer", "String", "Guid"]
PARAMETER_TYPES: Mapping[ParameterType, int] = {
    "Boolean": 0,
    "DateTime": 1,
    "EntityReference": 5,
    "Integer": 7,
    "String": 10,
    "Guid": 12,
}


class Parameter(Definition):
    unique_name: str
    type: ParameterType
    is_optional: bool = False


class CustomApi(Definition):
    """A published CIJ trigger is such an unbound action.

    `execute_privilege_name`: only who has this privilege may call it.
    """

    unique_name: str = Field(pattern=r"^[a-z0-9]+_\w+$")
    display_name: str = ""
    execute_privilege_name: str | None = None
    is_function: bool = False
    parameters: tuple[Parameter, ...] = ()


class User(Definition):
    """Who may call: the application that a token was issued for, and what roles it has."""

    full_name: str
    application_id: str
    roles: tuple[str, ...] = ()


ADMINISTRATOR = User(
    full_name="System administrator",
    application_id="a1b2c3d4-0000-4000-8000-0000000000ad",
    roles=(SYSTEM_ADMINISTRATOR,),
)


class Security(Definition):
    """Users and roles; a role's depths by name of privilege. SYSTEM_ADMINISTRATOR may everything.

    The first user is who the managed identity endpoint issues tokens for, unless asked for
    another. ADMINISTRATOR is there as well.
    """

    users: tuple[User, ...] = (
        User(
            full_name="# headless double opt-in",
            application_id=APPLICATION_ID,
            roles=(SYSTEM_ADMINISTRATOR,),
        ),
    )
    roles: Mapping[str, Mapping[str, Depth]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _roles_are_there(self) -> Self:
        known = {SYSTEM_ADMINISTRATOR, *self.roles}
        for user in self.users:
            if unknown := set(user.roles) - known:
                raise ValueError(f"no role '{min(unknown)}' for user '{user.full_name}'")
        return self


class Seed(Definition):
    """A seed file. `rows` are plain column values by entity set; lookups hold the target's id."""

    contact_columns: tuple[Column, ...] = ()
    contact_keys: tuple[Key, ...] = ()
    tables: tuple[Table, ...] = ()
    rows: Mapping[str, tuple[Mapping[str, Value], ...]] = Field(default_factory=dict)
    custom_apis: tuple[CustomApi, ...] = ()
    security: Security = Security()


def read_seed(path: Path) -> Seed:
    """Raise `pydantic.ValidationError` where the file is not a seed."""
    return Seed.model_validate_json(path.read_text("utf-8"))


def tables_of(seed: Seed) -> Tables:
    """Standard and seeded tables, each with the columns that every Dataverse table has."""
    adapter = TypeAdapter(tuple[Table, ...])
    standard = adapter.validate_json(STANDARD_TABLES.read_text("utf-8"))
    return Tables(tuple(_complete(table, seed) for table in (*standard, *seed.tables)))


def _complete(table: Table, seed: Seed) -> Table:
    own = Column(name=table.primary_id, type="Uniqueidentifier", label="Id")
    extra = seed.contact_columns if table.logical_name == "contact" else ()
    keys = seed.contact_keys if table.logical_name == "contact" else ()
    owner = (OWNER,) if table.ownership == "UserOwned" else ()
    return table.model_copy(
        update={
            "columns": (own, *table.columns, *extra, *owner, *SYSTEM_COLUMNS),
            "keys": (*table.keys, *keys),
        }
    )


def seeded_rows(seed: Seed) -> dict[str, list[Mapping[str, Value]]]:
    """Every row that exists before anyone called, by entity set."""
    rows: dict[str, list[Mapping[str, Value]]] = {
        name: list(given) for name, given in seed.rows.items()
    }
    rows["customapis"] = [
        {
            "customapiid": custom_api_id(api),
            "uniquename": api.unique_name,
            "name": api.unique_name,
            "displayname": api.display_name,
            "executeprivilegename": api.execute_privilege_name,
            "isfunction": api.is_function,
        }
        for api in seed.custom_apis
    ]
    rows["customapirequestparameters"] = [
        {
            "customapirequestparameterid": str(
                uuid5(NAMESPACE, f"{api.unique_name}.{parameter.unique_name}")
            ),
            "uniquename": parameter.unique_name,
            "name": parameter.unique_name,
            "type": PARAMETER_TYPES[parameter.type],
            "isoptional": parameter.is_optional,
            "customapiid": custom_api_id(api),
        }
        for api in seed.custom_apis
        for parameter in api.parameters
    ]
    return rows


def custom_api_id(api: CustomApi) -> str:
    return str(uuid5(NAMESPACE, api.unique_name))
