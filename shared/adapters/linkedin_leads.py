"""LinkedIn's Lead Sync, as the story needs it."""

from collections.abc import Callable, Iterator
from datetime import datetime

from shared.linkedin.failures import NotFound
from shared.linkedin.lead_query import LeadQuery
from shared.linkedin.ports import LeadForms, LeadResponses
from shared.ports import Deadline, LeadWithForm, LinkedInEnds, ListedLead
from shared.values.linkedin.api_versions import ends_on
from shared.values.linkedin.authorization import Authorization
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_response import LeadResponse
from shared.values.linkedin.symbols import LeadType


class LinkedInLeads:
    """Implements ports.Leads. `authorization` gives the one that calls go out with now."""

    def __init__(
        self,
        responses: LeadResponses,
        forms: LeadForms,
        authorization: Callable[[Deadline], Authorization],
        version: str,
    ) -> None:
        self._responses = responses
        self._forms = forms
        self._authorization = authorization
        self._version = version

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
                yield ListedLead(id=unreadable.id, problem=unreadable.problem)

    def ends(self, deadline: Deadline) -> LinkedInEnds:
        """See ports.Leads."""
        return LinkedInEnds(
            sign_in_by=self._authorization(deadline).must_sign_in_by(),
            version=self._version,
            version_ends=ends_on(self._version),
        )

    def _form_of(self, lead: LeadResponse, deadline: Deadline) -> LeadForm | None:
        """Asked for alone, in its latest version, where LinkedIn sent the lead without it."""
        version = lead.form_version
        if version is None:
            return None
        try:
            return self._forms.get(version.form_id, deadline)
        except NotFound:
            return None
