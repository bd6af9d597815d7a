"""Every setting of the app: its name, what it should look like, its default."""

import re
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
)

from shared.values.email_from import EmailFrom

SHORTEST_SECRET = 32
IPNetwork = IPv4Network | IPv6Network
_OWNER = re.compile(r"urn:li:(sponsoredAccount|organization):[1-9][0-9]{0,18}")
_RESOURCE = re.compile(
    r"/subscriptions/[^/?#]+/resourceGroups/[^/?#]+"
    r"/providers/Microsoft\.Communication/communicationServices/[^/?#]+",
    re.IGNORECASE,
)
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


class MailProvider(StrEnum):
    """Who carries the mails."""

    ACS = "acs"
    GRAPH = "graph"
    SMTP = "smtp"


class Credential(StrEnum):
    """Who the app is towards Azure, Dataverse and Graph."""

    MANAGED_IDENTITY = "managed-identity"
    AZURE_CLI = "azure-cli"


class BrokenForms(StrEnum):
    """What a form file with a mistake means for the others."""

    REFUSE = "refuse"
    SKIP = "skip"


def _strong(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value().encode()) < SHORTEST_SECRET:
        raise ValueError(f"is shorter than {SHORTEST_SECRET} bytes")
    return secret


def _all_strong(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if not secrets:
        raise ValueError("is empty")
    return tuple(_strong(secret) for secret in secrets)


def _split(text: Any) -> Any:
    return tuple(part.strip() for part in text.split(",")) if isinstance(text, str) else text


def _networks(texts: tuple[str, ...]) -> tuple[IPNetwork, ...]:
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError:
        raise ValueError(
            "is no list of networks such as 198.51.100.0/24, or has bits set behind the prefix"
        ) from None


def web_origin(url: str) -> str:
    """The address, if it is scheme and host alone, and encrypted. Raises ValueError."""
    parts = urlsplit(url)
    if (
        url != f"{parts.scheme}://{parts.netloc}"
        or parts.scheme not in {"https", "http"}
        or not parts.hostname
        or parts.username
        or " " in url
    ):
        raise ValueError("is not a web address of scheme and host only, without a slash at its end")
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise ValueError("must begin with https:// (http is for this machine only)")
    return url


def _owners(urns: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [urn for urn in urns if not _OWNER.fullmatch(urn)]
    if wrong:
        raise ValueError("is no list of urn:li:sponsoredAccount:… and urn:li:organization:…")
    return urns


def _communication_services(resource: str) -> str:
    if not _RESOURCE.fullmatch(resource):
        raise ValueError("is no resource id of a Communication Services resource")
    return resource


Secret = Annotated[SecretStr, AfterValidator(_strong)]
SecretList = Annotated[tuple[SecretStr, ...], BeforeValidator(_split), AfterValidator(_all_strong)]
IPNetworks = Annotated[tuple[IPNetwork, ...], BeforeValidator(_networks), BeforeValidator(_split)]
BaseUrl = Annotated[str, AfterValidator(web_origin)]
ResourceId = Annotated[str, AfterValidator(_communication_services)]
Owners = Annotated[tuple[str, ...], BeforeValidator(_split), AfterValidator(_owners)]


def _setting(name: str, description: str, **more: Any) -> Any:
    return Field(alias=name, description=description, **more)


class OfflineSettings(BaseModel):
    """What it takes to show forms, mails and pages: no storage, no provider, no secret."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    public_url: BaseUrl = _setting(
        "DOI_PUBLIC_URL",
        "address under which visitors reach this app, without /api: https://doi.contoso.com",
    )
    forms_folder: str = _setting(
        "DOI_FORMS_FOLDER", "folder of the form definitions, relative to the app", default="forms"
    )


class Settings(OfflineSettings):
    """The settings by name; each description says what the value should look like."""

    token_keys: SecretList = _setting(
        "DOI_TOKEN_KEYS",
        "keys that sign the links, newest first, separated by commas; each 32 bytes or more",
    )
    pepper: Secret = _setting(
        "DOI_PEPPER", "secret of 32 bytes or more for keyed hashes; it must never change"
    )
    trusted_proxies: int = _setting(
        "DOI_TRUSTED_PROXIES",
        "number of proxies in front that add to X-Forwarded-For: 1 on Azure Functions, "
        "2 behind Front Door",
        default=1,
        ge=0,
        le=10,
    )
    broken_forms: BrokenForms = _setting(
        "DOI_BROKEN_FORMS",
        "'refuse' to start when a form file has a mistake, or 'skip' it and serve the others",
        default=BrokenForms.REFUSE,
    )
    origin_days: int = _setting(
        "DOI_ORIGIN_DAYS",
        "days for which network addresses and browsers of sign-ups, clicks and withdrawals can be "
        "read; then they are gone, and the rest of the evidence stays",
        default=90,
        ge=14,
        le=3650,
    )
    mails_per_day: int = _setting(
        "DOI_MAILS_PER_ADDRESS_PER_DAY",
        "how many mails one mailbox gets within 24 hours, all forms together",
        default=5,
        ge=1,
        le=100,
    )
    mail_cooldown_seconds: int = _setting(
        "DOI_MAIL_COOLDOWN_SECONDS",
        "seconds between two mails to one mailbox, all forms together; the later one waits",
        default=60,
        ge=0,
        le=86400,
    )
    registrations_per_source: int = _setting(
        "DOI_REGISTRATIONS_PER_SOURCE_PER_HOUR",
        "how many registrations of one network (IPv4 /24, IPv6 /56) are mailed at once within "
        "an hour; what goes beyond is mailed slowly",
        default=100,
        ge=1,
        le=100_000,
    )
    unlimited_sources: IPNetworks | None = _setting(
        "DOI_UNLIMITED_SOURCES",
        "networks without that budget, such as your own web servers, separated by commas: "
        "198.51.100.0/24,2001:db8::/56",
        default=None,
    )
    form_ceiling: int = _setting(
        "DOI_REGISTRATIONS_PER_FORM_PER_DAY",
        "registrations of one form in a day (UTC) after which somebody is alarmed; nobody is "
        "stopped, and a form's own 'dailyCeiling' comes first",
        default=2000,
        ge=1,
    )
    mail_rest_seconds: int = _setting(
        "DOI_MAIL_REST_SECONDS",
        "seconds for which a mail provider is left alone after three failures in a row; twice as "
        "long each time that it fails again, up to five times",
        default=60,
        ge=1,
        le=3600,
    )
    mails_per_minute: int | None = _setting(
        "DOI_MAILS_PER_MINUTE",
        "quota of the mail provider; without it what the provider documents: 30 (acs, graph), "
        "none (smtp)",
        default=None,
        ge=1,
    )
    mails_per_hour: int | None = _setting(
        "DOI_MAILS_PER_HOUR",
        "quota of the mail provider; without it what the provider documents: 100 (acs), "
        "none (graph, smtp)",
        default=None,
        ge=1,
    )
    suppression_days: int = _setting(
        "DOI_SUPPRESSION_DAYS",
        "days without any mail after somebody said 'this was not me'",
        default=30,
        ge=1,
        le=3650,
    )
    proof_days: int = _setting(
        "DOI_PROOF_DAYS",
        "days that are kept of somebody who was erased: a keyed digest of the address, and hashes "
        "of what happened when",
        default=1460,
        ge=1,
        le=3650,
    )
    code_window_seconds: int = _setting(
        "DOI_CODE_WINDOW_SECONDS",
        "seconds in which a network that opened the decline link has to give the code in the "
        "mail to confirm; 0 never asks for it",
        default=300,
        ge=0,
        le=3600,
    )
    inline_seconds: float = _setting(
        "DOI_PROMOTE_INLINE_SECONDS",
        "seconds that the click waits for Dataverse before the queue takes over",
        default=8,
        ge=0,
        le=20,
    )
    claim_seconds: int = _setting(
        "DOI_CLAIM_SECONDS",
        "seconds after which a worker that went silent is replaced by another; longer than any "
        "call to a mail provider or to Dataverse lasts",
        default=120,
        ge=5,
        le=3600,
    )
    retry_first_seconds: int = _setting(
        "DOI_RETRY_FIRST_SECONDS",
        "seconds before the first retry of what failed for now; each further wait is twice as long",
        default=15,
        ge=1,
        le=3600,
    )
    retry_longest_seconds: int = _setting(
        "DOI_RETRY_LONGEST_SECONDS",
        "seconds of the longest wait between two retries",
        default=3600,
        ge=1,
        le=86400,
    )
    desk: Literal["on", "off"] = _setting(
        "DOI_DESK",
        "'on' shows the operator's page /api/desk to who has a function key",
        default="off",
    )
    credential: Credential = _setting(
        "DOI_CREDENTIAL",
        "'managed-identity' in Azure, 'azure-cli' to run on a laptop against Azure",
        default=Credential.MANAGED_IDENTITY,
    )
    client_id: str | None = _setting(
        "AZURE_CLIENT_ID", "client id of the user-assigned identity", default=None
    )
    storage: SecretStr | None = _setting(
        "AzureWebJobsStorage", "connection string; locally only", default=None
    )
    queue_url: BaseUrl | None = _setting(
        "AzureWebJobsStorage__queueServiceUri",
        "queue endpoint, reached with the identity: https://NAME.queue.core.windows.net",
        default=None,
    )
    table_url: BaseUrl | None = _setting(
        "AzureWebJobsStorage__tableServiceUri",
        "table endpoint, reached with the identity: https://NAME.table.core.windows.net",
        default=None,
    )
    mail_provider: MailProvider = _setting(
        "DOI_MAIL_PROVIDER",
        "'acs' (Azure Communication Services), 'graph' (Microsoft 365) or 'smtp'",
    )
    mail_fallback_provider: MailProvider | None = _setting(
        "DOI_MAIL_FALLBACK_PROVIDER",
        "another of 'acs', 'graph' and 'smtp', which sends while the first keeps failing",
        default=None,
    )
    acs_endpoint: BaseUrl | None = _setting(
        "ACS_ENDPOINT",
        "endpoint of Communication Services: https://NAME.communication.azure.com",
        default=None,
    )
    acs_resource_id: ResourceId | None = _setting(
        "DOI_ACS_RESOURCE_ID",
        "only for 'doi doctor', which then looks at domains and senders: /subscriptions/…/"
        "resourceGroups/…/providers/Microsoft.Communication/communicationServices/NAME",
        default=None,
    )
    smtp_host: str | None = _setting("SMTP_HOST", "name of the SMTP server", default=None)
    smtp_port: int = _setting("SMTP_PORT", "its port", default=587, ge=1, le=65535)
    smtp_tls: Literal["none", "starttls", "implicit"] = _setting(
        "SMTP_TLS",
        "'starttls', 'implicit' (port 465) or, for a mail catcher only, 'none'",
        default="starttls",
    )
    smtp_user: str | None = _setting("SMTP_USER", "user name, if it wants one", default=None)
    smtp_password: SecretStr | None = _setting("SMTP_PASSWORD", "its password", default=None)
    dataverse_url: BaseUrl = _setting(
        "DATAVERSE_URL", "address of the environment: https://ORG.crm4.dynamics.com"
    )
    linkedin_client_id: str | None = _setting(
        "LINKEDIN_CLIENT_ID", "client id of the application at LinkedIn", default=None
    )
    linkedin_client_secret: SecretStr | None = _setting(
        "LINKEDIN_CLIENT_SECRET",
        "its client secret, which also signs LinkedIn's notifications",
        default=None,
    )
    linkedin_refresh_token: SecretStr | None = _setting(
        "LINKEDIN_REFRESH_TOKEN",
        "refresh token of the member who signed in; none where 'doi linkedin authorize' stored it",
        default=None,
    )
    linkedin_access_token: SecretStr | None = _setting(
        "LINKEDIN_ACCESS_TOKEN",
        "access token, for applications that LinkedIn gives no refresh token",
        default=None,
    )
    linkedin_webhook_secret: SecretStr | None = _setting(
        "LINKEDIN_WEBHOOK_SECRET",
        "what '?secret=' of the webhook's address must be, if the subscription has one",
        default=None,
        min_length=16,
    )
    linkedin_require_signature: Literal["yes", "no"] = _setting(
        "LINKEDIN_REQUIRE_SIGNATURE",
        "'yes', or 'no' to take notifications that carry no signature",
        default="yes",
    )
    linkedin_owners: Owners | None = _setting(
        "LINKEDIN_OWNERS",
        "owners whose leads are reconciled, separated by commas: urn:li:sponsoredAccount:123",
        default=None,
    )
    linkedin_email_from: EmailFrom = _setting(
        "LINKEDIN_EMAIL_FROM",
        "'email-then-work', 'work-then-email', 'email' or 'work'",
        default=EmailFrom.EMAIL_THEN_WORK,
    )
    linkedin_version: str = _setting(
        "LINKEDIN_VERSION",
        "version of LinkedIn's API, year and month: 202607",
        default="202607",
        pattern=r"^20[0-9]{2}(0[1-9]|1[0-2])$",
    )
    linkedin_api_url: BaseUrl = _setting(
        "LINKEDIN_API_URL", "address of LinkedIn's API", default="https://api.linkedin.com"
    )
    linkedin_oauth_url: BaseUrl = _setting(
        "LINKEDIN_OAUTH_URL",
        "address of LinkedIn's token service",
        default="https://www.linkedin.com",
    )
