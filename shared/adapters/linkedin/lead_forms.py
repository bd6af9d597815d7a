"""Lead forms at LinkedIn (resource leadForms)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from shared.adapters.linkedin.batches import Wanted, batch_get
from shared.adapters.linkedin.created_id import created_id
from shared.adapters.linkedin.paging import pages
from shared.adapters.linkedin.reading import read_each, read_one
from shared.adapters.linkedin.restli import RestLi, target
from shared.adapters.linkedin.session import ApiRequest, LinkedInSession
from shared.linkedin.calls import READ_FORMS, WRITE_FORMS
from shared.linkedin.found import Batch, Page
from shared.ports import Deadline
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_form_writing import creation_body, patch_body
from shared.values.linkedin.symbols import FormState

_RESOURCE: Final = "leadForms"


class LinkedInLeadForms:
    """Implements linkedin.ports.LeadForms."""

    def __init__(self, session: LinkedInSession) -> None:
        self._session = session

    def of_owner(self, owner: Owner, deadline: Deadline) -> Iterator[Page[LeadForm]]:
        """See linkedin.ports."""

        def fetch(start: int, count: int) -> dict[str, Any]:
            query: dict[str, RestLi] = {
                "q": "owner",
                "owner": owner.as_union(),
                "start": start,
                "count": count,
            }
            return self._session.get(target(_RESOURCE, query=query), READ_FORMS, deadline)

        for elements in pages(fetch):
            yield read_each(LeadForm, elements)

    def get(self, form_id: int, deadline: Deadline) -> LeadForm:
        """See linkedin.ports."""
        answer = self._session.get(target(_RESOURCE, form_id), READ_FORMS, deadline)
        return read_one(LeadForm, answer, READ_FORMS)

    def batch_get(self, form_ids: Sequence[int], deadline: Deadline) -> Batch[LeadForm]:
        """See linkedin.ports."""
        wanted = Wanted(resource=_RESOURCE, ids=form_ids, kind=LeadForm, call=READ_FORMS)
        return batch_get(self._session, wanted, deadline)

    def create(self, form: LeadForm, deadline: Deadline) -> int | None:
        """See linkedin.ports."""
        request = ApiRequest(method="POST", target=_RESOURCE, body=creation_body(form))
        return created_id(self._session.send(request, WRITE_FORMS, deadline))

    def update(self, form_id: int, changes: Mapping[str, Any], deadline: Deadline) -> None:
        """See linkedin.ports."""
        request = ApiRequest(
            method="POST",
            target=target(_RESOURCE, form_id),
            body=patch_body(changes),
            restli_method="PARTIAL_UPDATE",
        )
        self._session.send(request, WRITE_FORMS, deadline)

    def archive(self, form_id: int, deadline: Deadline) -> None:
        """See linkedin.ports."""
        self.update(form_id, {"state": FormState.ARCHIVED.value}, deadline)
