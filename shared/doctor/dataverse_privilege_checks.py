"""Whether the caller has each privilege that the app uses, deep enough."""

from collections.abc import Iterator, Mapping, Sequence

from shared.dataverse.needed import names_or_documented, needed_by
from shared.dataverse.sight import SECONDS, Sight
from shared.doctor.dataverse_failure import ROLE, failed
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.check import Check, missing, ok
from shared.values.dataverse.depth import Depth
from shared.values.dataverse.needed_privileges import (
    NamedPrivilege,
    Needed,
    always_needed,
)
from shared.values.dataverse.users import DataverseUser
from shared.values.form import Form


def check_privileges(forms: Sequence[Form], user: DataverseUser, sight: Sight) -> Iterator[Check]:
    """One check for each table, one for definitions, one for triggers that demand something."""
    needed = needed_by(forms, sight)
    spelt = names_or_documented(needed, sight)
    wanted = [privilege.name for privilege in spelt]
    try:
        held = sight.dataverse.held(user.id, wanted, Deadline(SECONDS))
    except (TemporaryFailure, PermanentFailure) as failure:
        yield failed("privileges", failure)
        return
    groups: dict[str, list[NamedPrivilege]] = {}
    for one, privilege in zip(needed, spelt, strict=True):
        groups.setdefault(_subject(one), []).append(privilege)
    for subject, privileges in groups.items():
        yield _check(subject, privileges, held)


def _subject(needed: Needed) -> str:
    if needed.table:
        return f"privileges on {needed.table}"
    known = needed in always_needed()
    return "privileges on definitions" if known else "privileges to call triggers"


def _check(subject: str, wanted: Sequence[NamedPrivilege], held: Mapping[str, Depth]) -> Check:
    lacks = [text for privilege in wanted if (text := _lack(privilege, held))]
    if lacks:
        return missing(subject, "; ".join(lacks), ROLE)
    return ok(subject, ", ".join(privilege.name for privilege in wanted))


def _lack(wanted: NamedPrivilege, held: Mapping[str, Depth]) -> str | None:
    depth = held.get(wanted.name)
    if depth is None:
        return f"{wanted.name} is missing ({wanted.depth.in_words}: {wanted.why})"
    if not depth.reaches(wanted.depth):
        return (
            f"{wanted.name} reaches {depth.in_words}, and has to reach {wanted.depth.in_words}"
            f" ({wanted.why})"
        )
    return None
