"""Subscriptions to lead notifications at LinkedIn (resource leadNotifications)."""

from collections.abc import Iterator
from typing import Any, Final

from shared.adapters.linkedin.created_id import created_id
from shared.adapters.linkedin.paging import pages
from shared.adapters.linkedin.reading import read_one
from shared.adapters.linkedin.restli import RestLi, target
from shared.adapters.linkedin.session import ApiRequest, LinkedInSession
from shared.linkedin.calls import SUBSCRIPTIONS
from shared.linkedin.failures import NotFound, Refused
from shared.linkedin.found import Subscribed
from shared.ports import Deadline
from shared.values.linkedin.keyed_urn import Owner, pairing_problem
from shared.values.linkedin.subscription import Subscription
from shared.values.linkedin.symbols import LeadType

_RESOURCE: Final = "leadNotifications"
# What an answer is that holds one subscription instead of a list.
_ONE = "owner"


class LinkedInLeadNotifications:
    """Implements linkedin.ports.LeadNotifications."""

    def __init__(self, session: LinkedInSession) -> None:
        self._session = session

    def of_owner(
        self, owner: Owner, lead_type: LeadType, deadline: Deadline
    ) -> tuple[Subscription, ...]:
        """See linkedin.ports."""
        if problem := pairing_problem(lead_type, owner):
            raise Refused(f"LinkedIn, {SUBSCRIPTIONS.name}: {problem}")
        try:
            listed = self._listed({"value": owner.as_union()}, lead_type, deadline)
        except Refused:
            # The documentation wraps the owner here, and nowhere else.
            listed = self._listed(owner.as_union(), lead_type, deadline)
        return tuple(
            self.get(one.id, deadline) if one.webhook is None and one.id is not None else one
            for one in listed
        )

    def get(self, subscription_id: int, deadline: Deadline) -> Subscription:
        """See linkedin.ports."""
        answer = self._session.get(target(_RESOURCE, subscription_id), SUBSCRIPTIONS, deadline)
        return read_one(Subscription, answer, SUBSCRIPTIONS)

    def create(self, subscription: Subscription, deadline: Deadline) -> Subscribed:
        """See linkedin.ports."""
        body = subscription.creation_body()
        existing = self._same(subscription, deadline)
        if existing is not None:
            return Subscribed(id=existing.id, existed=True)
        request = ApiRequest(method="POST", target=_RESOURCE, body=body)
        new_id = created_id(self._session.send(request, SUBSCRIPTIONS, deadline))
        if new_id is None:
            created = self._same(subscription, deadline)
            new_id = created.id if created else None
        return Subscribed(id=new_id, existed=False)

    def delete(self, subscription_id: int, deadline: Deadline) -> None:
        """See linkedin.ports."""
        request = ApiRequest(method="DELETE", target=target(_RESOURCE, subscription_id))
        try:
            self._session.send(request, SUBSCRIPTIONS, deadline)
        except NotFound:
            return

    def _same(self, wanted: Subscription, deadline: Deadline) -> Subscription | None:
        # Checked by creation_body: another lead type would have been refused.
        lead_type = LeadType(wanted.lead_type)
        for one in self.of_owner(wanted.owner, lead_type, deadline):
            if one.webhook == wanted.webhook and one.subscribes_to_same(wanted):
                return one
        return None

    def _listed(self, owner: RestLi, lead_type: LeadType, deadline: Deadline) -> list[Subscription]:
        query: dict[str, RestLi] = {
            "q": "criteria",
            "owner": owner,
            "leadType": {"leadType": lead_type.value},
        }

        def fetch(start: int, count: int) -> dict[str, Any]:
            paged = {**query, "start": start, "count": count} if start else query
            answer = self._session.get(target(_RESOURCE, query=paged), SUBSCRIPTIONS, deadline)
            return {"elements": list(_subscriptions(answer)), "paging": answer.get("paging")}

        found: list[Subscription] = []
        for elements in pages(fetch):
            found += [read_one(Subscription, one, SUBSCRIPTIONS) for one in elements]
        return found


def _subscriptions(answer: dict[str, Any]) -> Iterator[Any]:
    """From a list of elements or results, a map of results by id, or one object."""
    given = answer.get("elements", answer.get("results", answer))
    if isinstance(given, dict):
        given = [given] if _ONE in given else list(given.values())
    if isinstance(given, list):
        yield from given
