"""No key, password or connection string opens anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from local.infrastructure.document import INFRASTRUCTURE

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break

# Where a type has a switch for its keys, what the switch must say.
SWITCHES: dict[str, tuple[tuple[str, ...], bool]] = {
    "Microsoft.Storage/storageAccounts": (("allowSharedKeyAccess",), False),
    "Microsoft.Insights/components": (("DisableLocalAuth",), True),
    "Microsoft.OperationalInsights/workspaces": (("features", "disableLocalAuth"), True),
    "Microsoft.Communication/communicationServices": (("disableLocalAuth",), True),
    "Microsoft.KeyVault/vaults": (("enableRbacAuthorization",), True),
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": (("allow",), False),
}
READS_KEYS = re.compile(r"\.list\w*\(|\blist(Keys|Secrets|AccountSas|ServiceSas)\b")


def open_to_keys(templates: Templates) -> list[str]:
    found = []
    for path, resource in templates.resources():
        switch = SWITCHES.get(resource.of.split("@")[0])
        if switch is None:
            continue
        value: Any = resource.body["properties"]
        for step in switch[0]:
            value = value.get(step) if isinstance(value, dict) else None
        if value is not switch[1]:
            found.append(f"{path}: {resource.name}")
    return found


def test_keys_are_switched_off_everywhere(templates: Templates) -> None:
    assert open_to_keys(templates) == []
    types = {resource.of.split("@")[0] for _, resource in templates.resources()}
    assert set(SWITCHES) <= types


def test_both_ways_to_publish_by_password_are_closed(templates: Templates) -> None:
    policies = [
        resource.body["name"]
        for _, resource in templates.resources()
        if "basicPublishingCredentialsPolicies" in resource.of
    ]
    assert sorted(policies) == ["ftp", "scm"]
    site = templates.files["app.bicep"].resources["app"].body["properties"]
    assert site["siteConfig"]["ftpsState"] == "Disabled"
    assert site["httpsOnly"] is True


def test_no_template_asks_for_a_key() -> None:
    for path in INFRASTRUCTURE.rglob("*.bicep"):
        assert not READS_KEYS.search(path.read_text(encoding="utf-8")), path.name


def test_a_resource_that_takes_keys_is_found(broken: Break) -> None:
    templates = broken("mail.bicep", "    disableLocalAuth: true\n", "")

    assert open_to_keys(templates) == ["mail.bicep: communicationService"]


def test_what_asks_for_a_key_would_be_found() -> None:
    assert READS_KEYS.search("var key = account.listKeys().keys[0].value")
    assert READS_KEYS.search("output x string = listKeys(account.id, '2025-06-01').keys[0]")
    assert not READS_KEYS.search("description: 'today\\'s list.'")
