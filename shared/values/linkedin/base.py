"""What LinkedIn's objects have in common: read tolerantly, since LinkedIn adds to them."""

from typing import Any

from pydantic import ConfigDict, ValidationError, model_validator

from shared.values.base import Value


class LinkedInValue(Value):
    """A JSON object of LinkedIn. Fields that we do not know are kept, in `model_extra`."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, given: Any) -> Any:
        if isinstance(given, dict):
            return {name: value for name, value in given.items() if value is not None}
        return given

    def to_json(self) -> dict[str, Any]:
        """As JSON, to be stored or shown: 64-bit ids as strings, times in milliseconds."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def empty_is_absent(given: Any) -> Any:
    """For fields that LinkedIn shows as `{}` when there is nothing."""
    return None if given == {} else given


def places(error: ValidationError) -> str:
    """Where an object is wrong, and nothing of what stands there: "/formResponse: missing"."""
    return ", ".join(
        f"/{'/'.join(str(part) for part in detail['loc'])}: {detail['type']}"
        for detail in error.errors(include_input=False, include_url=False)[:5]
    )
