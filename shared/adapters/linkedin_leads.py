"""LinkedIn's Lead Sync, as the story needs it."""

from collections.abc import Iterator
from datetime import datetime

from shared.linkedin.failures import NotFound
from shared.linkedin.lead_query import LeadQuery
from shared.linkedin.ports import LeadForms, LeadResponses
from shared.linkedin.sign_in import Access
from shared.ports import Deadline, LeadWithForm, ListedLead, SignInEnd
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_response import LeadResponse
from shared.values.linkedin.symbols import LeadType


class LinkedInLeads:
    """Implements ports.Leads."""

    def __init__(self, responses: LeadResponses, forms: LeadForms, access: Access) -> None:
        self._responses = responses
        self._forms = forms
        self._access = access

    def fetch(self, lead: str, deadline: Deadline) -> LeadWithForm | None:
        """See ports.Leads."""
        try:
            found = self._responses.get(lead, deadline)
        except NotFound:
            return None
        return LeadWithForm(lead=found, form=found.whole_form or self._form_of(found, deadline))

    def since(
        self, owner: str, lead_type: LeadType, start: datetime, end: datetime, deadline: Deadline
    ) -> Iterator[ListedLead]:
        """See ports.Leads."""
        query = LeadQuery(owner=Owner.parse(owner), lead_type=lead_type, since=start, until=end)
        for page in self._responses.find(query, deadline):
            for lead in page.values:
                version = lead.form_version
                yield ListedLead(id=lead.id, form=str(version) if version else None)
            for unreadable in page.unreadable:
                yield ListedLead(
                    id=unreadable.id,
                    problem=unreadable.problem,
                    fingerprint=unreadable.fingerprint,
                    submitted_at=unreadable.submitted_at,
                )

    def sign_in(self, deadline: Deadline) -> SignInEnd:
        """See ports.Leads."""
        standing = self._access.standing(deadline)
        authorization = standing.authorization
        if standing.refused:
            return SignInEnd(ends_at=authorization.access_ends_at, refused=standing.refused)
        return SignInEnd(ends_at=authorization.must_sign_in_by())

    def _form_of(self, lead: LeadResponse, deadline: Deadline) -> LeadForm | None:
        """Asked for alone, in its latest version, where LinkedIn sent the lead without it."""
        version = lead.form_version
        if version is None:
            return None
        try:
            return self._forms.get(version.form_id, deadline)
        except NotFound:
            return None
