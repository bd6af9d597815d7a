"""What every value has in common: immutable, strict about unknown keys, camelCase on the wire."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Value(BaseModel):
    """Base of every value that crosses a boundary (form file, queue message, table row)."""

    model_config = ConfigDict(
        defer_build=True,  # of 80 kinds of value a start of the app needs ten
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,  # an error's text must not quote what a person typed
    )
