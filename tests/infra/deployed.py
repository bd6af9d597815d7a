"""What the tests of a deployment change, and what they look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.infra.deployment import Deployed

OWN_DOMAIN = {"mailDomain": "news.contoso.com", "mailDomainVerified": True}
FRONT_DOOR = {"frontDoorEnabled": True, "unlimitedSources": ["198.51.100.0/24", "2001:db8::/56"]}
LINKEDIN = {
    "linkedInClientId": "a-client",
    "linkedInOwners": ["urn:li:sponsoredAccount:1", "urn:li:organization:2"],
    "linkedInRefreshTokenInVault": True,
    "linkedInAccessTokenInVault": True,
    "linkedInWebhookSecretInVault": True,
}
SMTP = {
    "mailProvider": "smtp",
    "mailSender": "news@contoso.com",
    "smtpHost": "mail.contoso.com",
    "smtpUser": "news",
    "smtpPasswordInVault": True,
}
GRAPH = {"mailProvider": "graph", "mailSender": "news@contoso.com"}
SECRET = "a-secret-of-the-vault-that-is-long-enough"


def settings_of(deployment: Deployed) -> dict[str, str]:
    """Of the app, as they stand in Azure."""
    properties: dict[str, str] = deployment.body("app-settings.bicep: settings")["properties"]
    return properties


def environment_of(deployment: Deployed) -> dict[str, str]:
    """As the app gets it: Azure puts the secrets where the references are."""
    return {
        name: SECRET if value.startswith("@Microsoft.KeyVault(") else value
        for name, value in settings_of(deployment).items()
    }


def made(deployment: Deployed, file: str) -> bool:
    """Whether a file made anything."""
    return any(key.startswith(f"{file}: ") for key in deployment.resources)


def site_of(deployment: Deployed) -> dict[str, Any]:
    """The properties of the function app."""
    properties: dict[str, Any] = deployment.body("app.bicep: app")["properties"]
    return properties
