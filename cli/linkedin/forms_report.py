"""How `doi linkedin forms` shows lead forms."""

from collections.abc import Iterable, Mapping, Sequence

from cli.printing import note, print_json, print_table, say
from shared.linkedin.found import Unreadable
from shared.values.form import Form
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.locale import MultiLocaleString
from shared.values.linkedin.question import Question


def show_forms(
    forms: Sequence[LeadForm],
    unreadable: Sequence[Unreadable],
    ours: Mapping[str, Form],
    *,
    as_json: bool,
) -> None:
    """The JSON is an object of two lists; ids are text, since they have 64 bits."""
    if as_json:
        print_json(
            {
                "forms": [_summary(form, ours) for form in forms],
                "unreadable": [{"id": each.id, "problem": each.problem} for each in unreadable],
            }
        )
        return
    if forms:
        print_table(
            f"lead forms: {len(forms)}",
            ("id", "state", "version", "locale", "name", "our form"),
            ([_text(cell) for cell in _summary(form, ours).values()][:6] for form in forms),
        )
    elif not unreadable:
        say("There are no lead forms.")
    for each in unreadable:
        note(f"Lead form {each.id or 'without id'} cannot be read: {each.problem}")


def show_form(form: LeadForm, *, as_json: bool) -> None:
    """The JSON is LinkedIn's own, 64-bit ids as text."""
    if as_json:
        print_json(form.to_json())
        return
    review = form.review_info.review_status if form.review_info else None
    say(f"{form.name or 'without name'}  (lead form {form.id}, version {form.version_id})")
    say(f"{form.owner.urn if form.owner else 'owner unknown'}")
    say(f"state {form.state}, review {review or 'unknown'}")
    print_table(
        "questions",
        ("prefilled or label", "question", "required", "options"),
        (_question(form, each) for each in form.content.questions),
    )
    legal = form.content.legal_info
    print_table(
        "checkboxes",
        ("id", "required", "text"),
        (
            (str(box.id), _yes(given=box.check_required), _words(form, box.consent))
            for box in legal.consents
        ),
    )
    if form.hidden_fields:
        hidden = ((each.name, each.value) for each in form.hidden_fields)
        print_table("hidden fields", ("name", "value"), hidden)
    say(f"Privacy policy: {legal.privacy_policy_url or 'none'}")


def _summary(form: LeadForm, ours: Mapping[str, Form]) -> dict[str, str | int | list[str] | None]:
    return {
        "id": None if form.id is None else str(form.id),
        "state": form.state,
        "version": form.version_id,
        "locale": form.creation_locale.tag if form.creation_locale else None,
        "name": form.name,
        "ourForms": [each.id for each in ours.values() if _takes(each, form)],
        "review": form.review_info.review_status if form.review_info else None,
        "owner": form.owner.urn if form.owner else None,
    }


def _takes(ours: Form, form: LeadForm) -> bool:
    mappings = ours.linked_in.forms if ours.linked_in else ()
    return any(mapping.id == str(form.id) for mapping in mappings)


def _question(form: LeadForm, question: Question) -> tuple[str, str, str, str]:
    handle = question.predefined_field or (f"label {question.label}" if question.label else "none")
    options = (each.label or _words(form, each.text) for each in question.options)
    required = _yes(given=question.response_required)
    return handle, _words(form, question.question), required, ", ".join(options)


def _words(form: LeadForm, text: MultiLocaleString | None) -> str:
    return text.text(form.creation_locale) if text else ""


def _yes(*, given: bool) -> str:
    return "yes" if given else "no"


def _text(cell: str | int | Iterable[str] | None) -> str:
    if cell is None or isinstance(cell, str | int):
        return "" if cell is None else str(cell)
    return ", ".join(cell)
