"""Who may do what: the right ids, the narrowest scopes, and a row in the docs for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from local.infrastructure.diagram import words
from local.infrastructure.document import DOCUMENT
from local.infrastructure.role_assignments import role_assignments
from tests.infra.known_roles import KNOWN_ROLES

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break

STORAGE = "Microsoft.Storage/storageAccounts"
# What the docs call a scope.
SCOPES = {
    STORAGE: "storage account",
    f"{STORAGE}/queueServices/queues": "queue",
    "Microsoft.KeyVault/vaults": "Key Vault",
    "Microsoft.Insights/components": "Application Insights",
    "Microsoft.Communication/communicationServices": "Communication Services",
    "Microsoft.Communication/emailServices": "Email Communication Service",
}
APP, EVENT_GRID, OPERATORS = (
    "main.bicep identity",
    "mail-reports.bicep identity",
    "main.bicep operatorPrincipalId",
)
# What the docs call who has it.
PRINCIPALS = {
    "the app (`identity`)": APP,
    "Event Grid (`identity` of mail-reports.bicep)": EVENT_GRID,
    "operators (`operatorPrincipalId`)": OPERATORS,
}
# Storage roles of the app are for the account: the host makes containers and a table of its own.
NARROWEST = {
    (APP, "Storage Blob Data Owner", "storage account"),
    (APP, "Storage Queue Data Contributor", "storage account"),
    (APP, "Storage Table Data Contributor", "storage account"),
    (APP, "Key Vault Secrets User", "Key Vault"),
    (APP, "Monitoring Metrics Publisher", "Application Insights"),
    (APP, "Communication and Email Service Owner", "Communication Services"),
    (APP, "Reader", "Email Communication Service"),
    (EVENT_GRID, "Storage Queue Data Message Sender", "queue `mail-reports`"),
    (OPERATORS, "Key Vault Secrets Officer", "Key Vault"),
    (OPERATORS, "Storage Queue Data Contributor", "storage account"),
    (OPERATORS, "Storage Table Data Contributor", "storage account"),
}


def given_in(templates: Templates) -> set[tuple[str, str, str]]:
    """Who, the role's name, on what."""
    given = set()
    for each in role_assignments(templates):
        name = f" `{each.scope_name}`" if each.scope_name else ""
        who = f"{each.principal.path} {each.principal.symbol}"
        given.add((who, KNOWN_ROLES[each.role_id], f"{SCOPES[each.scope_type]}{name}"))
    return given


def test_each_role_is_given_at_the_narrowest_scope(templates: Templates) -> None:
    assert given_in(templates) == NARROWEST
    assert len(role_assignments(templates)) == len(NARROWEST)


def test_the_ids_are_those_of_the_roles_that_the_names_say(templates: Templates) -> None:
    ids = templates.main.variables["roleIds"].value
    assert {id_: words(name) for name, id_ in ids.items()} == KNOWN_ROLES


def test_the_docs_have_a_row_for_each_and_no_other() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    section = text.split("\n## Who may do what\n")[1].split("\n## ")[0]
    rows = [re.split(r" *\| *", line)[1:4] for line in section.splitlines() if line[:1] == "|"][2:]
    assert {(PRINCIPALS[who], role, on) for who, role, on in rows} == NARROWEST
    assert len(rows) == len(NARROWEST)


def test_a_wider_scope_is_found(broken: Break) -> None:
    templates = broken("mail-reports.bicep", "scope: queue", "scope: account")

    assert given_in(templates) - NARROWEST == {
        (EVENT_GRID, "Storage Queue Data Message Sender", "storage account")
    }


def test_an_assignment_for_the_whole_resource_group_is_found(broken: Break) -> None:
    templates = broken("app-roles.bicep", "  scope: vault\n", "")

    with pytest.raises(ValueError, match=r"app-roles\.bicep: secrets has no role or no scope"):
        role_assignments(templates)


def test_another_principal_is_found(broken: Break) -> None:
    templates = broken(
        "main.bicep",
        "principalId: identity.properties.principalId",
        "principalId: operatorPrincipalId",
    )

    assert (OPERATORS, "Storage Blob Data Owner", "storage account") in given_in(templates)


def test_a_wrong_role_id_is_found(broken: Break) -> None:
    templates = broken("main.bicep", "4633458b", "b86a8fe4")

    with pytest.raises(KeyError):
        given_in(templates)
