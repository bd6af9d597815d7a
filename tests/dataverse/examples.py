"""Anna, who confirmed; what the local environment knows."""

from collections.abc import Mapping
from datetime import UTC, datetime

from shared.ports import Deadline
from shared.values.column_value import ColumnValue
from shared.values.consent_reason import opt_out_reason
from shared.values.contact import ConsentRow, ContactWithConsents, TriggerCall
from shared.values.journey_row import NewJourneyRow
from shared.values.keyed_digest import keyed_uuid
from shared.values.mailbox import canonical
from shared.values.opt_out import EndedConsent, OptOut, Withdrawal

# From local/dataverse_seed.json.
COMMERCIAL = "10000000-0000-0000-0000-000000000003"
PRODUCT_NEWS = "5f0e7f5e-8d0b-4f0a-9a55-3b6c2f1d7a10"
NEWSLETTER = "7b1c9d2e-4a63-4c58-8f17-0e5d6a9b3c21"  # a topic of COMMERCIAL
TRIGGER = "msdynmkt_doiconfirmed_1234567"
ATTRIBUTES = {
    "msdynmkt_formid": "newsletter",
    "msdynmkt_source": "website",
    "msdynmkt_campaign": "spring",
    "msdynmkt_language": "de",
}
REGISTRATIONS = "new_doiregistrations"
REGISTRATION_COLUMNS = frozenset({"new_formid", "new_source", "new_language", "new_confirmedon"})
CONTACT_COLUMNS = frozenset({"emailaddress1", "firstname", "lastname", "jobtitle"})

UNKNOWN_PURPOSE = "99999999-9999-9999-9999-999999999999"
ANNA = "anna@example.com"
CONFIRMED_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REASON = "DOI 0001 2026-11-22T12:00:00Z text 1a2b"
WITHDRAWN_AT = datetime(2026, 11, 22, 12, 30, 0, 700_000, tzinfo=UTC)
WITHDRAWN = "withdrawn 0001 2026-11-22T12:30:00Z"
LATER_REASON = "DOI 0002 2026-11-22T13:00:00Z text 1a2b"
PEPPER = "pepper-for-tests-of-more-than-32-bytes"
EVERY_KIND: Mapping[str, ColumnValue] = {
    "firstname": "Æsa 名 'x' \"y\" \\ \u2028",
    "description": "two\nlines",
    "new_companysize": 100000001,
    "new_interests": "100000000,100000002",
    "new_projectstart": "2027-01-31",
    "new_existingcustomer": True,
    "donotbulkemail": False,
}


def enough_time() -> Deadline:
    return Deadline(30)


def consent(
    email: str = ANNA,
    purpose: str = COMMERCIAL,
    topic: str | None = None,
    reason: str = REASON,
) -> ConsentRow:
    """An opt-in to be written, with the id that the app would derive."""
    new_id = keyed_uuid(PEPPER, "consent", canonical(email), purpose, topic or "")
    return ConsentRow(new_id=new_id, purpose_id=purpose, topic_id=topic, reason=reason)


def contact(
    *consents: ConsentRow,
    email: str = ANNA,
    columns: Mapping[str, ColumnValue] | None = None,
    row: NewJourneyRow | None = None,
) -> ContactWithConsents:
    """Anna; with one consent where none is given."""
    return ContactWithConsents(
        new_id=keyed_uuid(PEPPER, "contact", canonical(email)),
        email=email,
        columns={"emailaddress1": email, "firstname": "Anna"} if columns is None else columns,
        consents=consents or (consent(email),),
        journey_row=row,
    )


def ended(
    purpose: str = COMMERCIAL,
    topic: str | None = None,
    *,
    email: str = ANNA,
    spares_topics: bool = False,
) -> EndedConsent:
    """A consent to be opted out, with the id that the app would derive for its row."""
    new_id = keyed_uuid(PEPPER, "consent", canonical(email), purpose, topic or "")
    return EndedConsent(
        new_id=new_id, purpose_id=purpose, topic_id=topic, spares_topics=spares_topics
    )


def opt_out(
    *consents: EndedConsent,
    email: str = ANNA,
    at: datetime = WITHDRAWN_AT,
    row_ids: tuple[str, ...] = (),
    one_click: bool = False,
) -> OptOut:
    """Anna withdraws; one consent where none is given."""
    return OptOut(
        email=email,
        consents=consents or (() if row_ids else (ended(email=email),)),
        row_ids=row_ids,
        reason=opt_out_reason("0001", at),
        withdrawal=Withdrawal(at=at, one_click=one_click),
    )


def journey_row(
    key: str = "0001",
    *,
    entity_set: str = REGISTRATIONS,
    key_column: str = "new_registrationid",
    contact: str = "new_ContactId",
    columns: Mapping[str, ColumnValue] | None = None,
) -> NewJourneyRow:
    """Anna's registration, as a row of the local environment's own table."""
    return NewJourneyRow(
        entity_set=entity_set,
        key_column=key_column,
        key=key,
        contact=contact,
        columns={"new_formid": "newsletter", "new_language": "de"} if columns is None else columns,
    )


def trigger(name: str = TRIGGER, attributes: Mapping[str, str] | None = None) -> TriggerCall:
    """The newsletter's trigger, as the environment declares it."""
    return TriggerCall(
        name=name,
        binding_id="doiregistration/0001",
        confirmed_at=CONFIRMED_AT,
        attributes=ATTRIBUTES if attributes is None else attributes,
    )
