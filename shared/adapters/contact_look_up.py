"""What Dataverse already has of a person: which contact, which consents, maybe the row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from shared.adapters.dataverse_query import any_of, query, text
from shared.adapters.journey_rows import FoundJourneyRow, found_journey_row, journey_row_query
from shared.values.contact import ConsentRow, ContactWithConsents
from shared.values.mailbox import canonical

CONTACTS = "contacts"
CONSENTS = "msdynmkt_contactpointconsent4s"
EMAIL = "emailaddress1"
CONTACT_POINT_IS_EMAIL = 534120000

_CONSENT_ID = "msdynmkt_contactpointconsent4id"
_CONTACT_POINT = "msdynmkt_contactpointvalue"
_PURPOSE = "_msdynmkt_purposeid_value"
_TOPIC = "_msdynmkt_topicid_value"
_REASON = "msdynmkt_reason"
# How often a person's contact may have been deactivated or given another address.
_SPARE_IDS = 4

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class FoundConsent:
    """One row of msdynmkt_contactpointconsent4 for the address."""

    id: str
    purpose_id: str | None
    topic_id: str | None
    reason: str | None

    def concerns(self, consent: ConsentRow) -> bool:
        """Whether both are about the same purpose, and the same topic or none."""
        wanted = (consent.purpose_id.lower(), consent.topic_id and consent.topic_id.lower())
        return (self.purpose_id, self.topic_id) == wanted


@dataclass(frozen=True, kw_only=True)
class FoundRows:
    """`contact_ids` are the active ones, latest modified first; `taken_ids` of either table.

    `journey_row` is there once this registration was written, for forms whose journey it starts.
    """

    contact_ids: tuple[str, ...]
    consents: tuple[FoundConsent, ...]
    taken_ids: frozenset[str]
    journey_row: FoundJourneyRow | None = None

    def free_id(self, new_id: str) -> str | None:
        """The first of `possible_ids` that no row has."""
        return next((one for one in possible_ids(new_id) if one not in self.taken_ids), None)


def possible_ids(new_id: str) -> tuple[str, ...]:
    """`new_id`, and ids derived from it for when a row has it that is not the address's any more.

    That happens: a contact is deactivated, or gets another address. Such a row is never touched.
    """
    spare = (str(uuid5(UUID(new_id), str(number))) for number in range(1, _SPARE_IDS + 1))
    return (new_id.lower(), *spare)


def look_up_queries(contact: ContactWithConsents) -> tuple[str, ...]:
    """Queries whose answers `found_rows` reads, in the same order."""
    address = text(contact.email)
    paths = [
        query(
            CONTACTS,
            select=f"contactid,{EMAIL}",
            filter=f"{EMAIL} eq {address} and statecode eq 0",
            # CIJ itself takes the latest updated one where several match:
            # learn.microsoft.com/dynamics365/customer-insights/journeys/
            # real-time-marketing-matching-rules
            orderby="modifiedon desc",
        ),
        query(
            CONTACTS,
            select="contactid",
            filter=any_of("contactid", possible_ids(contact.new_id)),
        ),
        query(
            CONSENTS,
            select=f"{_CONSENT_ID},{_CONTACT_POINT},{_PURPOSE},{_TOPIC},{_REASON}",
            filter=f"{_CONTACT_POINT} eq {address}"
            f" and msdynmkt_contactpointtype eq {CONTACT_POINT_IS_EMAIL}",
        ),
    ]
    if contact.consents:
        ids = [one for consent in contact.consents for one in possible_ids(consent.new_id)]
        paths.append(query(CONSENTS, select=_CONSENT_ID, filter=any_of(_CONSENT_ID, ids)))
    if contact.journey_row:
        paths.append(journey_row_query(contact.journey_row))
    return tuple(paths)


def found_rows(contact: ContactWithConsents, answers: Sequence[Rows]) -> FoundRows:
    """The answers to `look_up_queries`, of which only exact matches count.

    Dataverse finds muller@ when asked for müller@, in most languages of an environment
    (learn.microsoft.com/power-platform/admin/language-collations). These are different people.
    """
    contacts, taken_contacts, consents, *others = answers
    wanted = contact.journey_row
    journey_row = found_journey_row(wanted, others.pop()) if wanted else None
    address = canonical(contact.email)
    return FoundRows(
        contact_ids=tuple(
            row["contactid"] for row in contacts if canonical(row[EMAIL] or "") == address
        ),
        consents=tuple(
            _found_consent(row)
            for row in consents
            if canonical(row[_CONTACT_POINT] or "") == address
        ),
        taken_ids=frozenset(
            [row["contactid"] for row in taken_contacts]
            + [row[_CONSENT_ID] for rows in others for row in rows]
        ),
        journey_row=journey_row,
    )


def _found_consent(row: Mapping[str, Any]) -> FoundConsent:
    return FoundConsent(
        id=row[_CONSENT_ID],
        purpose_id=row[_PURPOSE],
        topic_id=row[_TOPIC],
        reason=row[_REASON],
    )
