"""LinkedIn with a lead form and leads, and an app that is connected to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from functions import follow_up, promote, send_confirmation, take_in_lead
from shared.lead_intake import registration_id
from shared.ports import LeadWithForm
from shared.rules import LinkedInRules
from shared.values.lead_row import LeadRow, LeadState
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_response import LeadResponse
from shared.values.linkedin.numbers import to_milliseconds
from shared.values.linkedin.symbols import LeadAction
from shared.values.mailbox import mailbox_key
from shared.values.messages import LeadMessage
from shared.values.record import Record, RecordKey
from tests.examples import NOON, PEPPER
from tests.fakes.outside import FakeOutside, rules

CLIENT_SECRET = "test-client-secret"
OWNER = "urn:li:sponsoredAccount:522529623"
PAGE = "urn:li:organization:5509810"
FORM = 7236142859205541889  # 64 bits: a float would change it
LEAD = "691c02e7-f7f0-430a-ae16-4fc7d76f61a6-5"
EMAIL = "anna@example.com"
SUBMITTED = NOON - timedelta(minutes=1)
CONSENT = "I want LinkedIn's wording of the Contoso newsletter."
TEXTS: Mapping[str, str] = {"FIRST_NAME": "Anna", "LAST_NAME": "Muster", "EMAIL": EMAIL}
_SETTLE = {
    "linkedin-leads": take_in_lead.settle,
    "registrations": send_confirmation.settle,
    "promotions": promote.settle,
    "follow-ups": follow_up.settle,
}


def connected(**changes: Any) -> FakeOutside:
    """An app with LinkedIn's settings."""
    linkedin = LinkedInRules(client_secret=CLIENT_SECRET, owners=(OWNER,), api_version="202607")
    return FakeOutside(rules=replace(rules(), linkedin=replace(linkedin, **changes)))


def question(number: int, field: str, **more: Any) -> dict[str, Any]:
    """A question that LinkedIn prefills."""
    text = {"localized": {"en_US": field.title()}}
    details: dict[str, Any] = {"textQuestionDetails": {}}
    return {
        "questionId": number,
        "name": f"the creator's name of {field}",
        "predefinedField": field,
        "question": text,
        "questionDetails": details,
        **more,
    }


def form_json(**changes: Any) -> dict[str, Any]:
    """The lead form that forms/newsletter.json names, as LinkedIn shows it."""
    consent = {
        "id": 1,
        "label": "newsletter",
        "checkRequired": True,
        "consent": {"localized": {"en_US": CONSENT}},
    }
    content = {
        "headline": {"localized": {"en_US": "The newsletter"}},
        "questions": [question(n, field) for n, field in enumerate(TEXTS, start=10)],
        "legalInfo": {
            "legalInfoId": 5604,
            "privacyPolicyUrl": "https://www.contoso.example/linkedin-privacy",
            "legalDisclaimer": {"localized": {"en_US": "We ask for your confirmation."}},
            "consents": [consent],
        },
    }
    return {
        "id": FORM,
        "versionId": 1,
        "name": "Newsletter (English)",
        "state": "PUBLISHED",
        "creationLocale": {"language": "en", "country": "US"},
        "hiddenFields": [{"name": "utm_campaign", "value": "autumn-en"}],
        "content": content,
        **changes,
    }


def texts_to(answers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Answers by what LinkedIn prefills, beside the questions of `form_json`."""
    return [
        {
            "questionId": number,
            "answerDetails": {"textQuestionAnswer": {"answer": answers[field]}},
        }
        for number, field in enumerate(TEXTS, start=10)
        if field in answers
    ]


def lead_json(lead: str = LEAD, at: datetime = SUBMITTED, **changes: Any) -> dict[str, Any]:
    """Anna's lead, as LinkedIn shows it."""
    response = {
        "answers": texts_to(TEXTS),
        "consentResponses": [{"consentId": 1, "accepted": True}],
    }
    return {
        "id": lead,
        "owner": {"sponsoredAccount": OWNER},
        "leadType": "SPONSORED",
        "versionedLeadGenFormUrn": f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{FORM},1)",
        "submittedAt": to_milliseconds(at),
        "testLead": False,
        "formResponse": response,
        "leadMetadata": {
            "sponsoredLeadMetadata": {"campaign": "urn:li:sponsoredCampaign:367378525"}
        },
        **changes,
    }


def as_linkedin_has_it(
    lead: Mapping[str, Any] | None = None, form: Mapping[str, Any] | None = None
) -> LeadWithForm:
    """What fetching gives."""
    return LeadWithForm(
        lead=LeadResponse.model_validate(lead or lead_json()),
        form=LeadForm.model_validate(form or form_json()),
    )


def add_lead(
    outside: FakeOutside,
    lead: Mapping[str, Any] | None = None,
    form: Mapping[str, Any] | None = None,
) -> str:
    """Somebody filled in the form; the lead's id."""
    found = as_linkedin_has_it(lead, form)
    outside.leads.stored[found.lead.id] = found
    return found.lead.id


def message(
    outside: FakeOutside,
    lead: str = LEAD,
    action: LeadAction = LeadAction.CREATED,
    **changes: Any,
) -> LeadMessage:
    """What the queue gets about a lead."""
    return LeadMessage(
        registration_id=registration_id(lead, outside), lead=lead, action=action, **changes
    )


def arrive(
    outside: FakeOutside,
    lead: str = LEAD,
    action: LeadAction = LeadAction.CREATED,
    **changes: Any,
) -> None:
    """The message reaches its function."""
    body = message(outside, lead, action, **changes).to_json()
    take_in_lead.settle(body.encode(), outside)


def deliver(queue: str, outside: FakeOutside) -> list[str]:
    """Hand every message of a queue to its function, whatever its delay."""
    bodies = outside.queues.take_all(queue)
    for body in bodies:
        _SETTLE[queue](body.encode(), outside)
    return bodies


def row_of(outside: FakeOutside, lead: str = LEAD) -> LeadRow:
    stored = outside.lead_rows.find(lead)
    assert stored is not None
    return stored.value


def state_of(outside: FakeOutside, lead: str = LEAD) -> LeadState:
    return row_of(outside, lead).state


def record_of(outside: FakeOutside, lead: str = LEAD, email: str = EMAIL) -> Record | None:
    """The record that the lead became, if there is one."""
    key = RecordKey(
        mailbox_key=mailbox_key(email, PEPPER), registration_id=registration_id(lead, outside)
    )
    found = outside.records.find(key)
    return found.value if found else None
