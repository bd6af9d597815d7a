"""One call of an operation: its parameters, read strictly; every one of them has to be used."""

import re
from dataclasses import dataclass, field
from typing import Any, get_args

from local.linkedin_simulator.access import Access
from local.linkedin_simulator.errors import invalid_param, unexpected_param
from local.linkedin_simulator.exchange import Operation
from local.linkedin_simulator.restli import Projection, Value, read_fields, read_value
from local.linkedin_simulator.stored import OWNER_KINDS, LeadType
from local.linkedin_simulator.urns import number_of
from local.linkedin_simulator.world import World

LEAD_TYPES = get_args(LeadType)
NUMBER = re.compile(r"0|[1-9]\d{0,18}")


@dataclass(frozen=True, kw_only=True)
class Call:
    """`key` is the entity's id in the path, `params` are raw; `body` is parsed JSON."""

    world: World
    access: Access
    version: str
    operation: Operation
    params: dict[str, str]
    key: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    def value(self, name: str) -> Value | None:
        self._read.add(name)
        raw = self.params.get(name)
        return None if raw is None else read_value(name, raw)

    def text(self, name: str) -> str | None:
        value = self.value(name)
        if value is not None and not isinstance(value, str):
            raise invalid_param(name, "a plain value is expected")
        return value

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not NUMBER.fullmatch(value):
            raise invalid_param(name, f"'{value}' is no number")
        return int(value)

    def flag(self, name: str) -> bool:
        value = self.text(name)
        if value not in (None, "true", "false"):
            raise invalid_param(name, "neither true nor false")
        return value == "true"

    def record(self, name: str, *keys: str) -> dict[str, Value] | None:
        """A map that has no other keys."""
        value = self.value(name)
        if value is None:
            return None
        if not isinstance(value, dict) or not value or value.keys() - set(keys):
            raise invalid_param(name, f"a map with {' or '.join(keys)} is expected")
        return value

    def owner(self, name: str = "owner", *, wrapped: bool = False) -> dict[str, str] | None:
        """`(sponsoredAccount:urn%3Ali%3A…)`; the finder of subscriptions wraps it in `value`."""
        if not wrapped:
            return _owner(name, self.record(name, *OWNER_KINDS))
        record = self.record(name, "value")
        inner = record["value"] if record else None
        if inner is not None and not isinstance(inner, dict):
            raise invalid_param(name, "the value is no map")
        return _owner(name, inner)

    def lead_type(self) -> str | None:
        """`(leadType:SPONSORED)`."""
        record = self.record("leadType", "leadType")
        lead_type = record["leadType"] if record else None
        if lead_type is not None and lead_type not in LEAD_TYPES:
            raise invalid_param("leadType", f"{lead_type} is no LeadType")
        return str(lead_type) if record else None

    def ids(self) -> list[str]:
        """`List(1,2)`."""
        value = self.value("ids")
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise invalid_param("ids", "a list of ids is expected: List(1,2)")
        return [str(each) for each in value]

    def fields(self) -> Projection | None:
        self._read.add("fields")
        raw = self.params.get("fields")
        return None if raw is None else read_fields(raw)

    def refuse_others(self) -> None:
        """Raise LinkedInError for a parameter that nobody has read."""
        for name in self.params.keys() - self._read:
            raise unexpected_param(name)


def _owner(name: str, record: dict[str, Value] | None) -> dict[str, str] | None:
    if record is None:
        return None
    kind, owner_urn = next(iter(record.items()), ("", ""))
    if len(record) != 1 or kind not in OWNER_KINDS:
        raise invalid_param(name, f"exactly one of {', '.join(OWNER_KINDS)} is expected")
    if not isinstance(owner_urn, str) or number_of(owner_urn, kind) is None:
        raise invalid_param(name, f"'{owner_urn}' is no urn:li:{kind}")
    return {kind: owner_urn}
