"""Samples of LinkedIn's documentation of Lead Sync, mended where they are no JSON."""

import copy
import json
from typing import Any

LEAKED = (
    "{localized={en_US=Mario Kart 8 Deluxe, es_ES=Mario Coche 8 Deluxe},"
    " preferredLocale={country=US, language=en}}"
)


def text(words: str) -> dict[str, Any]:
    """A MultiLocaleString as the samples have it."""
    return {"localized": {"en_US": words}}


def _profile_question(question_id: int, name: str, words: str, field: str) -> dict[str, Any]:
    return {
        "questionId": question_id,
        "question": text(words),
        "responseEditable": True,
        "name": name,
        "questionDetails": {"textQuestionDetails": {"maxResponseLength": 300}},
        "predefinedField": field,
        "responseRequired": True,
    }


def form() -> dict[str, Any]:
    """GET of one lead form."""
    return {
        "owner": {"organization": "urn:li:organization:5509810"},
        "hiddenFields": [{"name": "Entity name", "value": "Nimbus 2000"}],
        "versionId": 1,
        "creationLocale": {"country": "US", "language": "en"},
        "created": 1610579725356,
        "name": "LeadGen form for Nimbus 2000",
        "id": 6755260984438374400,
        "lastModified": 1610579725356,
        "state": "PUBLISHED",
        "content": {
            "questions": [
                _profile_question(10548, "firstName", "First Name", "FIRST_NAME"),
                _profile_question(10540, "lastName", "Last Name", "LAST_NAME"),
                _profile_question(9244, "email", "Email Address", "EMAIL"),
            ],
            "description": text(f"Share your information below with {LEAKED}"),
            "headline": text(f"Contact {LEAKED} about Nimbus 2000"),
            "legalInfo": {
                "consents": [
                    {
                        "checkRequired": False,
                        "id": 1,
                        "consent": text(f"{LEAKED} may contact me via email"),
                    }
                ],
                "legalInfoId": 5604,
                "privacyPolicyUrl": "https://cadfad.com/abc",
                "legalDisclaimer": text("All emails include an unsubscribe link"),
            },
        },
    }


def reviewed_form() -> dict[str, Any]:
    """Of the batch: with choices, a review and what comes after sending."""
    return {
        "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:522147830"},
        "reviewInfo": {
            "rejectionReasons": ["CRYPTOCURRENCY", "OFFENSIVE_LANGUAGE"],
            "lastUpdated": 1675775914000,
            "reviewStatus": "REJECTED",
        },
        "hiddenFields": [],
        "versionId": 1,
        "creationLocale": {"country": "US", "language": "en"},
        "created": 1676620173813,
        "name": "Form - Feb 17, 2023",
        "id": 6083,
        "lastModified": 1678689182106,
        "state": "PUBLISHED",
        "content": {
            "questions": [
                _profile_question(100339966, "First name", "First name", "FIRST_NAME"),
                {
                    "questionId": 400339966,
                    "question": text("Are you interested"),
                    "responseEditable": True,
                    "name": "Custom question 0",
                    "questionDetails": {
                        "multipleChoiceQuestionDetails": {
                            "options": [
                                {"id": 0, "text": text("Yes")},
                                {"id": 1, "text": text("No")},
                            ]
                        }
                    },
                    "responseRequired": True,
                },
            ],
            "postSubmissionInfo": {
                "message": text("Thank You"),
                "callToAction": {
                    "callToActionTarget": {"landingPageUrl": "https://cadfad.com/abc"},
                    "callToActionLabel": "VISIT_COMPANY_WEBSITE",
                },
            },
            "headline": text("Test LGF"),
            "legalInfo": {
                "consents": [],
                "legalInfoId": 100339966,
                "privacyPolicyUrl": "https://cadfad.com/abc",
            },
        },
    }


def creation() -> dict[str, Any]:
    """The body that creates a form."""
    return {
        "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:507857085"},
        "hiddenFields": [{"name": "Entity name", "value": "Nimbus 2000"}],
        "creationLocale": {"country": "US", "language": "en"},
        "name": "LeadGen Form Creation Testing",
        "state": "DRAFT",
        "content": {
            "questions": [
                {
                    "question": text("First Name"),
                    "name": "firstName",
                    "questionDetails": {"textQuestionDetails": {}},
                    "predefinedField": "FIRST_NAME",
                },
                {
                    "question": text("Last Name"),
                    "name": "lastName",
                    "questionDetails": {"textQuestionDetails": {}},
                    "predefinedField": "LAST_NAME",
                },
            ],
            "description": text("Share your information below"),
            "headline": text("Contact us about Nimbus 2000"),
            "postSubmissionInfo": {
                "message": text("This is a test"),
                "callToAction": {
                    "callToActionTarget": {"landingPageUrl": "http://www.example.com"},
                    "callToActionLabel": "VISIT_COMPANY_WEBSITE",
                },
            },
            "legalInfo": {
                "consents": [
                    {"checkRequired": False, "id": 1, "consent": text("may contact me via email")}
                ],
                "privacyPolicyUrl": "http://cadfad.com/abc",
                "legalDisclaimer": text("You may opt out at any time."),
            },
        },
    }


LEAD_ID = "691c02e7-f7f0-430a-ae16-4fc7d76f61a6-5"


def lead() -> dict[str, Any]:
    """GET of one lead."""
    return {
        "owner": {"sponsoredAccount": "urn:li:sponsoredAccount:522529623"},
        "submitter": "urn:li:person:MpGcnvaU_p",
        "versionedLeadGenFormUrn": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)",
        "leadMetadata": {
            "sponsoredLeadMetadata": {"campaign": "urn:li:sponsoredCampaign:367378525"}
        },
        "ownerInfo": {"sponsoredAccountInfo": {"name": "Angela Test"}},
        "testLead": False,
        "associatedEntity": {"associatedCreative": "urn:li:sponsoredCreative:121608865"},
        "leadType": "SPONSORED",
        "leadMetadataInfo": {
            "sponsoredLeadMetadataInfo": {
                "campaign": {
                    "name": "Brand awareness - May 3, 2022",
                    "type": "SPONSORED_UPDATES",
                    "id": "urn:li:sponsoredCampaign:367378525",
                }
            }
        },
        "associatedEntityInfo": {
            "associatedCreative": {
                "intendedStatus": "ACTIVE",
                "content": {"reference": "urn:li:ugcPost:6927151919538794496"},
                "id": "urn:li:sponsoredCreative:121608865",
            }
        },
        "id": LEAD_ID,
        "submittedAt": 1686182358881,
        "formResponse": {
            "answers": [
                {
                    "answerDetails": {
                        "textQuestionAnswer": {"answer": "Hello World-testing purpose"}
                    },
                    "questionId": 1,
                },
                {
                    "answerDetails": {"multipleChoiceAnswer": {"options": [1, 3]}},
                    "questionId": 2,
                },
            ],
            "consentResponses": [{"accepted": True, "consentId": 4}],
        },
    }


def notification() -> dict[str, Any]:
    """What the webhook sends for a new lead."""
    return {
        "type": "LEAD_ACTION",
        "leadGenFormResponse": "urn:li:leadGenFormResponse:1a2b3c-4",
        "leadGenForm": "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:1, 1)",
        "owner": {"organization": "urn:li:organization:123"},
        "associatedEntity": {"event": "urn:li:event:123"},
        "leadType": "EVENT",
        "leadAction": "CREATED",
        "occurredAt": 1686182358881,
    }


def without(sample: dict[str, Any], *path: str) -> dict[str, Any]:
    """The same sample without the field at `path`."""
    changed = copy.deepcopy(sample)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return changed


def compact(sample: Any) -> bytes:
    """As it goes over the wire."""
    return json.dumps(sample, separators=(",", ":")).encode()
