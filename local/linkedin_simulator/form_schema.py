"""Lead forms as they may be written: the documentation's schema, and nothing else.

Ids of questions and legal information are read-only in the schema, but kept on an update, so that
answers still find their questions; `new_form.py` gives ids to what has none.
"""

from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

LOCALE = r"^[a-z]{2,3}(_[A-Z]{2})?$|^[a-z]{2,3}_[A-Z]{0,2}_\w+$"
PredefinedField = Literal[
    "FIRST_NAME",
    "LAST_NAME",
    "PHONE_NUMBER",
    "EMAIL",
    "CITY",
    "STATE",
    "COUNTRY",
    "ZIP_CODE",
    "JOB_TITLE",
    "JOB_FUNCTION",
    "SENIORITY",
    "COMPANY_NAME",
    "COMPANY_SIZE",
    "INDUSTRY",
    "DEGREE",
    "FIELD_OF_STUDY",
    "SCHOOL",
    "START_DATE",
    "GRADUATION_DATE",
    "GENDER",
    "WORK_EMAIL",
    "LINKEDIN_PROFILE_LINK",
    "WORK_PHONE_NUMBER",
]


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not a web address")
    return value


WebAddress = Annotated[str, AfterValidator(_web_address)]
LocaleName = Annotated[str, Field(pattern=LOCALE)]
Text = Annotated[str, Field(min_length=1)]


class Schema(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class Locale(Schema):
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    country: str = Field(pattern=r"^[A-Z]{2}$")
    variant: str | None = None


class MultiLocaleString(Schema):
    localized: dict[LocaleName, Text] = Field(min_length=1)


class TextQuestion(Schema):
    default_response: str | None = None
    max_response_length: int = Field(default=300, ge=1, le=300)


class Option(Schema):
    id: int | None = Field(default=None, ge=0)
    text: MultiLocaleString
    label: Text | None = None


class MultipleChoiceQuestion(Schema):
    options: list[Option] = Field(min_length=2, max_length=15)
    default_selected_option: int | None = None


class QuestionDetails(Schema):
    """A union: exactly one of the two."""

    text_question_details: TextQuestion | None = None
    multiple_choice_question_details: MultipleChoiceQuestion | None = None

    @model_validator(mode="after")
    def _one_member(self) -> Self:
        if (self.text_question_details is None) == (self.multiple_choice_question_details is None):
            raise ValueError("a union has exactly one member")
        return self


class WorkEmailCriteria(Schema):
    freemium_email_allowed: bool


class SubmissionCriteria(Schema):
    work_email_submission_criteria: WorkEmailCriteria


class Question(Schema):
    question_id: int | None = None
    name: Text
    question: MultiLocaleString
    text_prompt: MultiLocaleString | None = None
    predefined_field: PredefinedField | None = None
    response_editable: bool = True
    response_required: bool = True
    question_details: QuestionDetails
    question_submission_criteria: SubmissionCriteria | None = None
    label: Text | None = None

    @model_validator(mode="after")
    def _criteria_belong_to_work_email(self) -> Self:
        if self.question_submission_criteria and self.predefined_field != "WORK_EMAIL":
            raise ValueError("questionSubmissionCriteria belong to WORK_EMAIL")
        return self


class Consent(Schema):
    id: int
    consent: MultiLocaleString
    check_required: bool
    label: Text | None = None


class LegalInfo(Schema):
    legal_info_id: int | None = None
    privacy_policy_url: WebAddress | None = None
    legal_disclaimer: MultiLocaleString | None = None
    consents: list[Consent]


class CallToActionTarget(Schema):
    landing_page_url: WebAddress


class CallToAction(Schema):
    call_to_action_label: Literal[
        "VISIT_COMPANY_WEBSITE", "LEARN_MORE", "VIEW_NOW", "DOWNLOAD_NOW", "TRY_NOW"
    ] = "VISIT_COMPANY_WEBSITE"
    call_to_action_target: CallToActionTarget | None = None


class PostSubmissionInfo(Schema):
    message: MultiLocaleString
    call_to_action: CallToAction


class DisplayContent(Schema):
    headline: MultiLocaleString
    description: MultiLocaleString | None = None
    questions: list[Question] = Field(min_length=1)
    legal_info: LegalInfo
    post_submission_info: PostSubmissionInfo | None = None


class HiddenField(Schema):
    name: Text
    value: str


class Owner(Schema):
    """A union: exactly one of the two."""

    sponsored_account: str | None = Field(
        default=None, pattern=r"^urn:li:sponsoredAccount:[1-9]\d{0,18}$"
    )
    organization: str | None = Field(default=None, pattern=r"^urn:li:organization:[1-9]\d{0,18}$")

    @model_validator(mode="after")
    def _one_member(self) -> Self:
        if (self.sponsored_account is None) == (self.organization is None):
            raise ValueError("a union has exactly one member")
        return self


class WrittenForm(Schema):
    creation_locale: Locale
    owner: Owner
    name: Text
    content: DisplayContent
    hidden_fields: list[HiddenField] = Field(max_length=20)
    state: Literal["DRAFT", "PUBLISHED", "ARCHIVED"] | None = None

    @model_validator(mode="after")
    def _is_written_in_its_locale(self) -> Self:
        language, country = self.creation_locale.language, self.creation_locale.country
        if not {language, f"{language}_{country}"} & self.content.headline.localized.keys():
            raise ValueError(f"the headline has no text in {language}_{country}")
        return self

    def as_json(self) -> dict[str, Any]:
        """As LinkedIn shows it: what was left empty is absent."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)
