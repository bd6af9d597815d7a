"""Types and versions are those that were looked up, each type in one version."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.infra.known_types import KNOWN_TYPES

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break


def types_in(templates: Templates) -> set[str]:
    return {
        resource.of for file in templates.files.values() for resource in file.resources.values()
    }


def test_each_type_is_known_in_its_version_and_nothing_known_is_unused(
    templates: Templates,
) -> None:
    assert types_in(templates) == KNOWN_TYPES


def test_no_type_is_there_in_two_versions() -> None:
    versions = Counter(known.split("@")[0] for known in KNOWN_TYPES)
    assert [name for name, count in versions.items() if count > 1] == []


def test_a_wrong_version_is_found(broken: Break) -> None:
    templates = broken("vault.bicep", "vaults@2024-11-01", "vaults@2024-11-31")

    assert types_in(templates) - KNOWN_TYPES == {"Microsoft.KeyVault/vaults@2024-11-31"}
