"""Unbound actions, which is what a published CIJ trigger is: `POST /msdynmkt_…` with parameters.

Undeclared parameters: message of Microsoft.OData. Missing ones: `0x80040203`, as the platform says
for its own messages. That `msdynmkt_signaluserauthid` has to be a GUID is CIJ's rule (it names the
contact); real CIJ would only fail later, when it looks for the person. 204 means accepted.
"""

from collections.abc import Mapping
from typing import Any

from local.dataverse_simulator.column_values import parse_guid, parse_instant
from local.dataverse_simulator.definitions import Value
from local.dataverse_simulator.errors import DataverseError, bad_payload
from local.dataverse_simulator.exchange import Answer
from local.dataverse_simulator.seed import CustomApi, Parameter
from local.dataverse_simulator.store import FiredTrigger, Store

AUDIENCE = "msdynmkt_signaluserauthid"


def fire(store: Store, api: CustomApi, payload: Mapping[str, Any], now: str) -> Answer:
    """Check every parameter, then record the trigger. Raise DataverseError (400)."""
    declared = {parameter.unique_name: parameter for parameter in api.parameters}
    for name in payload:
        if name not in declared and not name.startswith("@"):
            raise bad_payload(
                "",
                f"Microsoft.OData.ODataException: The parameter '{name}' in the request payload "
                f"is not a valid parameter for the operation '{api.unique_name}'.",
            )
    parameters = {}
    for name, parameter in declared.items():
        value = _checked(api, parameter, payload.get(name))
        if value is not None:
            parameters[name] = value
    store.fire(FiredTrigger(name=api.unique_name, parameters=parameters, received_at=now))
    return Answer(status=204)


def _checked(api: CustomApi, parameter: Parameter, given: object) -> Value:
    name = parameter.unique_name
    if given is None:
        if parameter.is_optional:
            return None
        raise DataverseError(
            400,
            "0x80040203",
            f"Required field '{name}' is missing for RequestName='{api.unique_name}'",
        )
    match parameter.type:
        case "Boolean" if isinstance(given, bool):
            return given
        case "Integer" if isinstance(given, int) and not isinstance(given, bool):
            return given
        case "String" if isinstance(given, str):
            return _audience(given) if name == AUDIENCE else given
        case "Guid" if isinstance(given, str) and parse_guid(given):
            return parse_guid(given)
        case "DateTime" if isinstance(given, str) and _is_utc(given):
            return given
    edm_type = {
        "Boolean": "Edm.Boolean",
        "Integer": "Edm.Int32",
        "String": "Edm.String",
        "Guid": "Edm.Guid",
        "DateTime": "Edm.DateTimeOffset",
    }[parameter.type]
    raise bad_payload(
        "",
        f"Microsoft.OData.ODataException: Cannot convert the literal '{given}' of parameter "
        f"'{name}' to the expected type '{edm_type}'.",
    )


def _is_utc(text: str) -> bool:
    """CIJ's signal times are UTC; an offset is refused so that nobody sends local time."""
    return text.endswith(("Z", "+00:00")) and parse_instant(text) is not None


def _audience(given: str) -> str:
    if parse_guid(given) is None:
        raise DataverseError(
            400, "0x80040203", f"'{AUDIENCE}' is not the id of a contact or lead: '{given}'"
        )
    return given
