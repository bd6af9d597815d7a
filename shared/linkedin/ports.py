"""What LinkedIn does for us. Each call raises TemporaryFailure and PermanentFailure; see failures.

Calls that refuse something before they ask LinkedIn say so.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from shared.linkedin.found import Batch, Page, Subscribed
from shared.linkedin.lead_query import LeadQuery
from shared.ports import Deadline, Versioned
from shared.values.linkedin.authorization import Authorization
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_response import LeadResponse
from shared.values.linkedin.subscription import Subscription
from shared.values.linkedin.symbols import LeadType


class LinkedInTokens(Protocol):
    """Where the authorization is kept. Raises TemporaryFailure when storage does not answer."""

    def load(self) -> Versioned[Authorization] | None:
        """What was saved last; None when nobody has signed in yet."""

    def save(self, authorization: Versioned[Authorization]) -> Versioned[Authorization]:
        """Insert (etag None) or replace what was loaded. Raises Changed when it was replaced."""


class LeadForms(Protocol):
    """Lead forms at LinkedIn."""

    def of_owner(self, owner: Owner, deadline: Deadline) -> Iterator[Page[LeadForm]]:
        """All forms of an ad account or organization, page by page, archived ones included."""

    def get(self, form_id: int, deadline: Deadline) -> LeadForm:
        """The form in its latest version. Raises NotFound."""

    def batch_get(self, form_ids: Sequence[int], deadline: Deadline) -> Batch[LeadForm]:
        """Forms by their ids."""

    def create(self, form: LeadForm, deadline: Deadline) -> int | None:
        """Create a form of an ad account; its id, None when LinkedIn did not tell it.

        Raises LeadFormRefused before anything is sent, Duplicate for labels that LinkedIn has.
        A form in another language than English serves campaigns in that language only.
        """

    def update(self, form_id: int, changes: Mapping[str, Any], deadline: Deadline) -> None:
        """Change these fields, given as LinkedIn's JSON, and no others.

        All fields of a draft may be changed, some of a published form: LinkedIn judges (Refused).
        Raises LeadFormRefused before anything is sent.
        """

    def archive(self, form_id: int, deadline: Deadline) -> None:
        """Neither form nor ad are shown any more; its leads stay."""


class LeadResponses(Protocol):
    """Leads at LinkedIn."""

    def find(self, query: LeadQuery, deadline: Deadline) -> Iterator[Page[LeadResponse]]:
        """All leads that match, page by page, without their forms; test leads are among them."""

    def get(self, lead: str, deadline: Deadline) -> LeadResponse:
        """A lead by id or URN, with its form. Raises NotFound, ValueError for no id at all."""

    def batch_get(
        self, leads: Sequence[str], owner: Owner, lead_type: LeadType, deadline: Deadline
    ) -> Batch[LeadResponse]:
        """Leads by ids or URNs, without their forms. Raises ValueError for no id at all."""


class LeadNotifications(Protocol):
    """Subscriptions to lead notifications at LinkedIn."""

    def of_owner(
        self, owner: Owner, lead_type: LeadType, deadline: Deadline
    ) -> tuple[Subscription, ...]:
        """All subscriptions of an owner for one lead type; those without webhook are completed.

        Raises AnswerUnreadable when one of them cannot be read: not to know it could mean to
        create it twice.
        """

    def get(self, subscription_id: int, deadline: Deadline) -> Subscription:
        """One subscription. Raises NotFound."""

    def create(self, subscription: Subscription, deadline: Deadline) -> Subscribed:
        """Create it, unless LinkedIn has it already: it would notify twice.

        LinkedIn has no idempotency keys, so it lists first. Raises SubscriptionRefused before
        anything is sent.
        """

    def delete(self, subscription_id: int, deadline: Deadline) -> None:
        """Remove it. One that is gone already is removed."""
