"""What is stored: values that are replaced, never changed in place; JSON on disk and in `state`."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

LeadType = Literal["SPONSORED", "COMPANY", "EVENT", "ORGANIZATION_PRODUCT"]
LeadAction = Literal["CREATED", "DELETED"]
OWNER_KINDS = ("sponsoredAccount", "organization")


class Stored(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


class LeadForm(Stored):
    """`versions` are the form's JSON as LinkedIn shows it, oldest first; the last one is current.

    `versionId` counts what people can answer, so that old leads keep their questions;
    `versionTag` counts every change.
    """

    versions: tuple[dict[str, Any], ...]

    @property
    def current(self) -> dict[str, Any]:
        return self.versions[-1]

    @property
    def id(self) -> int:
        return int(self.current["id"])

    @property
    def owner(self) -> dict[str, str]:
        owner: dict[str, str] = self.current["owner"]
        return owner

    def version(self, version_id: int) -> dict[str, Any] | None:
        return next((form for form in self.versions if form["versionId"] == version_id), None)


class Answer(Stored):
    """`text`, or the ids of the chosen `options`."""

    question_id: int
    text: str | None = None
    options: tuple[int, ...] = ()


class Lead(Stored):
    """`submitted_at` in ms since 1970; `consents` by consent id.

    `campaign`, `creative` and `entity` are what the form was attached to; a test lead has none.
    `override` replaces top-level fields of what the API shows, for leads that no form can make.
    """

    id: str
    owner: dict[str, str]
    lead_type: LeadType
    form_id: int
    version_id: int
    submitted_at: int
    response_id: str
    submitter: str
    test_lead: bool
    answers: tuple[Answer, ...]
    consents: dict[int, bool]
    campaign: str = ""
    entity: dict[str, str] = Field(default_factory=dict)
    override: dict[str, Any] = Field(default_factory=dict)


SubscriptionStatus = Literal["unvalidated", "valid", "blocked"]


class Subscription(Stored):
    """`failures` counts failed validations in a row; `validated_at` is the last attempt."""

    id: int
    webhook: str
    owner: dict[str, str]
    lead_type: LeadType
    versioned_form: str | None = None
    associated_entity: dict[str, str] | None = None
    status: SubscriptionStatus = "unvalidated"
    failures: int = 0
    validated_at: datetime | None = None
    problem: str = ""

    @property
    def owner_urn(self) -> str:
        (owner,) = self.owner.values()
        return owner


class Delivery(Stored):
    """One notification to one webhook; `status` of the latest attempt, 0 without an answer."""

    id: int
    lead_id: str
    action: LeadAction
    webhook: str
    body: str
    outcome: Literal["sending", "delivered", "failed", "lost", "held"]
    attempts: int = 0
    status: int = 0
    problem: str = ""
    at: datetime


class Grant(Stored):
    """What a member allowed. Its refresh token's life is counted from here and never extended."""

    refresh_token: str | None
    scopes: tuple[str, ...]
    granted_at: datetime
    revoked: bool = False


class AccessToken(Stored):
    token: str
    grant: int
    issued_at: datetime
    expires_at: datetime


class AuthorizationCode(Stored):
    code: str
    redirect_uri: str
    scopes: tuple[str, ...]
    issued_at: datetime


class Kept(Stored):
    """Everything that survives a restart."""

    last_id: int = 0
    forms: dict[int, LeadForm] = Field(default_factory=dict)
    leads: dict[str, Lead] = Field(default_factory=dict)
    subscriptions: dict[int, Subscription] = Field(default_factory=dict)
    deliveries: dict[int, Delivery] = Field(default_factory=dict)
    grants: dict[int, Grant] = Field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = Field(default_factory=dict)
    codes: dict[str, AuthorizationCode] = Field(default_factory=dict)
