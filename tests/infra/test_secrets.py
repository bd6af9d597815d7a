"""Pepper and token keys: random, long enough, and left alone by every later deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.settings import SHORTEST_SECRET

if TYPE_CHECKING:
    from local.infrastructure.files import Block
    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break

GUID = "12345678-1234-1234-1234-123456789012"


def secrets_in(templates: Templates) -> list[Block]:
    return [
        resource
        for _, resource in templates.resources()
        if resource.of.startswith("Microsoft.KeyVault/vaults/secrets@")
    ]


def may_be_changed(templates: Templates) -> list[str]:
    return [each.name for each in secrets_in(templates) if "onlyIfNotExists" not in each.decorators]


def test_no_deployment_changes_a_secret(templates: Templates) -> None:
    assert len(secrets_in(templates)) == 2
    assert may_be_changed(templates) == []


def test_they_are_drawn_anew_and_long_enough(templates: Templates) -> None:
    file = templates.files["secrets.bicep"]
    for secret in secrets_in(templates):
        parameter = file.parameters[str(secret.body["properties"]["value"])]
        assert "secure" in parameter.decorators
        assert str(parameter.value) == "'${newGuid()}-${newGuid()}'"
    assert len(f"{GUID}-{GUID}") >= SHORTEST_SECRET


def test_nobody_gives_them_a_value(templates: Templates) -> None:
    """A value in a parameter file or a deployment would be written down somewhere."""
    assert set(templates.main.modules["secrets"].body["params"]) == {"vaultName"}


def test_the_vault_gives_nothing_up(templates: Templates) -> None:
    properties = templates.files["vault.bicep"].resources["vault"].body["properties"]
    assert properties["enablePurgeProtection"] is True
    assert properties["enableSoftDelete"] is True
    assert properties["enableRbacAuthorization"] is True
    assert properties["softDeleteRetentionInDays"] == 90


def test_a_secret_that_would_be_changed_is_found(broken: Break) -> None:
    templates = broken("secrets.bicep", "@onlyIfNotExists()\nresource pepper", "resource pepper")

    assert may_be_changed(templates) == ["pepperSecret"]
