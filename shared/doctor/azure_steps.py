"""Steps for Azure's command line, ready to be pasted."""

from dataclasses import dataclass
from typing import Final

from shared.doctor.ports import AzureNames


@dataclass(frozen=True, kw_only=True)
class Role:
    """A built-in role: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles."""

    name: str
    id: str


QUEUES: Final = Role(
    name="Storage Queue Data Contributor", id="974c5e8b-45b9-4653-ba55-5f855dd0fb88"
)
TABLES: Final = Role(
    name="Storage Table Data Contributor", id="0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"
)
MAILS: Final = Role(
    name="Communication and Email Service Owner", id="09976791-48a7-449e-bb21-39d1a415f350"
)
READER: Final = Role(name="Reader", id="acdd72a7-3385-48ef-bd42-f606fba81ae7")


def give(role: Role, scope: str, names: AzureNames) -> str:
    """The command that gives whoever asked the role. `scope` is an id, or a command for it."""
    return (
        f"give the role {role.name}: az role assignment create --assignee {names.assignee}"
        f' --role {role.id} --scope "{scope}"; it counts within ten minutes'
    )


def storage_scope(account: str) -> str:
    """The id of a storage account, as the shell finds it."""
    return f"$(az storage account show --name {account} --query id --output tsv)"


def sign_in(names: AzureNames) -> str:
    """What to do where no access token is to be had."""
    if not names.as_app:
        return "az login; what the Azure CLI gets no token for, ask the app: doi doctor --app …"
    if not names.in_azure:
        return "az login, and set DOI_CREDENTIAL=azure-cli: only Azure has an identity of the app's"
    return (
        f"give the app its identity: az functionapp identity assign --name {names.app}"
        f" --resource-group {names.group} --identities IDENTITY_ID; and set AZURE_CLIENT_ID to the"
        " identity's client id"
    )
