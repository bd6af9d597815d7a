"""What the commands work with: the forms, and the way to Dataverse."""

from typing import TYPE_CHECKING, Any

from shared import wiring
from shared.read_settings import SettingsInvalid
from shared.settings import BrokenForms

if TYPE_CHECKING:
    from shared.dataverse.ports import OutsideWithAdministration
    from shared.doctor_wiring import DoctorWiring

_NEEDED = ("DATAVERSE_", "DOI_CREDENTIAL", "AZURE_CLIENT_ID", "DOI_FORMS_FOLDER", "DOI_BROKEN")


def outside_of(wired: Any) -> "OutsideWithAdministration":
    """`wired` gives the app's outside.

    An administrator has the app's settings in a file, where references to a Key Vault stand for
    its secrets: no setting counts but those that are needed here. Raises SettingsInvalid.
    """
    if wired is not wiring.outside:
        given: OutsideWithAdministration = wired()
        return given
    from shared import doctor_wiring  # noqa: PLC0415 - no other command needs it

    found = doctor_wiring.examined()
    if mistakes := _mistakes(found):
        raise SettingsInvalid("settings or forms are wrong:\n" + "\n".join(mistakes))
    return found


def _mistakes(found: "DoctorWiring") -> list[str]:
    settings = found.settings_found
    wrong = [f"{name}: {settings.settings[name].mistake}" for name in settings.wrong(*_NEEDED)]
    if wrong:
        return wrong
    may_skip = found.settings.broken_forms is BrokenForms.SKIP and found.forms
    if found.broken_forms and not may_skip:
        return [str(broken) for broken in found.broken_forms]
    folder = found.settings.forms_folder
    return [] if found.forms else [f"DOI_FORMS_FOLDER: no usable form in '{folder}'"]
