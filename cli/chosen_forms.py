"""Which forms a command is about, and options that several commands about forms have."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli.exit_codes import NOTHING_FOUND
from cli.printing import note
from shared.form_files import LoadedForms
from shared.values.form import Form

FORMS = Annotated[
    list[str] | None,
    typer.Argument(metavar="FORM", help="Ids of forms. (default: all)", show_default=False),
]
LANGUAGES = Annotated[
    list[str] | None,
    typer.Option(
        "--language", metavar="L", help="Only this language, repeated for more. (default: all)"
    ),
]
ALLOWED_WORDS = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="TEXT",
        help="A name that has to be said, such as the newsletter's, though it has a word of the "
        "lists; repeated for more.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class ChosenForms:
    """The forms, and the names of files that are broken, in alphabetical order."""

    forms: tuple[Form, ...]
    broken: tuple[str, ...]


def chosen_forms(
    names: Sequence[str] | None, loaded: LoadedForms, *, languages: Sequence[str] | None = None
) -> ChosenForms:
    """Those with one of the names, or all. Ends the command when there is no such form.

    Where languages are given, forms that have none of them are left out.
    """
    broken = {Path(mistake.file).stem for mistake in loaded.broken}
    known = broken | set(loaded.forms)
    wanted = {Path(name).stem for name in names or known}  # forms/newsletter.json will do, too
    if unknown := sorted(wanted - known):
        note(f"There is no form {', '.join(unknown)}; there are {', '.join(sorted(known))}.")
        raise typer.Exit(NOTHING_FOUND)
    forms = tuple(
        form
        for name, form in sorted(loaded.forms.items())
        if name in wanted - broken and (not languages or set(languages) & set(form.languages))
    )
    found = sorted(wanted & broken)
    if not forms and not found:
        note(f"None of these forms has a text in {', '.join(languages or ())}.")
        raise typer.Exit(NOTHING_FOUND)
    return ChosenForms(forms=forms, broken=tuple(found))
