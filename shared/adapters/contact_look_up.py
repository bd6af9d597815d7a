"""What Dataverse already has of a person: which contact, which consents, maybe the row."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.adapters.consent_rows import (
    CONSENT_ID,
    FoundConsent,
    Rows,
    consents_query,
    found_consents,
    possible_ids,
    taken_consents_query,
)
from shared.adapters.dataverse_query import any_of, query, text
from shared.adapters.journey_rows import FoundJourneyRow, found_journey_row, journey_row_query
from shared.values.contact import ContactWithConsents
from shared.values.mailbox import canonical

CONTACTS = "contacts"
EMAIL = "emailaddress1"


@dataclass(frozen=True, kw_only=True)
class FoundRows:
    """`contact_ids` are the active ones, latest modified first; `taken_ids` of either table.

    `journey_row` is there once this registration was written, for forms whose journey it starts.
    """

    contact_ids: tuple[str, ...]
    consents: tuple[FoundConsent, ...]
    taken_ids: frozenset[str]
    journey_row: FoundJourneyRow | None = None


def look_up_queries(contact: ContactWithConsents) -> tuple[str, ...]:
    """Queries whose answers `found_rows` reads, in the same order."""
    paths = [
        query(
            CONTACTS,
            select=f"contactid,{EMAIL}",
            filter=f"{EMAIL} eq {text(contact.email)} and statecode eq 0",
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
        consents_query(contact.email),
    ]
    if contact.consents:
        paths.append(taken_consents_query(consent.new_id for consent in contact.consents))
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
        consents=found_consents(contact.email, consents),
        taken_ids=frozenset(
            [row["contactid"] for row in taken_contacts]
            + [row[CONSENT_ID] for rows in others for row in rows]
        ),
        journey_row=journey_row,
    )
