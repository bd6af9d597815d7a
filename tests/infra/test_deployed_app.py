"""The app starts with what a deployment gives it, and sends within its quota."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from local.infrastructure.document import INFRASTRUCTURE
from local.infrastructure.files import read_bicep
from shared.read_settings import SettingsInvalid
from shared.wiring import Wiring
from tests.examples import sample_forms
from tests.infra.deployed import (
    FRONT_DOOR,
    GRAPH,
    LINKEDIN,
    OWN_DOMAIN,
    SMTP,
    environment_of,
    made,
    settings_of,
    site_of,
)
from tests.infra.deployment import MANAGED_DOMAIN, deploy

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break, Deploy

SAMPLES = sorted(file.name for file in INFRASTRUCTURE.glob("*.bicepparam"))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_app_starts_with_what_the_samples_deploy(templates: Templates, name: str) -> None:
    given = read_bicep(INFRASTRUCTURE / name).variables
    deployment = deploy(templates, {each: given[each].value for each in given})
    assert set(Wiring(environment_of(deployment)).forms) == set(sample_forms())


@pytest.mark.parametrize(
    "changed",
    [
        OWN_DOMAIN,
        FRONT_DOOR,
        LINKEDIN,
        SMTP,
        GRAPH,
        {"mailFallbackProvider": "graph"},
        {**SMTP, "mailFallbackProvider": "acs"},
        {"vnetEnabled": True},
        {"mailsPerMinute": 600, "mailsPerHour": 10000},
        {"publicHostName": "doi.contoso.com", "publicHostNameReady": True},
    ],
    ids=",".join,
)
def test_the_app_starts_with_every_kind_of_deployment(
    deployed: Deploy, changed: dict[str, Any]
) -> None:
    assert Wiring(environment_of(deployed(**changed))).forms


@pytest.mark.parametrize(
    ("changed", "quota"),
    [
        ({}, ("5", "10")),
        ({"mailDomain": "news.contoso.com"}, ("5", "10")),
        (OWN_DOMAIN, ("", "")),
        ({"mailFallbackProvider": "graph"}, ("35", "")),
        ({**GRAPH, "mailFallbackProvider": "acs"}, ("35", "")),
        ({**SMTP, "mailFallbackProvider": "acs"}, ("", "")),
        (SMTP, ("", "")),
        ({**OWN_DOMAIN, "mailsPerMinute": 600, "mailsPerHour": 9000}, ("600", "9000")),
    ],
)
def test_the_quota_is_that_of_the_domain_that_sends(
    deployed: Deploy, changed: dict[str, Any], quota: tuple[str, str]
) -> None:
    settings = settings_of(deployed(**changed))
    assert (settings["DOI_MAILS_PER_MINUTE"], settings["DOI_MAILS_PER_HOUR"]) == quota


def test_a_domain_is_linked_when_it_is_verified_and_not_before(deployed: Deploy) -> None:
    waiting, verified = deployed(mailDomain="news.contoso.com"), deployed(**OWN_DOMAIN)
    service = "mail.bicep: communicationService"
    (linked_before,) = waiting.body(service)["properties"]["linkedDomains"]
    (linked_after,) = verified.body(service)["properties"]["linkedDomains"]
    assert linked_before.endswith("/AzureManagedDomain")
    assert linked_after.endswith("/news.contoso.com")
    assert waiting.outputs["mailSender"] == f"DoNotReply@{MANAGED_DOMAIN}"
    assert verified.outputs["mailSender"] == "DoNotReply@news.contoso.com"
    assert "mailDomainVerified = true" in waiting.outputs["nextSteps"][0]
    assert waiting.outputs["mailDomainRecords"]
    assert not any("mailDomain" in step for step in verified.outputs["nextSteps"])


def test_without_communication_services_nothing_of_them_is_made(deployed: Deploy) -> None:
    deployment = deployed(**SMTP)
    assert not any(made(deployment, file) for file in ("mail.bicep", "mail-reports.bicep"))
    assert not made(deployment, "mail-roles.bicep")
    settings = settings_of(deployment)
    assert settings["ACS_ENDPOINT"] == settings["DOI_ACS_RESOURCE_ID"] == ""
    assert settings["SMTP_PASSWORD"].endswith("SecretName=smtp-password)")


def test_forms_settings_cannot_replace_what_follows_from_parameters(deployed: Deploy) -> None:
    forms = {"DOI_PEPPER": "mine", "FORM_WEBSITE_URL": "https://evil.example"}
    settings = settings_of(deployed(formSettings=forms, furtherSettings=forms))
    assert settings["DOI_PEPPER"].startswith("@Microsoft.KeyVault(")
    assert (
        settings_of(deployed(formSettings=forms))["FORM_WEBSITE_URL"] == "https://test.contoso.com"
    )


@pytest.mark.parametrize("prefix", ["doi", "Doi-Tests", "ab"])
def test_names_keep_to_the_limits_of_azure(deployed: Deploy, prefix: str) -> None:
    """https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules."""
    outputs = deployed(namePrefix=prefix).outputs
    assert re.fullmatch(r"[a-z0-9]{3,24}", outputs["storageAccountName"])
    assert re.fullmatch(r"[a-z][a-z0-9-]{1,22}[a-z0-9]", outputs["keyVaultName"])
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,58}[a-z0-9]", outputs["appName"])


def test_an_instance_that_always_runs_can_be_left_out(deployed: Deploy) -> None:
    def always_ready(count: int) -> Any:
        config = site_of(deployed(alwaysReadyHttpInstances=count))["functionAppConfig"]
        return config["scaleAndConcurrency"]["alwaysReady"]

    assert always_ready(0) == []
    assert always_ready(1) == [{"name": "http", "instanceCount": 1}]


def test_operators_get_rights_only_when_they_are_named(deployed: Deploy) -> None:
    assert not made(deployed(), "operator-roles.bicep")
    assert made(
        deployed(operatorPrincipalId="10000000-0000-0000-0000-000000000001"), "operator-roles.bicep"
    )


def test_an_endpoint_that_the_app_does_not_take_is_found(broken: Break) -> None:
    """Azure's own endpoints end with a slash."""
    end = "'https://${account.name}.queue.${environment().suffixes.storage}"
    templates = broken("storage.bicep", f"{end}'", f"{end}/'")
    given = read_bicep(INFRASTRUCTURE / "main.test.bicepparam").variables
    deployment = deploy(templates, {name: each.value for name, each in given.items()})

    with pytest.raises(SettingsInvalid, match="AzureWebJobsStorage__queueServiceUri"):
        Wiring(environment_of(deployment))
