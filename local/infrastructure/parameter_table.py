"""The parameters of main.bicep as a Markdown table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.markdown import table

if TYPE_CHECKING:
    from local.infrastructure.files import Declaration
    from local.infrastructure.templates import Templates


def parameter_table_of(templates: Templates) -> str:
    """One row for each: name, default, description with the values that are allowed."""
    rows = [_row(parameter) for parameter in templates.main.parameters.values()]
    return table(("parameter", "default", "what it is"), rows)


def _row(parameter: Declaration) -> tuple[str, str, str]:
    default = "**needed**"
    if parameter.has_value:
        default = f"`{json.dumps(parameter.value)}`" if parameter.value != "" else "empty"
    return (f"`{parameter.name}`", default, f"{parameter.description}{_limits(parameter)}")


def _limits(parameter: Declaration) -> str:
    given = {
        name: each.arguments[0] for name, each in parameter.decorators.items() if each.arguments
    }
    if "allowed" in given:
        shown = ", ".join(f"`{value}`" for value in given["allowed"] if value != "")
        return f" One of {shown}."
    if "maxValue" in given:
        return f" {given.get('minValue', 0)} to {given['maxValue']}."
    return ""
