"""Leads at LinkedIn (resource leadFormResponses)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from shared.adapters.linkedin.batches import Wanted, batch_get
from shared.adapters.linkedin.paging import pages
from shared.adapters.linkedin.reading import read_each, read_one
from shared.adapters.linkedin.restli import RestLi, target
from shared.adapters.linkedin.session import LinkedInSession
from shared.linkedin.calls import READ_LEADS
from shared.linkedin.failures import Refused
from shared.linkedin.found import Batch, Page
from shared.linkedin.lead_query import LeadQuery
from shared.ports import Deadline
from shared.values.linkedin.keyed_urn import Owner, pairing_problem
from shared.values.linkedin.lead_response import LeadResponse
from shared.values.linkedin.numbers import to_milliseconds
from shared.values.linkedin.symbols import LeadType
from shared.values.linkedin.urns import parse_response_id

_RESOURCE: Final = "leadFormResponses"
# Everything about a lead, and its form with it: one request instead of two.
_FIELDS: Final = (
    "id,owner,ownerInfo,leadType,leadMetadata,leadMetadataInfo,associatedEntity,"
    "associatedEntityInfo,submittedAt,responseId,testLead,versionedLeadGenFormUrn,formResponse,"
    "form:(id,versionId,name,state,creationLocale,hiddenFields,content)"
)
# Without the form, which would be repeated with every lead of a page.
_LISTED_FIELDS: Final = _FIELDS.partition(",form:(")[0]


class LinkedInLeadResponses:
    """Implements linkedin.ports.LeadResponses."""

    def __init__(self, session: LinkedInSession, now: Callable[[], datetime]) -> None:
        self._session = session
        self._now = now

    def find(self, query: LeadQuery, deadline: Deadline) -> Iterator[Page[LeadResponse]]:
        """See linkedin.ports."""
        _require_pairing(query.lead_type, query.owner)
        parameters = _parameters(query, self._now())

        def fetch(start: int, count: int) -> dict[str, Any]:
            paged = {**parameters, "start": start, "count": count}
            path = target(_RESOURCE, query=paged, fields=_LISTED_FIELDS)
            return self._session.get(path, READ_LEADS, deadline)

        for elements in pages(fetch):
            yield read_each(LeadResponse, elements)

    def get(self, lead: str, deadline: Deadline) -> LeadResponse:
        """See linkedin.ports."""
        path = target(_RESOURCE, parse_response_id(lead), fields=_FIELDS)
        return read_one(LeadResponse, self._session.get(path, READ_LEADS, deadline), READ_LEADS)

    def batch_get(
        self, leads: Sequence[str], owner: Owner, lead_type: LeadType, deadline: Deadline
    ) -> Batch[LeadResponse]:
        """See linkedin.ports."""
        _require_pairing(lead_type, owner)
        ids = [parse_response_id(lead) for lead in leads]
        wanted = Wanted(
            resource=_RESOURCE,
            ids=ids,
            kind=LeadResponse,
            call=READ_LEADS,
            query={"owner": owner.as_union(), "leadType": {"leadType": lead_type.value}},
        )
        return batch_get(self._session, wanted, deadline)


def _require_pairing(lead_type: LeadType, owner: Owner) -> None:
    if problem := pairing_problem(lead_type, owner):
        raise Refused(f"LinkedIn, {READ_LEADS.name}: {problem}")


def _parameters(query: LeadQuery, now: datetime) -> dict[str, RestLi]:
    parameters: dict[str, RestLi] = {
        "q": "owner",
        "owner": query.owner.as_union(),
        "leadType": {"leadType": query.lead_type.value},
        "limitedToTestLeads": query.only_test_leads,
    }
    if query.form is not None:
        if query.form.version is None:
            raise Refused(f"LinkedIn, {READ_LEADS.name}: name the form's version")
        parameters["versionedLeadGenFormUrn"] = str(query.form)
    if query.associated_entity is not None:
        parameters["associatedEntity"] = query.associated_entity
    if query.since is not None or query.until is not None:
        parameters["submittedAtTimeRange"] = {
            "start": to_milliseconds(query.since) if query.since else 0,
            "end": to_milliseconds(query.until or now),
        }
    return parameters
