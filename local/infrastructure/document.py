"""The parts of docs/infrastructure.md that are made from the Bicep files, between marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.infrastructure.diagram import diagram_of
from local.infrastructure.parameter_table import parameter_table_of
from local.markdown import with_part
from local.stack.layout import ROOT

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates

INFRASTRUCTURE = ROOT / "infra"
DOCUMENT = ROOT / "docs" / "infrastructure.md"


def filled_in(text: str, templates: Templates) -> str:
    """The text with each part as the files have it now. Raises ValueError where a mark is gone."""
    parts = {
        "diagram": f"```mermaid\n{diagram_of(templates)}```\n",
        "parameters": parameter_table_of(templates),
    }
    for name, content in parts.items():
        text = with_part(text, f"made from infra/: {name}", name, f"\n{content}\n")
    return text
