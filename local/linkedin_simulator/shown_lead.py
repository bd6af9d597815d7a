"""A lead as the API shows it, in the shape of the samples or in that of the schema tables."""

from typing import Any

from local.linkedin_simulator.call import Call
from local.linkedin_simulator.lead_forms import FIELDS as FORM_FIELDS
from local.linkedin_simulator.lead_forms import shown
from local.linkedin_simulator.projection import known_fields, projected
from local.linkedin_simulator.restli import Projection
from local.linkedin_simulator.stored import Answer, Lead
from local.linkedin_simulator.urns import number_of, urn, versioned_form_urn
from local.linkedin_simulator.world import World

ONLY_ASKED_FOR = ("form", "ownerInfo", "leadMetadataInfo", "associatedEntityInfo")
ONLY_IN_SAMPLES = ("submitter", "versionedLeadGenFormUrn", *ONLY_ASKED_FOR[1:])
ONLY_IN_TABLES = ("responseId",)
FIELDS = {
    *("id", "leadType", "form", "versionedLeadGenFormUrn", "owner", "ownerInfo", "leadMetadata"),
    *("leadMetadataInfo", "associatedEntity", "associatedEntityInfo", "submittedAt", "responseId"),
    *("submitter", "formResponse", "testLead"),
}


def wanted_fields(call: Call) -> Projection | None:
    """Raise LinkedInError for fields that no lead has, or that no form inside has."""
    wanted = known_fields(call.fields(), FIELDS)
    known_fields((wanted or {}).get("form"), FORM_FIELDS)
    return wanted


def lead_json(world: World, lead: Lead, wanted: Projection | None) -> dict[str, Any]:
    """The wanted fields, or those of the shape in use."""
    everything = _everything(world, lead)
    if wanted is not None:
        if (inside := wanted.get("form")) is not None:
            form = world.forms[lead.form_id].version(lead.version_id) or {}
            everything["form"] = shown(form, inside)
            wanted = {**wanted, "form": None}
        return projected(_without_nothing(everything), wanted)
    if world.settings.lead_shape == "examples":
        left_out: tuple[str, ...] = ("form", *ONLY_IN_TABLES)
    else:
        left_out = (*ONLY_ASKED_FOR, *ONLY_IN_SAMPLES)
    by_default = {name: value for name, value in everything.items() if name not in left_out}
    return {**_without_nothing(by_default), **lead.override}


def _without_nothing(entity: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entity.items() if value is not None}


def _everything(world: World, lead: Lead) -> dict[str, Any]:
    form_urn = versioned_form_urn(lead.form_id, lead.version_id)
    metadata = {"sponsoredLeadMetadata": {"campaign": lead.campaign}} if lead.campaign else None
    return {
        "id": lead.id,
        "leadType": lead.lead_type,
        "form": form_urn,
        "versionedLeadGenFormUrn": form_urn,
        "owner": lead.owner,
        "ownerInfo": _owner_info(world, lead.owner),
        "leadMetadata": metadata,
        "leadMetadataInfo": _campaign_info(world, lead),
        "associatedEntity": lead.entity or None,
        "associatedEntityInfo": _entity_info(world, lead),
        "submittedAt": lead.submitted_at,
        "responseId": lead.response_id,
        "submitter": lead.submitter,
        "formResponse": _form_response(world, lead),
        "testLead": lead.test_lead,
        **lead.override,
    }


def _owner_info(world: World, owner: dict[str, str]) -> dict[str, Any]:
    account_id = number_of(owner.get("sponsoredAccount", ""), "sponsoredAccount")
    if account_id is not None:
        account = world.seed.account(account_id)
        return {"sponsoredAccountInfo": {"name": account.name}} if account else {}
    page = world.seed.organization(number_of(owner["organization"], "organization") or 0)
    return {"organizationInfo": {"name": page.name}} if page else {}


def _campaign_info(world: World, lead: Lead) -> dict[str, Any]:
    """An empty object where there is no value, as documented."""
    for account in world.seed.accounts:
        campaign = account.campaign
        if lead.campaign == urn("sponsoredCampaign", campaign.id):
            info = {"name": campaign.name, "type": campaign.type, "id": lead.campaign}
            return {"sponsoredLeadMetadataInfo": {"campaign": info}}
    return {}


def _entity_info(world: World, lead: Lead) -> dict[str, Any]:
    for account in world.seed.accounts:
        creative = urn("sponsoredCreative", account.campaign.creative)
        if lead.entity.get("associatedCreative") == creative:
            content = {"reference": urn("ugcPost", account.campaign.post)}
            info = {"intendedStatus": "ACTIVE", "content": content, "id": creative}
            return {"associatedCreative": info}
    return {}


def _form_response(world: World, lead: Lead) -> dict[str, Any]:
    form = world.forms[lead.form_id].version(lead.version_id) or {}
    names = {question["questionId"]: question["name"] for question in form["content"]["questions"]}
    texts = {
        consent["id"]: next(iter(consent["consent"]["localized"].values()))
        for consent in form["content"]["legalInfo"]["consents"]
    }
    if world.settings.lead_shape == "examples":
        answers = [
            {"answerDetails": _details(answer), "questionId": answer.question_id}
            for answer in lead.answers
        ]
        consents = [
            {"accepted": accepted, "consentId": consent_id}
            for consent_id, accepted in lead.consents.items()
        ]
    else:
        answers = [
            {
                "questionId": answer.question_id,
                "name": names.get(answer.question_id, ""),
                "accepted": _details(answer),
            }
            for answer in lead.answers
        ]
        consents = [
            {"consentId": consent_id, "consent": texts.get(consent_id, ""), "accepted": accepted}
            for consent_id, accepted in lead.consents.items()
        ]
    return {"answers": answers, "consentResponses": consents}


def _details(answer: Answer) -> dict[str, Any]:
    if answer.text is None:
        return {"multipleChoiceAnswer": {"options": list(answer.options)}}
    return {"textQuestionAnswer": {"answer": answer.text}}
