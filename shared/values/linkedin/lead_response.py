"""A lead (LeadFormResponse): what one member sent in one lead form."""

from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from shared.values.linkedin.base import LinkedInValue, empty_is_absent
from shared.values.linkedin.keyed_urn import AssociatedEntity, Owner
from shared.values.linkedin.lead_answers import FormResponse
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_origin import (
    AssociatedEntityInfo,
    Attribution,
    CampaignInfo,
    CreativeInfo,
    LeadMetadata,
    LeadMetadataInfo,
    OwnerInfo,
)
from shared.values.linkedin.numbers import Moment, read_whole_number
from shared.values.linkedin.symbols import LeadTypeSymbol
from shared.values.linkedin.urns import (
    FormVersion,
    FormVersionUrn,
    ResponseId,
    parse_form_version,
)

# LinkedIn gives the same thing five names.
FORM_VERSION_NAMES = AliasChoices(
    "versionedLeadGenFormUrn", "versionedForm", "versionedFormUrn", "leadGenForm"
)
EmptyIsAbsent = BeforeValidator(empty_is_absent)


def _urn_or_object(given: Any) -> Any:
    """A form without content shows nothing: what is left of it is its name."""
    if isinstance(given, dict) and not given.get("content"):
        form, version = given.get("id"), given.get("versionId")
        if form is None:
            return None
        number = None if version is None else read_whole_number(version)
        return FormVersion(form_id=read_whole_number(form), version=number)
    return parse_form_version(given) if isinstance(given, str) else given


class LeadResponse(LinkedInValue):
    """Only id and formResponse are indispensable: LinkedIn leaves out the rest now and then.

    `form` is the form's URN by documentation, and the form itself when it was asked for.
    """

    id: ResponseId
    form_response: FormResponse
    lead_type: LeadTypeSymbol | None = None
    form: Annotated[LeadForm | FormVersion | None, BeforeValidator(_urn_or_object)] = None
    versioned_lead_gen_form_urn: FormVersionUrn | None = Field(
        default=None, validation_alias=FORM_VERSION_NAMES
    )
    owner: Owner | None = None
    owner_info: Annotated[OwnerInfo | None, EmptyIsAbsent] = None
    lead_metadata: Annotated[LeadMetadata | None, EmptyIsAbsent] = None
    lead_metadata_info: Annotated[LeadMetadataInfo | None, EmptyIsAbsent] = None
    associated_entity: Annotated[AssociatedEntity | None, EmptyIsAbsent] = None
    associated_entity_info: Annotated[AssociatedEntityInfo | None, EmptyIsAbsent] = None
    submitted_at: Moment | None = None
    response_id: str | None = None
    test_lead: bool = False
    submitter: str | None = None

    @property
    def form_version(self) -> FormVersion | None:
        """The form that was answered, in which version; None when the answer does not say."""
        if self.versioned_lead_gen_form_urn is not None:
            return self.versioned_lead_gen_form_urn
        return self.form.version if isinstance(self.form, LeadForm) else self.form

    @property
    def whole_form(self) -> LeadForm | None:
        """The form, where it came with the lead."""
        return self.form if isinstance(self.form, LeadForm) else None

    @property
    def attribution(self) -> Attribution:
        """Where it came from, as far as LinkedIn says."""
        campaign, creative = self._campaign, self._creative
        return Attribution(
            owner=self.owner.urn if self.owner else None,
            owner_name=self._owner_name,
            campaign=campaign.id,
            campaign_name=campaign.name,
            campaign_type=campaign.type,
            entity=self.associated_entity.urn if self.associated_entity else creative.id,
            entity_kind=self.associated_entity.key if self.associated_entity else None,
            entity_status=creative.intended_status,
            post=creative.content.reference if creative.content else None,
        )

    @property
    def _campaign(self) -> CampaignInfo:
        info = self.lead_metadata_info and self.lead_metadata_info.sponsored_lead_metadata_info
        resolved = (info.campaign if info else None) or CampaignInfo()
        metadata = self.lead_metadata and self.lead_metadata.sponsored_lead_metadata
        urn = metadata.campaign if metadata else None
        return CampaignInfo(name=resolved.name, type=resolved.type, id=urn or resolved.id)

    @property
    def _creative(self) -> CreativeInfo:
        info = self.associated_entity_info
        return (info.associated_creative if info else None) or CreativeInfo()

    @property
    def _owner_name(self) -> str | None:
        if self.owner_info is None:
            return None
        info = self.owner_info.sponsored_account_info or self.owner_info.organization_info
        return info.readable_name if info else None
