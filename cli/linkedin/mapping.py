"""`doi linkedin forms check-mapping`: our mapping beside LinkedIn's forms as they are now."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from cli.exit_codes import NOT_ALL_DONE, NOTHING_FOUND
from cli.linkedin.options import SECONDS, Json
from cli.printing import note, print_json, say
from shared.linkedin.found import Batch
from shared.ports import Deadline
from shared.values.email_from import EmailFrom
from shared.values.form import Form
from shared.values.form_linkedin import LeadFormMapping
from shared.values.lead_form_check import check_mapping as compare
from shared.values.lead_reading import ADDRESSES
from shared.values.linkedin.lead_form import LeadForm
from shared.values.mapping_finding import Finding, breaks

if TYPE_CHECKING:
    from shared.linkedin.client import OutsideWithLinkedIn

_NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One mapping; `live` is None when LinkedIn gave no form."""

    form: Form
    mapping: LeadFormMapping
    live: LeadForm | None
    findings: tuple[Finding, ...]

    @property
    def fits(self) -> bool:
        return not any(finding.breaks for finding in self.findings)


def check_mapping(
    context: typer.Context,
    form: Annotated[str | None, typer.Option(help="Only this form of ours.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="Only this lead form.")] = None,
    *,
    json: Json = False,
) -> None:
    """Compare the `linkedIn` section of our forms with LinkedIn's forms as they are now.

    Exit code 1 where leads would be parked: run it after each change, and in the deployment.
    """
    outside: OutsideWithLinkedIn = context.obj()
    chosen = [
        (ours, mapping)
        for ours in outside.forms.values()
        for mapping in (ours.linked_in.forms if ours.linked_in else ())
        if form in (None, ours.id) and id_ in (None, mapping.id)
    ]
    if not chosen:
        note("No form of ours has such a lead form in its linkedIn section.")
        raise typer.Exit(NOTHING_FOUND)
    ids = [int(mapping.id) for _, mapping in chosen]
    found = outside.linkedin.forms.batch_get(ids, Deadline(SECONDS))
    checked = [_check(ours, mapping, found, outside) for ours, mapping in chosen]
    _show(checked, as_json=json)
    if not all(each.fits for each in checked):
        raise typer.Exit(NOT_ALL_DONE)


def _check(
    ours: Form, mapping: LeadFormMapping, found: Batch[LeadForm], outside: "OutsideWithLinkedIn"
) -> Checked:
    live = found.found.get(mapping.id)
    linkedin = outside.rules.linkedin
    email_from = linkedin.email_from if linkedin else EmailFrom.EMAIL_THEN_WORK
    findings = (
        (_missing(mapping, found),)
        if live is None
        else compare(ours, mapping, live, ADDRESSES[email_from])
    )
    return Checked(form=ours, mapping=mapping, live=live, findings=findings)


def _missing(mapping: LeadFormMapping, found: Batch[LeadForm]) -> Finding:
    problem = next((each.problem for each in found.unreadable if each.id == mapping.id), None)
    if problem:
        return breaks("form_unreadable", f"LinkedIn's form cannot be read: {problem}")
    status = found.missing.get(mapping.id)
    if status in (None, _NOT_FOUND):
        return breaks("form_missing", "LinkedIn has no such lead form")
    return breaks("form_not_given", f"LinkedIn does not give the form (status {status})")


def _show(checked: list[Checked], *, as_json: bool) -> None:
    if as_json:
        print_json([_as_json(each) for each in checked])
        return
    for each in checked:
        name = f" '{each.live.name}'" if each.live and each.live.name else ""
        outcome = "fits" if each.fits else "does not fit"
        say(f"{each.form.id} and lead form {each.mapping.id}{name}: {outcome}")
        for finding in each.findings:
            say(f"  {'MEND' if finding.breaks else 'note'}  {finding.text}  ({finding.code})")


def _as_json(checked: Checked) -> dict[str, object]:
    return {
        "form": checked.form.id,
        "leadForm": checked.mapping.id,
        "name": checked.live.name if checked.live else None,
        "version": checked.live.version_id if checked.live else None,
        "fits": checked.fits,
        "findings": [
            {"code": each.code, "breaks": each.breaks, "text": each.text}
            for each in checked.findings
        ],
    }
