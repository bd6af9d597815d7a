"""The page that shows a preview: every mail and page, language by language."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cli.forms.shown import Shown
from shared.values.form import Form

INDEX = "index.html"
_GENERATOR = "doi forms preview"


@dataclass(frozen=True, kw_only=True)
class Group:
    """What one language has."""

    language: str
    shown: tuple[Shown, ...]


def write_index(
    form: Form, groups: Sequence[Group], folder: Path, *, pictures: Sequence[str]
) -> None:
    """`pictures` are the names of the looks that there are pictures of, if any."""
    template = _environment().get_template("preview.html.j2")
    html = template.render(form=form, groups=groups, pictures=pictures, generator=_GENERATOR)
    (folder / INDEX).write_text(html, encoding="utf-8")


def is_preview(folder: Path) -> bool:
    """Whether the folder holds an earlier one, which may be written over."""
    index = folder / INDEX
    return index.is_file() and _GENERATOR in index.read_text(encoding="utf-8", errors="replace")


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
