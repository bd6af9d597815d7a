"""What others met with Flex Consumption, queues and telemetry, and what keeps it away from here.

docs/infrastructure.md lists all of it; the rest has tests of its own.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.examples import ROOT
from tests.infra.deployed import site_of

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break, Deploy

HOST = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))


def not_waited_for(templates: Templates) -> set[str]:
    """Of what has to be there before the app, or its first start and deployment fail."""
    waits: Any = templates.main.modules["app"].body["dependsOn"]
    names = re.findall(r"\w+", str(waits))
    container = "storage.outputs" in str(templates.main.modules["app"].body["params"])
    return {"appRoles"} - set(names) | (set() if container else {"storage"})


def test_secrets_are_read_with_the_apps_own_identity(deployed: Deploy) -> None:
    """In siteConfig it would count for nothing: references look for a system-assigned one then."""
    site = site_of(deployed())
    assert "userAssignedIdentities" in site["keyVaultReferenceIdentity"]
    assert "keyVaultReferenceIdentity" not in site["siteConfig"]


def test_the_app_is_made_after_its_container_and_roles(templates: Templates) -> None:
    assert not_waited_for(templates) == set()


def test_an_app_that_is_made_too_early_is_found(broken: Break) -> None:
    early = broken("main.bicep", "dependsOn: [\n    appRoles\n", "dependsOn: [\n")
    assert not_waited_for(early) == {"appRoles"}


def test_a_failed_message_comes_back_after_a_while() -> None:
    """Azure's default is at once: five attempts within a second, then poison."""
    queues = HOST["extensions"]["queues"]
    assert queues["visibilityTimeout"] == "00:01:00"
    assert queues["maxDequeueCount"] == 5


def test_the_host_decodes_no_message() -> None:
    """It would move what it cannot decode to poison without a word."""
    assert HOST["extensions"]["queues"]["messageEncoding"] == "none"


def test_telemetry_is_sent_once() -> None:
    assert "telemetryMode" not in HOST
    assert "opentelemetry" not in (ROOT / "requirements.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("package", ["azure-communication-email", "aiohttp"])
def test_what_waits_inside_a_call_or_starts_slowly_is_not_deployed(package: str) -> None:
    assert f"\n{package}==" not in (ROOT / "requirements.txt").read_text(encoding="utf-8")
