"""Whether Dataverse takes what the forms will write, each with the step that mends it."""

from collections.abc import Iterator

from shared.dataverse.needed import in_use
from shared.dataverse.ports import OutsideWithDataverse
from shared.dataverse.sight import SECONDS, Sight
from shared.doctor.dataverse_failure import failed, user_step
from shared.doctor.dataverse_form_checks import check_form
from shared.doctor.dataverse_privilege_checks import check_privileges
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.check import Check, missing, ok
from shared.values.dataverse.users import DataverseUser, Identity

_TOKEN = "Dataverse token"  # noqa: S105 - the name of a check
_USER = "Dataverse user"
_NO_TOKEN = {
    "managed-identity": "give the function app its identity (Azure portal → the app → Identity)"
    " and, for a user-assigned one, its client id in AZURE_CLIENT_ID",
    "azure-cli": "az login, with a login that may use the environment",
}


def check_dataverse(outside: OutsideWithDataverse) -> Iterator[Check]:
    """Every check in turn. Ends where going on tells nothing."""
    try:
        identity = outside.dataverse.identity()
    except TemporaryFailure as failure:
        mend = _NO_TOKEN.get(outside.dataverse.credential, "check DOI_CREDENTIAL")
        yield missing(_TOKEN, str(failure), mend)
        return
    yield ok(_TOKEN, _whose(identity))
    try:
        user = outside.dataverse.who_am_i(Deadline(SECONDS))
    except TemporaryFailure as failure:
        yield failed(_USER, failure)
        return
    except PermanentFailure as failure:
        yield missing(_USER, str(failure), user_step(failure, identity))
        return
    yield ok(_USER, f"{user.id} in {outside.dataverse.url}")
    yield from _look(outside, user)


def _look(outside: OutsideWithDataverse, user: DataverseUser) -> Iterator[Check]:
    forms = in_use(outside.forms.values())
    sight = Sight(outside.dataverse)
    yield from check_privileges(forms, user, sight)
    for form in forms:
        yield from check_form(form, outside.form_settings.get(form.id, {}), sight)


def _whose(identity: Identity) -> str:
    if identity.is_person:
        return f"of a person ({identity.credential}): the app itself may have other privileges"
    application = identity.application_id or "that the token does not name"
    return f"of application {application} ({identity.credential})"
