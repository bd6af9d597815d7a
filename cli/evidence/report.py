"""How `doi evidence` and `doi verify` show what they did and found."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from cli.evidence.check import Check, Outcome
from cli.evidence.document import Evidence, RegistrationShown
from cli.evidence.gathering import Bundle
from cli.evidence.manifest import PAPER
from cli.printing import counted, note, print_json, say

_MARKS: Final = {
    Outcome.HOLDS: ("✓", "green"),
    Outcome.BROKEN: ("✗", "bold red"),
    Outcome.UNKNOWN: ("?", "yellow"),
}


def show_bundle(bundle: Bundle, folder: Path, checks: list[Check], *, as_json: bool) -> bool:
    """What is in it, and what does not hold. Whether all holds."""
    broken = [check for check in checks if check.outcome is Outcome.BROKEN]
    key = bundle.evidence.installation.fingerprint
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "files": sorted(bundle.files),
                "fingerprint": key,
                "registrations": [_registration(one) for one in bundle.evidence.registrations],
                "erased": [one.registration_id for one in bundle.evidence.erased],
                "mailsNotKept": list(bundle.lost),
                "broken": [check.as_json() for check in broken],
            }
        )
    else:
        say(f"{_counted(bundle.evidence)}: {folder / PAPER}")
        say(f"Key: {key}. Whoever verifies should get it another way than the bundle.")
    for one in bundle.evidence.registrations:
        if one.confirmation is None and any(mail.file for mail in one.mails):
            note(f"Not confirmed: {one.registration_id}. The link in its mail may still work.")
    for reason in bundle.lost:
        note(f"Without a mail's bytes: {reason}.")
    for check in broken:
        note(f"It does not hold: {check.about}, {check.what}: {check.found}.")
    return not broken


def _counted(evidence: Evidence) -> str:
    """Such as "2 registrations, 1 erased"."""
    whole, erased = len(evidence.registrations), len(evidence.erased)
    registrations = counted(whole, "registration")
    return f"{registrations}, {erased} erased" if erased else registrations


def _registration(one: RegistrationShown) -> dict[str, Any]:
    confirmed, withdrawn = one.confirmation, one.withdrawals
    return {
        "registration": one.registration_id,
        "form": one.form,
        "askedAt": one.asked_at.isoformat(),
        "confirmedAt": confirmed.at.isoformat() if confirmed else None,
        "withdrawnAt": withdrawn[-1].at.isoformat() if withdrawn else None,
        "entries": len(one.chain.entries),
    }


def show_checks(checks: Iterable[Check], *, as_json: bool) -> bool:
    """Each as it comes, or all as JSON at the end; then the verdict. Whether all holds."""
    console = Console(markup=False, highlight=False, soft_wrap=True)
    found: list[Check] = []
    for check in checks:
        if not as_json:
            if not found or found[-1].about != check.about:
                console.print(Text(f"\n{check.about}" if found else check.about, style="bold"))
            mark, style = _MARKS[check.outcome]
            console.print(Text.assemble("  ", (mark, style), f" {check.what}: {check.found}"))
        found.append(check)
    broken = [check for check in found if check.outcome is Outcome.BROKEN]
    if as_json:
        print_json({"holds": not broken, "checks": [check.as_json() for check in found]})
        return not broken
    if broken:
        first = broken[0]
        verdict = f"It does not hold. First broken: {first.about}, {first.what}: {first.found}."
        console.print(Text(f"\n{verdict}", style="bold red"))
        return False
    unknown = sum(check.outcome is Outcome.UNKNOWN for check in found)
    more = f"; {unknown} could not be checked (?)" if unknown else ""
    console.print(Text(f"\nIt holds: {len(found) - unknown} checks{more}.", style="bold"))
    return True
