"""Looks at everything that has to be right before the first visitor comes."""

import math
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from shared import events
from shared.doctor import linkedin_checks
from shared.doctor.dataverse_checks import check_dataverse
from shared.doctor.forms_checks import check_forms
from shared.doctor.groups import Examined, Group
from shared.doctor.mail_checks import check_mail
from shared.doctor.ports import OutsideOfDoctor
from shared.doctor.settings_checks import check_settings
from shared.doctor.storage_checks import check_storage
from shared.ports import Deadline
from shared.values.check import Check, ok, unknown
from shared.values.event_catalogue import Event
from shared.values.request_seen import RequestSeen

# A request to Azure Functions may last 230 s; a person waits longer.
GROUP_SECONDS = 60.0
_STORAGE_SETTINGS = ("AzureWebJobsStorage", "DOI_CREDENTIAL", "AZURE_CLIENT_ID")
# A group whose settings are wrong would look at something else than they mean.
_SETTINGS_OF: Mapping[Group, tuple[str, ...]] = {
    Group.FORMS: ("DOI_FORMS_FOLDER", "DOI_BROKEN_FORMS"),
    Group.STORAGE: _STORAGE_SETTINGS,
    Group.MAIL: ("DOI_MAIL", "DOI_ACS", "ACS_", "SMTP_", *_STORAGE_SETTINGS),
    Group.DATAVERSE: ("DATAVERSE_", "DOI_CREDENTIAL", "AZURE_CLIENT_ID"),
    Group.LINKEDIN: ("LINKEDIN_", *_STORAGE_SETTINGS),
}


def examine(
    outside: OutsideOfDoctor,
    groups: Collection[Group] = tuple(Group),
    *,
    seen: RequestSeen | None = None,
    deadline: Deadline | None = None,
) -> Iterator[Examined]:
    """Every check of these groups in turn; never raises. Changes nothing and sends nothing.

    `seen`: how the request that asks came in, if one does. When the deadline is over no further
    check begins.
    """
    checks: Mapping[Group, Callable[[], Iterator[Check]]] = {
        Group.SETTINGS: lambda: check_settings(outside, seen),
        Group.FORMS: lambda: check_forms(outside),
        Group.STORAGE: lambda: check_storage(outside),
        Group.MAIL: lambda: check_mail(outside),
        Group.DATAVERSE: lambda: check_dataverse(outside),
        Group.LINKEDIN: lambda: _check_linkedin(outside),
    }
    until = deadline or Deadline(math.inf)
    for group in Group:
        if group in groups:
            for check in _guarded(group, checks[group], outside, until):
                yield Examined(group=group, check=check)


def _guarded(
    group: Group,
    checks: Callable[[], Iterator[Check]],
    outside: OutsideOfDoctor,
    deadline: Deadline,
) -> Iterator[Check]:
    if wrong := outside.settings_found.wrong(*_SETTINGS_OF.get(group, ("\0",))):
        yield unknown(
            "settings",
            f"not looked at, since {', '.join(wrong)} is not right",
            "mend what group settings says about it, then ask again",
        )
        return
    limit = deadline.at_most(GROUP_SECONDS)
    if limit.remaining() <= 0:
        yield _too_late(group)
        return
    try:
        for check in checks():
            yield check
            if limit.remaining() <= 0:
                yield _too_late(group)
                return
    except Exception as error:  # noqa: BLE001 - one group must not take the others with it
        yield _unforeseen(error)


def _too_late(group: Group) -> Check:
    found = "others took too long: not everything was looked at"
    return unknown("time", found, f"ask for this group alone: doi doctor --only {group}")


def _unforeseen(error: Exception) -> Check:
    """Its text could quote anything: only its class, and where it came from."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    found = f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
    events.alarm(Event.DOCTOR_FAILED, reason=found)
    return unknown("doctor", found, "a fault of the doctor itself: please report this line")


def _check_linkedin(outside: OutsideOfDoctor) -> Iterator[Check]:
    if outside.rules.linkedin is None:
        yield ok("LinkedIn", "not used")
        return
    yield from linkedin_checks.examine(outside)
