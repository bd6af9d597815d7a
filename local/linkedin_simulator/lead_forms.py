"""`/rest/leadForms`: find by owner, get, batch get, create."""

from typing import Any

from pydantic import ValidationError

from local.linkedin_simulator import access
from local.linkedin_simulator.call import Call
from local.linkedin_simulator.errors import (
    LinkedInError,
    bad_request,
    invalid_param,
    not_found,
    wrong_form,
)
from local.linkedin_simulator.exchange import Answer
from local.linkedin_simulator.form_schema import WrittenForm
from local.linkedin_simulator.new_entity import created
from local.linkedin_simulator.new_form import complete, duplicates
from local.linkedin_simulator.paging import page_of
from local.linkedin_simulator.projection import known_fields, projected
from local.linkedin_simulator.restli import Projection
from local.linkedin_simulator.stored import LeadForm

FIELDS = {
    *("id", "created", "lastModified", "creationLocale", "owner", "name", "content"),
    *("hiddenFields", "state", "reviewInfo", "versionId", "versionTag"),
}
NOT_BY_DEFAULT = {"versionTag"}
LARGEST_BATCH = 1000


def shown(form: dict[str, Any], wanted: Projection | None) -> dict[str, Any]:
    """As the API answers: the wanted fields, or those returned by default."""
    if wanted is None:
        return {name: value for name, value in form.items() if name not in NOT_BY_DEFAULT}
    return projected(form, wanted)


def find(call: Call) -> Answer:
    call.text("q")
    owner, wanted = call.owner(), known_fields(call.fields(), FIELDS)
    if owner is None:
        raise invalid_param("owner", "is required")
    if not call.access.may_read_forms(owner):
        raise call.access.refuse(access.FETCH_FORMS)
    found = [form for form in call.world.forms.values() if form.owner == owner]
    found.sort(key=lambda form: (form.current["created"], form.id), reverse=True)
    return page_of(call, [shown(form.current, wanted) for form in found], counted=False)


def get(call: Call) -> Answer:
    wanted = known_fields(call.fields(), FIELDS)
    call.refuse_others()
    form = known_form(call)
    if not call.access.may_read_forms(form.owner):
        raise call.access.refuse(access.BATCH_GET_FORMS)
    return Answer(status=200, body=shown(form.current, wanted))


def known_form(call: Call) -> LeadForm:
    """The form of the path. Raise LinkedInError (400, 404)."""
    form = call.world.forms.get(_form_id(call.key))
    if form is None:
        raise not_found(f"leadForms/{call.key}")
    return form


def batch_get(call: Call) -> Answer:
    ids, wanted = call.ids(), known_fields(call.fields(), FIELDS)
    call.refuse_others()
    if len(ids) > LARGEST_BATCH:
        raise invalid_param("ids", f"at most {LARGEST_BATCH}")
    forms = {form_id: call.world.forms.get(_form_id(form_id)) for form_id in ids}
    if not all(call.access.may_read_forms(form.owner) for form in forms.values() if form):
        raise call.access.refuse(access.BATCH_GET_FORMS)
    body = {
        "results": {key: shown(form.current, wanted) for key, form in forms.items() if form},
        "statuses": {key: 200 if form else 404 for key, form in forms.items()},
        "errors": {
            key: not_found(f"leadForms/{key}").body for key, form in forms.items() if not form
        },
    }
    return Answer(status=200, body=body)


def create(call: Call) -> Answer:
    """Only ad forms; read-only fields are refused, except for the state DRAFT (see the sample)."""
    call.refuse_others()
    form = parsed(call.body)
    if form.owner.sponsored_account is None:
        raise bad_request("Creation of non sponsored forms is not supported", ("/owner", ""))
    owner = {"sponsoredAccount": form.owner.sponsored_account}
    if not call.access.may_write_forms(owner):
        raise call.access.refuse(access.CREATE_FORM)
    if form.state not in (None, "DRAFT"):
        raise wrong_form(("/state", "a form begins as DRAFT"))
    legal_info = form.content.legal_info.legal_info_id
    if legal_info is not None or any(each.question_id for each in form.content.questions):
        raise wrong_form(("/content", "questionId and legalInfoId are read-only"))
    form_id = call.world.next_id()
    made = complete(form, form_id=form_id, now=call.world.milliseconds())
    call.world.put_form(LeadForm(versions=(made,)))
    return created(call, form_id, documented="x-linkedin-id")


def parsed(body: dict[str, Any]) -> WrittenForm:
    """Raise LinkedInError: 400 against the schema, 409 for what has to be unique."""
    try:
        form = WrittenForm.model_validate(body)
    except ValidationError as error:
        raise wrong_form(
            *(
                ("/" + "/".join(str(part) for part in problem["loc"]), problem["msg"])
                for problem in error.errors()
            )
        ) from error
    if refusal := duplicates(form):
        raise refusal
    return form


def _form_id(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise LinkedInError(
            400, "ILLEGAL_ARGUMENT", f"Syntax exception in path variables: '{text}' is no long"
        )
    return int(text)
