"""PARTIAL_UPDATE of a lead form: `{"patch": {"$set": {…}}}`, and what may be edited when.

While a form is a draft everything may be edited; later a part, whose list is lost in the copy of
the documentation at hand: the simulator takes `name`, `content` and `hiddenFields`. Forms of
organizations and archived forms can't be edited.
https://linkedin.github.io/rest.li/spec/protocol, "Partial Update".
"""

from copy import deepcopy
from typing import Any

from local.linkedin_simulator import access
from local.linkedin_simulator.call import Call
from local.linkedin_simulator.errors import bad_request
from local.linkedin_simulator.exchange import Answer
from local.linkedin_simulator.lead_forms import known_form, parsed
from local.linkedin_simulator.new_form import with_ids
from local.linkedin_simulator.stored import LeadForm

READ_ONLY = ("id", "created", "lastModified", "reviewInfo", "versionId", "versionTag")
EDITABLE_LATER = {"name", "content", "hiddenFields", "state"}
MAKES_A_VERSION = ("content", "hiddenFields")
COMMANDS = ("$set", "$delete")


def update(call: Call) -> Answer:
    call.refuse_others()
    form = known_form(call)
    if not call.access.may_write_forms(form.owner) and "sponsoredAccount" in form.owner:
        raise call.access.refuse(access.CREATE_FORM)
    patch = call.body.get("patch")
    if call.body.keys() != {"patch"} or not isinstance(patch, dict) or not patch:
        raise bad_request('A partial update is {"patch": {"$set": {…}}}', ("/patch", ""))
    edited = deepcopy(form.current)
    _apply(edited, patch, "")
    _refuse_uneditable(form, edited)
    call.world.put_form(_with(form, edited, call.world.milliseconds()))
    return Answer(status=204)


def _apply(target: dict[str, Any], patch: dict[str, Any], place: str) -> None:
    for name, change in patch.items():
        if name == "$set" and isinstance(change, dict):
            target.update(deepcopy(change))
        elif name == "$delete" and isinstance(change, list):
            for each in change:
                target.pop(each, None)
        elif name in COMMANDS or not isinstance(change, dict):
            raise bad_request("Malformed patch", (f"{place}/{name}", "no patch command"))
        elif isinstance(inner := target.get(name), dict):
            _apply(inner, change, f"{place}/{name}")
        else:
            raise bad_request("Malformed patch", (f"{place}/{name}", "there is nothing inside"))


def _refuse_uneditable(form: LeadForm, edited: dict[str, Any]) -> None:
    """Raise LinkedInError (400)."""
    before = form.current
    changed = {name for name in {*before, *edited} if before.get(name) != edited.get(name)}
    if "organization" in form.owner:
        raise bad_request("Non sponsored forms don't support edits")
    if before["state"] == "ARCHIVED":
        raise bad_request("The form is not in an editable state", ("/state", "ARCHIVED"))
    uneditable = changed & {*READ_ONLY, "owner"}
    if before["state"] == "PUBLISHED":
        uneditable |= changed - EDITABLE_LATER
    if uneditable:
        listed = [(f"/{name}", "is not editable") for name in sorted(uneditable)]
        raise bad_request("The field is not editable", *listed)
    if "state" in changed and (before["state"], edited.get("state")) != ("PUBLISHED", "ARCHIVED"):
        raise bad_request("A form goes from PUBLISHED to ARCHIVED only", ("/state", ""))


def _with(form: LeadForm, edited: dict[str, Any], now: int) -> LeadForm:
    """Raise LinkedInError where the edited form is none that could have been created."""
    before = form.current
    writable = {name: value for name, value in edited.items() if name not in READ_ONLY}
    written = parsed(writable).as_json()
    used = {
        question["questionId"]
        for version in form.versions
        for question in version["content"]["questions"]
    }
    if any(
        each.get("questionId", None) not in {None, *used}
        for each in written["content"]["questions"]
    ):
        raise bad_request("An unknown question", ("/content/questions", "questionId is read-only"))
    made = {
        **before,
        **written,
        "content": with_ids(written["content"], form.id, used),
        "lastModified": now,
        "versionTag": str(int(before["versionTag"]) + 1),
    }
    answered_differently = any(made.get(name) != before.get(name) for name in MAKES_A_VERSION)
    if before["state"] == "PUBLISHED" and answered_differently:
        made["versionId"] = before["versionId"] + 1
        return LeadForm(versions=(*form.versions, made))
    return LeadForm(versions=(*form.versions[:-1], made))
