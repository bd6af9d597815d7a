"""Writes what infra/ says into docs/infrastructure.md: `python3 dev.py diagram`."""

from local.infrastructure.document import DOCUMENT, INFRASTRUCTURE, filled_in
from local.infrastructure.templates import read_templates

DOCUMENT.write_text(
    filled_in(DOCUMENT.read_text(encoding="utf-8"), read_templates(INFRASTRUCTURE)),
    encoding="utf-8",
)
