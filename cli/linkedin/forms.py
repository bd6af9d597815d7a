"""`doi linkedin forms`: the lead forms at LinkedIn."""

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from cli.exit_codes import NOT_ALL_DONE
from cli.linkedin.forms_report import show_form, show_forms
from cli.linkedin.options import SECONDS, FormId, Json, Owners, Yes, chosen_owners
from cli.printing import note, print_json, say
from shared.ports import Deadline
from shared.values.linkedin.base import places
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_form_writing import LeadFormRefused, changes_schema

if TYPE_CHECKING:
    from shared.linkedin.client import OutsideWithLinkedIn
    from shared.linkedin.found import Unreadable

commands = typer.Typer(
    help="Lead forms at LinkedIn: list, show, create, change, archive, compare with ours.",
    no_args_is_help=True,
)
File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="JSON as LinkedIn documents it for leadForms.",
        exists=True,
        dir_okay=False,
    ),
]
_ENGLISH = "en"


@commands.command("list")
def list_(context: typer.Context, owner: Owners = None, *, json: Json = False) -> None:
    """The owners' lead forms, archived ones included, and which of our forms takes their leads."""
    outside: OutsideWithLinkedIn = context.obj()
    forms: list[LeadForm] = []
    unreadable: list[Unreadable] = []
    for one in chosen_owners(owner, outside):
        for page in outside.linkedin.forms.of_owner(one, Deadline(SECONDS)):
            forms += page.values
            unreadable += page.unreadable
    show_forms(forms, unreadable, outside.forms, as_json=json)
    if unreadable:
        raise typer.Exit(NOT_ALL_DONE)


@commands.command()
def show(context: typer.Context, id_: FormId, *, json: Json = False) -> None:
    """One lead form: questions with their labels, checkboxes with their ids, hidden fields."""
    outside: OutsideWithLinkedIn = context.obj()
    show_form(outside.linkedin.forms.get(id_, Deadline(SECONDS)), as_json=json)


@commands.command()
def create(context: typer.Context, file: File, *, json: Json = False) -> None:
    """Create a lead form of an ad account, as a draft unless the file says otherwise.

    Needs the permission rw_ads. LinkedIn does not let forms of company pages be created.
    """
    form = _read_form(_read_object(file))
    language = form.creation_locale.language if form.creation_locale else _ENGLISH
    if language != _ENGLISH:
        note(f"LinkedIn shows a form in '{language}' only in campaigns of that language.")
    outside: OutsideWithLinkedIn = context.obj()
    new_id = outside.linkedin.forms.create(form, Deadline(SECONDS))
    if json:
        print_json({"id": None if new_id is None else str(new_id)})
    elif new_id is None:
        say("Created. LinkedIn did not tell its id: doi linkedin forms list")
    else:
        say(f"Created: {new_id}")


@commands.command()
def update(
    context: typer.Context, id_: FormId, file: File, *, yes: Yes = False, json: Json = False
) -> None:
    """Change the fields of a lead form that the file has, and no others.

    All fields of a draft may be changed, some of a published form: LinkedIn judges.
    """
    changes = _read_object(file)
    outside: OutsideWithLinkedIn = context.obj()
    if changes_schema(changes):
        note(
            "This changes what members are asked: LinkedIn makes a new version of the form. Tell"
            " whoever reads its leads, then: doi linkedin forms check-mapping"
        )
        _note_our_forms(id_, outside)
        if not yes:
            typer.confirm(f"Change the content of lead form {id_}?", abort=True, err=True)
    outside.linkedin.forms.update(id_, changes, Deadline(SECONDS))
    if json:
        print_json({"id": str(id_), "changed": sorted(changes)})
    else:
        say(f"Changed {id_}: {', '.join(sorted(changes))}")


@commands.command()
def archive(context: typer.Context, id_: FormId, *, yes: Yes = False, json: Json = False) -> None:
    """Neither form nor its ads are shown any more. Its leads stay."""
    outside: OutsideWithLinkedIn = context.obj()
    _note_our_forms(id_, outside)
    if not yes:
        typer.confirm(f"Archive lead form {id_}, and stop its ads?", abort=True, err=True)
    outside.linkedin.forms.archive(id_, Deadline(SECONDS))
    if json:
        print_json({"id": str(id_), "state": "ARCHIVED"})
    else:
        say(f"Archived: {id_}")


def _note_our_forms(lead_form: int, outside: "OutsideWithLinkedIn") -> None:
    for form in outside.forms.values():
        mappings = form.linked_in.forms if form.linked_in else ()
        if any(mapping.id == str(lead_form) for mapping in mappings):
            note(f"Its leads become registrations of form '{form.id}'.")


def _read_object(file: Path) -> dict[str, Any]:
    try:
        given = json_format.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise typer.BadParameter(f"{file} is no JSON object")
    return given


def _read_form(given: dict[str, Any]) -> LeadForm:
    try:
        return LeadForm.model_validate(given)
    except ValidationError as error:
        raise LeadFormRefused([places(error)]) from None
