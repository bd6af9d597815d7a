"""`doi mail lint`: the legal linter."""

from typing import Annotated

import typer

from cli.chosen_forms import ALLOWED_WORDS, FORMS, LANGUAGES, chosen_forms
from cli.exit_codes import NOT_ALL_DONE
from cli.lint.lint import lint_form
from cli.lint.place import Places
from cli.lint.rule import Mode
from cli.mail.lint_report import show_results, show_rules
from cli.printing import note
from shared import wiring


def lint(  # noqa: PLR0913 - one parameter per option
    forms: FORMS = None,
    *,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict/--normal",
            help="After LG Stendal (no logo, no 'welcome', no 'questions?'), or as most read the "
            "law.",
        ),
    ] = True,
    language: LANGUAGES = None,
    allow: ALLOWED_WORDS = None,
    rules: Annotated[
        bool, typer.Option("--rules", help="List the rules with their sources, and end.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Hold the forms' mails to what courts, laws and RFCs want of them.

    Every language, kind (confirmation, renewal, reminder) and origin (website,
    LinkedIn lead) is composed as the app does it: text, HTML, headers, wire.
    Asks nothing outside. Exit code 1 where a rule is broken. No substitute
    for counsel.
    """
    mode = Mode.STRICT if strict else Mode.NORMAL
    if rules:
        show_rules(mode, as_json=json)
        return
    offline = wiring.offline()
    chosen = chosen_forms(forms, offline.loaded, languages=language)
    places = Places(offline.folder)
    results = {
        form.id: lint_form(
            form,
            offline,
            places,
            mode=mode,
            languages=language or (),
            allowed_words=allow or (),
        )
        for form in chosen.forms
    }
    show_results(results, chosen.broken, mode, as_json=json)
    if chosen.broken:
        note("A file with a mistake has no mails to look at: `doi forms check` says what it is.")
    if chosen.broken or any(result.findings for result in results.values()):
        raise typer.Exit(NOT_ALL_DONE)
