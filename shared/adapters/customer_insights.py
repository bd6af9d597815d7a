"""Dataverse and Customer Insights - Journeys, through the Dataverse Web API."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeVar

import requests

from shared import events
from shared.adapters.access_token import AccessTokens
from shared.adapters.consent_rows import (
    CONSENT_ID,
    consents_query,
    found_consents,
    taken_consents_query,
)
from shared.adapters.contact_changes import Changes, changes
from shared.adapters.contact_look_up import FoundRows, found_rows, look_up_queries
from shared.adapters.dataverse_answers import Answer
from shared.adapters.dataverse_failure import Step, described
from shared.adapters.dataverse_session import DataverseSession, utc_now
from shared.adapters.journey_rows import looking_up_with_row, writing_with_row
from shared.adapters.opt_out_changes import FoundConsents, OptOutChanges, opt_out_changes
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline, WrittenContact
from shared.values.contact import ContactWithConsents, TriggerCall
from shared.values.event_catalogue import Event
from shared.values.known_facts import utc_text
from shared.values.opt_out import OptOut

_LOOKING_UP = Step(
    name="looking up contact and consents",
    if_refused="the address is none that Dataverse can look up",
    if_missing="Customer Insights - Journeys has to be installed in the environment",
)
_WRITING = Step(
    name="writing contact and consents",
    if_refused="compare the form's columns, their lengths and option values, and its purposes"
    " with the environment",
    if_missing="a purpose or topic of the form is not in the environment; correct its id",
)
_OPTING_OUT = Step(
    name="opting out",
    if_refused=_WRITING.if_refused,
    if_missing=_WRITING.if_missing,
)
_LOOKUPS_OF_CONSENT: Final = (
    "EntityDefinitions(LogicalName='msdynmkt_contactpointconsent4')/ManyToOneRelationships"
    "?$select=ReferencingAttribute,ReferencingEntityNavigationPropertyName"
)
_ATTEMPTS = 3
_NOT_FOUND = 404
_PRECONDITION_FAILED = 412
# Seconds. A trigger that is sent and not waited for may be fired twice: CIJ documents nothing
# that would recognise the second one. So it is not sent when it could not be waited for.
_TIME_TO_FIRE = 2.0
F = TypeVar("F", FoundRows, FoundConsents)
W = TypeVar("W", Changes, OptOutChanges)


class DataverseCustomerInsights:
    """Implements ports.CustomerInsights for the environment at `url`.

    Such as https://contoso.crm4.dynamics.com. `now` gives the time in UTC.
    """

    def __init__(
        self,
        url: str,
        tokens: AccessTokens,
        http: requests.Session,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._dataverse = DataverseSession(url, tokens, http, now)
        self._now = now
        self._navigation: Mapping[str, str] | None = None

    def write(self, contact: ContactWithConsents, deadline: Deadline) -> WrittenContact:
        """See ports.CustomerInsights. Safe to repeat, also when the answer got lost."""
        navigation = self._navigation_properties(deadline)
        row = contact.journey_row
        writing = writing_with_row(_WRITING, row) if row else _WRITING

        def wanted(found: FoundRows) -> Changes:
            return changes(contact, found, navigation)

        def look_up() -> FoundRows:
            return self._look_up(contact, deadline)

        return self._carried_out(look_up, wanted, writing, deadline).written

    def opt_out(self, opt_out: OptOut, deadline: Deadline) -> tuple[str, ...]:
        """See ports.CustomerInsights. Safe to repeat, also when the answer got lost."""
        navigation = self._navigation_properties(deadline)

        def wanted(found: FoundConsents) -> OptOutChanges:
            return opt_out_changes(opt_out, found, navigation)

        def look_up() -> FoundConsents:
            return self._look_up_consents(opt_out, deadline)

        return self._carried_out(look_up, wanted, _OPTING_OUT, deadline).ids

    def fire(self, trigger: TriggerCall, contact_id: str, deadline: Deadline) -> None:
        """See ports.CustomerInsights. CIJ may start a second journey when this is repeated."""
        if deadline.remaining() < _TIME_TO_FIRE:
            raise TemporaryFailure(f"Dataverse: no time left to fire trigger {trigger.name}")
        step = Step(
            name=f"firing trigger {trigger.name}",
            if_refused="compare the form's trigger attributes with those of the trigger",
            if_missing="the environment has no such trigger; publish it in Customer Insights -"
            " Journeys, or correct its name in the form",
        )
        # learn.microsoft.com/dynamics365/customer-insights/journeys/
        # real-time-marketing-custom-triggers; as an unbound action: docs of May 2022.
        parameters = {
            **trigger.attributes,
            "msdynmkt_signaluserauthid": contact_id,
            "msdynmkt_profileid": contact_id,
            "msdynmkt_signaltimestamp": utc_text(trigger.confirmed_at),
            "msdynmkt_signalingestiontimestamp": utc_text(self._now()),
            "msdynmkt_bindingid": trigger.binding_id,
        }
        self._dataverse.act(trigger.name, parameters, step, deadline)

    def _carried_out(
        self, look_up: Callable[[], F], wanted: Callable[[F], W], step: Step, deadline: Deadline
    ) -> W:
        """Look, then write: again where somebody else wrote in between."""
        before: F | None = None
        for _ in range(_ATTEMPTS):
            found = look_up()
            decided = wanted(found)
            if not decided.operations:
                return decided
            refusal = self._dataverse.change(decided.operations, step, deadline)
            if refusal is None:
                return decided
            if refusal.status not in (_NOT_FOUND, _PRECONDITION_FAILED):
                raise self._dataverse.failure(refusal, step)
            # Somebody else made, changed, deleted or merged one of the rows since the look-up. Or
            # not: then the next look-up finds the same, and the next writing is refused as well.
            if found == before:
                raise self._refused_for_good(refusal, step)
            before = found
        raise TemporaryFailure(f"Dataverse, {step.name}: somebody else is writing them too")

    def _look_up(self, contact: ContactWithConsents, deadline: Deadline) -> FoundRows:
        row = contact.journey_row
        looking_up = looking_up_with_row(_LOOKING_UP, row) if row else _LOOKING_UP
        answers = self._dataverse.query(look_up_queries(contact), looking_up, deadline)
        found = found_rows(contact, answers)
        if len(found.contact_ids) > 1:
            events.warn(Event.CONTACTS_AMBIGUOUS, contacts=list(found.contact_ids))
        return found

    def _look_up_consents(self, opt_out: OptOut, deadline: Deadline) -> FoundConsents:
        queries = [consents_query(opt_out.email)]
        if opt_out.consents:
            queries.append(taken_consents_query(one.new_id for one in opt_out.consents))
        consents, *taken = self._dataverse.query(queries, _LOOKING_UP, deadline)
        return FoundConsents(
            consents=found_consents(opt_out.email, consents),
            taken_ids=frozenset(row[CONSENT_ID] for rows in taken for row in rows),
        )

    def _navigation_properties(self, deadline: Deadline) -> Mapping[str, str]:
        """The consent table's navigation properties by column; their case differs in the wild.

        Asked once: a failure raises and is not remembered.
        """
        if self._navigation is None:
            rows = self._dataverse.get(_LOOKUPS_OF_CONSENT, _LOOKING_UP, deadline)
            self._navigation = {
                row["ReferencingAttribute"]: row["ReferencingEntityNavigationPropertyName"]
                for row in rows
            }
        return self._navigation

    def _refused_for_good(
        self, refusal: Answer, writing: Step
    ) -> TemporaryFailure | PermanentFailure:
        """Refused twice although nothing changed in between: nobody raced us."""
        if refusal.status == _PRECONDITION_FAILED:
            return PermanentFailure(
                f"{described(refusal, writing)}: an alternate key or id is taken by a row"
                " that is not an active contact with this address; find that row"
            )
        return self._dataverse.failure(refusal, writing)
