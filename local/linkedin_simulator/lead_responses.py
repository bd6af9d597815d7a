"""`/rest/leadFormResponses`: find by owner, get, batch get."""

from typing import Any

from local.linkedin_simulator import access
from local.linkedin_simulator.call import NUMBER, Call
from local.linkedin_simulator.errors import bad_request, invalid_param, not_found
from local.linkedin_simulator.exchange import Answer
from local.linkedin_simulator.paging import page_of
from local.linkedin_simulator.shown_lead import lead_json, wanted_fields
from local.linkedin_simulator.urns import (
    ENTITY_URNS,
    number_of,
    read_versioned_form,
    versioned_form_urn,
)

LARGEST_BATCH = 1000


def find(call: Call) -> Answer:
    call.text("q")
    owner, lead_type, wanted = call.owner(), call.lead_type(), wanted_fields(call)
    if owner is None or lead_type is None:
        raise invalid_param("leadType" if owner else "owner", "is required")
    _require_access(call, owner, lead_type)
    form, entity = _form_filter(call), _entity_filter(call)
    start, end = _time_range(call)
    only_tests = call.flag("limitedToTestLeads")
    found = [
        lead
        for lead in call.world.leads()
        if (lead.owner, lead.lead_type) == (owner, lead_type)
        and form in (None, versioned_form_urn(lead.form_id, lead.version_id))
        and (entity is None or entity in lead.entity.values())
        and (start is None or lead.submitted_at >= start)
        and (end is None or lead.submitted_at < end)
        and (lead.test_lead or not only_tests)
    ]
    return page_of(call, [lead_json(call.world, lead, wanted) for lead in found], counted=True)


def _require_access(call: Call, owner: dict[str, str], lead_type: str) -> None:
    if not call.access.may_read_leads(owner, lead_type):
        raise call.access.refuse(access.READ_LEADS)


def _form_filter(call: Call) -> str | None:
    name = "versionedLeadGenFormUrn"
    text = call.text(name)
    if text is None:
        return None
    found = read_versioned_form(text)
    if found is None:
        raise invalid_param(name, f"'{text}' is no urn:li:versionedLeadGenForm")
    return versioned_form_urn(*found)


def _entity_filter(call: Call) -> str | None:
    """A URN. The documentation has no sample: `(event:urn%3A…)` is taken as well."""
    name = "associatedEntity"
    value = call.value(name)
    if isinstance(value, dict) and len(value) == 1 and value.keys() <= ENTITY_URNS.keys():
        (value,) = value.values()
    if value is None:
        return None
    kinds = ENTITY_URNS.values()
    if not isinstance(value, str) or all(number_of(value, kind) is None for kind in kinds):
        raise invalid_param(name, "a URN of an entity is expected")
    return value


def _time_range(call: Call) -> tuple[int | None, int | None]:
    """ms since 1970: from `start` (required) until before `end`."""
    name = "submittedAtTimeRange"
    record = call.record(name, "start", "end")
    if record is None:
        return None, None
    if "start" not in record or not all(_is_number(value) for value in record.values()):
        raise invalid_param(name, "(start:1,end:2) is expected, in ms; end may be left out")
    start, end = int(str(record["start"])), record.get("end")
    if end is None:
        return start, None
    if int(str(end)) < start:
        raise invalid_param(name, "end lies before start")
    return start, int(str(end))


def _is_number(value: object) -> bool:
    return isinstance(value, str) and NUMBER.fullmatch(value) is not None


def get(call: Call) -> Answer:
    wanted = wanted_fields(call)
    call.refuse_others()
    lead = call.world.lead(call.key)
    if lead is None:
        raise not_found(f"leadFormResponses/{call.key}")
    _require_access(call, lead.owner, lead.lead_type)
    return Answer(status=200, body=lead_json(call.world, lead, wanted))


def batch_get(call: Call) -> Answer:
    """A lead of another owner or type is not found."""
    ids, owner, lead_type, wanted = call.ids(), call.owner(), call.lead_type(), wanted_fields(call)
    call.refuse_others()
    if owner is None or lead_type is None:
        raise bad_request("Please specify a concrete LeadType and Owner for your request.")
    if len(ids) > LARGEST_BATCH:
        raise invalid_param("ids", f"at most {LARGEST_BATCH}")
    _require_access(call, owner, lead_type)
    found = {
        lead.id: lead
        for lead in call.world.leads()
        if (lead.owner, lead.lead_type) == (owner, lead_type)
    }
    results: dict[str, Any] = {
        key: lead_json(call.world, found[key], wanted) for key in ids if key in found
    }
    missing = [key for key in ids if key not in found]
    # The documented sample has no statuses of what was found.
    statuses = dict.fromkeys(missing, 404)
    errors = {key: not_found(f"leadFormResponses/{key}").body for key in missing}
    if call.world.settings.batch_nesting == "results":
        return Answer(
            status=200, body={"results": {**results, "statuses": statuses, "errors": errors}}
        )
    statuses = {key: 200 if key in found else 404 for key in ids}
    return Answer(status=200, body={"results": results, "statuses": statuses, "errors": errors})
