"""LinkedIn's enumerations. Read whatever their case is; unknown symbols are kept as text.

The documentation itself writes `DOWNLOAD_NoW`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator


class LeadType(StrEnum):
    """Where a lead was collected."""

    SPONSORED = "SPONSORED"
    COMPANY = "COMPANY"
    EVENT = "EVENT"
    ORGANIZATION_PRODUCT = "ORGANIZATION_PRODUCT"


class LeadAction(StrEnum):
    """What happened to a lead."""

    CREATED = "CREATED"
    DELETED = "DELETED"


class FormState(StrEnum):
    """The lifecycle of a lead form (LeadGenLifecycleState)."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    ARCHIVED = "ARCHIVED"


class ReviewStatus(StrEnum):
    """What came of LinkedIn's review of a form (LeadGenFormReviewStatus)."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    PREAPPROVED = "PREAPPROVED"
    AUTO_APPROVED = "AUTO_APPROVED"
    NEEDS_REVIEW = "NEEDS_REVIEW"
    AUTO_REJECTED = "AUTO_REJECTED"


class CallToActionLabel(StrEnum):
    """The button after a form was sent (PostSubmissionCallToActionLabel)."""

    VISIT_COMPANY_WEBSITE = "VISIT_COMPANY_WEBSITE"
    LEARN_MORE = "LEARN_MORE"
    VIEW_NOW = "VIEW_NOW"
    DOWNLOAD_NOW = "DOWNLOAD_NOW"
    TRY_NOW = "TRY_NOW"


class PredefinedField(StrEnum):
    """What LinkedIn prefills from the member's profile."""

    FIRST_NAME = "FIRST_NAME"
    LAST_NAME = "LAST_NAME"
    PHONE_NUMBER = "PHONE_NUMBER"
    EMAIL = "EMAIL"
    CITY = "CITY"
    STATE = "STATE"
    COUNTRY = "COUNTRY"
    ZIP_CODE = "ZIP_CODE"
    JOB_TITLE = "JOB_TITLE"
    JOB_FUNCTION = "JOB_FUNCTION"
    SENIORITY = "SENIORITY"
    COMPANY_NAME = "COMPANY_NAME"
    COMPANY_SIZE = "COMPANY_SIZE"
    INDUSTRY = "INDUSTRY"
    DEGREE = "DEGREE"
    FIELD_OF_STUDY = "FIELD_OF_STUDY"
    SCHOOL = "SCHOOL"
    START_DATE = "START_DATE"
    GRADUATION_DATE = "GRADUATION_DATE"
    GENDER = "GENDER"
    WORK_EMAIL = "WORK_EMAIL"
    LINKEDIN_PROFILE_LINK = "LINKEDIN_PROFILE_LINK"
    WORK_PHONE_NUMBER = "WORK_PHONE_NUMBER"


def _reader(kind: type[StrEnum]) -> Callable[[Any], Any]:
    symbols = {symbol.value: symbol for symbol in kind}

    def read(given: Any) -> Any:
        return symbols.get(given.strip().upper(), given) if isinstance(given, str) else given

    return read


LeadTypeSymbol = Annotated[LeadType | str, BeforeValidator(_reader(LeadType))]
LeadActionSymbol = Annotated[LeadAction | str, BeforeValidator(_reader(LeadAction))]
FormStateSymbol = Annotated[FormState | str, BeforeValidator(_reader(FormState))]
ReviewStatusSymbol = Annotated[ReviewStatus | str, BeforeValidator(_reader(ReviewStatus))]
CallToActionSymbol = Annotated[CallToActionLabel | str, BeforeValidator(_reader(CallToActionLabel))]
PredefinedFieldSymbol = Annotated[PredefinedField | str, BeforeValidator(_reader(PredefinedField))]
