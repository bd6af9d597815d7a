"""A lead form of LinkedIn (LeadGenForm), as the resource leadForms has it."""

from typing import Annotated

from pydantic import BeforeValidator

from shared.values.linkedin.base import LinkedInValue, empty_is_absent
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.legal_info import LegalInfo
from shared.values.linkedin.locale import Locale, MultiLocaleString
from shared.values.linkedin.numbers import LongId, Moment
from shared.values.linkedin.post_submission import PostSubmissionInfo
from shared.values.linkedin.question import Question
from shared.values.linkedin.symbols import FormStateSymbol, ReviewStatusSymbol
from shared.values.linkedin.urns import FormVersion


class HiddenField(LinkedInValue):
    """Set by the marketer, not by the member. Leads do not carry it: it stands on the form."""

    name: str
    value: str


class ReviewInfo(LinkedInValue):
    """What LinkedIn's review said (LeadGenReviewInfo)."""

    review_status: ReviewStatusSymbol | None = None
    last_updated: Moment | None = None
    rejection_reasons: tuple[str, ...] = ()


class DisplayContent(LinkedInValue):
    """What the member sees."""

    headline: MultiLocaleString | None = None
    description: MultiLocaleString | None = None
    questions: tuple[Question, ...] = ()
    legal_info: LegalInfo = LegalInfo()
    post_submission_info: PostSubmissionInfo | None = None


class LeadForm(LinkedInValue):
    """Optional is what LinkedIn leaves out, in some answer or other.

    `version_tag` counts modifications, but is a string and no version; `version_id` is the
    second part of the versioned URN.
    """

    id: LongId | None = None
    created: Moment | None = None
    last_modified: Moment | None = None
    creation_locale: Locale | None = None
    owner: Owner | None = None
    name: str = ""
    content: DisplayContent
    hidden_fields: tuple[HiddenField, ...] = ()
    state: FormStateSymbol | None = None
    review_info: Annotated[ReviewInfo | None, BeforeValidator(empty_is_absent)] = None
    version_id: int | None = None
    version_tag: Annotated[str | None, BeforeValidator(str)] = None

    @property
    def version(self) -> FormVersion | None:
        """Which form in which version this is, as far as the answer said."""
        return None if self.id is None else FormVersion(form_id=self.id, version=self.version_id)
