"""Which step mends a call that Dataverse refused."""

from shared.dataverse.failures import NotAMember, PrivilegeMissing, UserDisabled
from shared.failures import PermanentFailure, TemporaryFailure
from shared.values.check import Check, missing, unknown
from shared.values.dataverse.users import Identity

ROLE = (
    "an administrator runs: doi dataverse role --create --assign (az login,"
    " DOI_CREDENTIAL=azure-cli); or by hand: docs/dataverse.md"
)
_APPLICATION_USERS = (
    "Power Platform admin center → Environments → the environment → Settings → Users + permissions"
    " → Application users"
)


def user_step(failure: PermanentFailure, identity: Identity) -> str:
    """What lets the caller in. `identity` is whom the token names."""
    if identity.is_person:
        return "use a login that is a user of the environment: az login"
    application = identity.application_id or "the app's"
    if isinstance(failure, NotAMember):
        return (
            f"{_APPLICATION_USERS} → New app user → Add an app: search for the Application (client)"
            f" ID {application}, not for the name; choose the business unit and the security role"
            " (doi dataverse role), then Create"
        )
    if isinstance(failure, UserDisabled):
        return f"{_APPLICATION_USERS} → the user with ID {application} → Activate"
    return "check DATAVERSE_URL: it is the environment's address, https://ORG.crm4.dynamics.com"


def failed(name: str, failure: TemporaryFailure | PermanentFailure) -> Check:
    """A check that could not be made. A privilege that lacks is told where privileges are."""
    if isinstance(failure, TemporaryFailure):
        return unknown(name, str(failure), "try again later")
    if isinstance(failure, PrivilegeMissing):
        return unknown(name, f"could not be looked at: {failure}", ROLE)
    return missing(name, str(failure), "check DATAVERSE_URL and the environment")
