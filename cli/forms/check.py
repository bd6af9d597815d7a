"""`doi forms check`: every mistake of every form file, before a website meets one."""

from typing import Annotated, Any

import typer

from cli.chosen_forms import ALLOWED_WORDS, FORMS, chosen_forms
from cli.exit_codes import NOT_ALL_DONE
from cli.forms.checked import CheckedForm, Remark, check_forms
from cli.mail.lint_report import finding_as_json
from cli.printing import print_json, say
from shared import wiring


def check(
    forms: FORMS = None,
    *,
    allow: ALLOWED_WORDS = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Check form files: schema, settings, languages, links, sender, mails.

    Every mistake of every file is told with its place and how to mend it; a
    broken file hides nothing of another. Mails are linted in normal mode.
    Asks nothing outside. Exit code 1 where something has to be mended.
    """
    offline = wiring.offline()
    chosen = chosen_forms(forms, offline.loaded)
    names = sorted([*chosen.broken, *(form.id for form in chosen.forms)])
    checked = list(check_forms(names, offline.loaded, offline.folder, offline, allow or ()))
    if json:
        print_json([_as_json(each) for each in checked])
    else:
        for each in checked:
            _show(each)
    if not all(each.is_good for each in checked):
        raise typer.Exit(NOT_ALL_DONE)


def _show(checked: CheckedForm) -> None:
    form = checked.form
    if form is None:
        say(f"{checked.name}: no usable form")
    else:
        say(f"{checked.name}: {form.state}, in {', '.join(form.languages)}")
    for remark in checked.remarks:
        mark = "MEND" if remark.breaks else "note"
        say(f"  {mark}  {_place(checked, remark)}: {remark.text}")
        say(f"        → {remark.mend}")
    if form is None or checked.mails is None:
        say("        Its parts together, and its mails, are looked at when these are mended.")
        return
    say(f"  mail  {_mails(checked)}")
    leads = len(form.linked_in.forms) if form.linked_in else 0
    lead_forms = f"{leads} LinkedIn lead form{'' if leads == 1 else 's'}"
    say(f"  leads {f'from {lead_forms}' if leads else 'none: no linkedIn section'}")


def _place(checked: CheckedForm, remark: Remark) -> str:
    line = f":{remark.line}" if remark.line else ""
    return f"{checked.file.parent.name}/{checked.file.name}{line} at {remark.pointer or '/'}"


def _mails(checked: CheckedForm) -> str:
    mails = checked.mails
    if mails is None or not mails.findings:
        return f"{mails.mails if mails else 0} mails, clean (normal mode)"
    rules = ", ".join(dict.fromkeys(each.rule.id for each in mails.findings))
    return (
        f"{mails.mails} mails, {len(mails.findings)} to mend: {rules}\n"
        f"        → `doi mail lint {checked.name} --normal` says what and where"
    )


def _as_json(checked: CheckedForm) -> dict[str, Any]:
    form, mails = checked.form, checked.mails
    return {
        "form": checked.name,
        "file": f"{checked.file.parent.name}/{checked.file.name}",
        "good": checked.is_good,
        "state": form.state.value if form else None,
        "languages": list(form.languages) if form else None,
        "remarks": [
            {
                "breaks": each.breaks,
                "pointer": each.pointer,
                "line": each.line,
                "text": each.text,
                "mend": each.mend,
            }
            for each in checked.remarks
        ],
        "mails": mails.mails if mails else None,
        "findings": [finding_as_json(each) for each in mails.findings] if mails else None,
        "linkedInForms": (len(form.linked_in.forms) if form.linked_in else 0) if form else None,
    }
