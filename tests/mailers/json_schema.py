"""Building blocks of the JSON Schemas that the simulators hold requests against."""

from typing import Any

TEXT = {"type": "string"}


def strict_object(required: list[str], **properties: Any) -> dict[str, Any]:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }
