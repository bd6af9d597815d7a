"""What Microsoft Graph lets the identity send, and as whom.

https://learn.microsoft.com/exchange/permissions-exo/application-rbac
"""

from shared.doctor.failures import Why
from shared.doctor.ports import AzureNames, SignedIn
from shared.doctor.senders import files_of
from shared.values.check import Check, ok, unknown, warning

_SEND = "Mail.Send"
_PERMISSION = f"graph permission {_SEND}"
_RBAC = "https://learn.microsoft.com/exchange/permissions-exo/application-rbac"


def check_permission(signed_in: SignedIn, names: AzureNames) -> Check:
    """Exchange adds up what Entra ID grants and what its own roles do: the wider one counts."""
    if not names.as_app:
        return unknown(
            _PERMISSION,
            "the token is yours, not the app's",
            "ask the app itself: doi doctor --app https://…",
        )
    if signed_in.roles is None:
        return unknown(_PERMISSION, "the token cannot be read", "see what the senders below say")
    if _SEND in signed_in.roles:
        return warning(
            _PERMISSION,
            "granted in Microsoft Entra ID: for every mailbox, unless a policy restricts it",
            f"grant the Exchange role Application {_SEND} for the senders' mailboxes alone"
            f" ({_RBAC}), then remove {_SEND} from the identity in Entra ID",
        )
    return ok(_PERMISSION, "not granted in Entra ID; what Exchange grants, the senders below show")


def mend_mailbox(why: Why, sender: str, forms: list[str]) -> str:
    """The step for a mailbox that Graph does not take a mail from."""
    if why is Why.NOT_THERE:
        return (
            f"make {sender} a mailbox (a shared one will do), or change mail.sender in"
            f" {files_of(forms)}"
        )
    return (
        f"in Exchange Online PowerShell: New-ManagementRoleAssignment -App CLIENT_ID -Role"
        f' "Application {_SEND}" -CustomResourceScope SCOPE, with a scope that has {sender}'
        f" ({_RBAC}); it counts within two hours"
    )
