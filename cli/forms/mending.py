"""How to mend a mistake in a form file."""

import difflib
import re

from cli.forms.schema import description_at, keys_beside
from shared.broken_form import BrokenForm

# What the reasons of shared/form_files.py and shared/values/form*.py begin with or hold.
_BY_REASON = (
    (
        r"the setting (\S+) is missing",
        r"set \1 where the app's settings are (docs/settings.md), or write the value into the file",
    ),
    (
        r"%(\S+)%: only settings that begin with FORM_",
        r"a form's definition is published: put the value into a setting FORM_\1",
    ),
    (
        r"the same key twice: (.+)",
        r"keep one of the two '\1', with the text of both",
    ),
    (
        r"is not readable JSON",
        "a comma, quote or bracket is missing, mostly in the line before; an editor marks it",
    ),
    (r"^Input should be ('.+)", r"write one of these: \1"),
    (
        r"^has .*; needs (.+)",
        r"give exactly these languages: \1 - or change /languages",
    ),
    (
        r"^no texts in (.+); there are (.+)",
        r"take \1 out of the languages, or add shared/texts/\1.json",
    ),
    (r"but the file is called '(.+)\.json'", r"write \1 here, or rename the file"),
    (r"leads to '(.+)' already", r"name the lead form in one form only: this one, or \1"),
    (r"unknown (?:fields|consents): (.+)", r"correct \1, or add it to the form"),
    (r"required (?:fields|consents) are missing: (.+)", r"map \1 to a question of the lead form"),
    (r"is longer than forgottenAfter", "make it shorter, or forgottenAfter longer"),
    (r"is not shorter than forgottenAfter", "make it shorter, or forgottenAfter longer"),
)


def how_to_mend(mistake: BrokenForm) -> str:
    """One sentence without a full stop."""
    for pattern, advice in _BY_REASON:
        if match := re.search(pattern, mistake.reason):
            return match.expand(advice)
    key = mistake.pointer.rpartition("/")[2]
    if mistake.reason == "is unknown here":
        near = difflib.get_close_matches(key, keys_beside(mistake.pointer), 1)
        return f"did you mean '{near[0]}'?" if near else f"remove it; {_known(mistake.pointer)}"
    described = description_at(mistake.pointer)
    if mistake.reason == "is missing":
        return f"add it: {described}" if described else "add it; docs/forms.md says what it is"
    described = described.removesuffix(".") if described else None
    return f"it should be: {described}" if described else "docs/forms.md says what belongs here"


def _known(pointer: str) -> str:
    keys = keys_beside(pointer)
    return f"known here: {', '.join(keys)}" if keys else "docs/forms.md says what belongs here"
