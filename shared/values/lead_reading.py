"""From a lead of LinkedIn to a Registration: checked like one that a website posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.values.email_from import EmailFrom
from shared.values.form import Form, State
from shared.values.form_linkedin import LeadFormMapping
from shared.values.lead_answers_mapped import map_answers
from shared.values.lead_consents import as_shown, missing_consents, ticked
from shared.values.lead_evidence import campaign_of, snapshot_of
from shared.values.linkedin.joined_lead import join_answers, join_consents
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_response import LeadResponse
from shared.values.linkedin.symbols import PredefinedField
from shared.values.linkedin.urns import FormVersion
from shared.values.registration import Registration
from shared.values.registration_checks import check_registration, language_of

ADDRESSES: Mapping[EmailFrom, Sequence[PredefinedField]] = {
    EmailFrom.EMAIL_THEN_WORK: (PredefinedField.EMAIL, PredefinedField.WORK_EMAIL),
    EmailFrom.WORK_THEN_EMAIL: (PredefinedField.WORK_EMAIL, PredefinedField.EMAIL),
    EmailFrom.EMAIL: (PredefinedField.EMAIL,),
    EmailFrom.WORK: (PredefinedField.WORK_EMAIL,),
}


class LeadUnfit(Exception):
    """The lead cannot become a registration. `reasons` name places, and nothing a person said."""

    def __init__(self, reasons: Sequence[str], our_form: str | None = None) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)
        self.our_form = our_form


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a lead is read with. `api_version` goes into the evidence."""

    registration_id: str
    email_from: EmailFrom
    api_version: str
    fetched_at: datetime


def read_lead(
    lead: LeadResponse, lead_form: LeadForm | None, forms: Mapping[str, Form], reading: Reading
) -> Registration:
    """Raises LeadUnfit with everything that stands in the way."""
    if lead_form is None:
        raise LeadUnfit(["form_missing: LinkedIn did not send the lead form"])
    our_form, mapping = _mapped(lead, lead_form, forms)
    mapped = map_answers(
        our_form,
        mapping,
        lead_form,
        join_answers(lead.form_response, lead_form),
        ADDRESSES[reading.email_from],
    )
    consents = join_consents(lead.form_response, lead_form)
    locale = lead_form.creation_locale
    language = language_of(our_form, locale.tag if locale else None, None)
    snapshot = snapshot_of(
        lead,
        lead_form,
        consents,
        fetched_at=reading.fetched_at,
        api_version=reading.api_version,
    )
    checked = check_registration(
        our_form,
        language=language,
        fields=mapped.answers,
        consents=ticked(mapping, consents),
        page_url=None,
        campaign=campaign_of(snapshot, mapping),
    )
    reasons = [*mapped.problems.values(), *missing_consents(mapping, consents)]
    # What could not be mapped is missing as well: once told is enough.
    told = {f"/fields/{field}" for field in mapped.problems}
    reasons += [f"{e.code} at {e.pointer}" for e in checked.errors if e.pointer not in told]
    if reasons:
        raise LeadUnfit(list(dict.fromkeys(reasons)), our_form.id)
    ours = our_form.privacy_policy_url[language]
    shown = snapshot.privacy_policy_url or ours
    return Registration(
        id=reading.registration_id,
        form=our_form.id,
        email=str(checked.answers[our_form.email_field.id]),
        locale=language,
        answers=checked.answers,
        consents=tuple(as_shown(given, mapping, snapshot, language) for given in checked.consents),
        privacy_policy_url=shown,
        privacy_policy_version=our_form.privacy_policy_version if shown == ours else None,
        source=checked.source,
        # Not when it was submitted: the time to confirm begins when we can ask.
        asked_at=reading.fetched_at,
        lead=snapshot,
    )


def _mapped(
    lead: LeadResponse, lead_form: LeadForm, forms: Mapping[str, Form]
) -> tuple[Form, LeadFormMapping]:
    """Our form, and its mapping. Raises LeadUnfit."""
    shown, answered = lead_form.version, lead.form_version or lead_form.version
    if answered is None:
        raise LeadUnfit(["form_missing: the lead names no form"])
    named = [
        (form, mapping)
        for form in forms.values()
        for mapping in (form.linked_in.forms if form.linked_in else ())
        if mapping.id == str(answered.form_id)
    ]
    if not named:
        raise LeadUnfit([f"form_unknown: no form of ours names lead form {answered.form_id}"])
    for form, mapping in named:
        if form.state is State.PUBLISHED:
            _require_version(mapping, answered, shown, form)
            return form, mapping
    raise LeadUnfit([f"form_not_published: '{named[0][0].id}'"], named[0][0].id)


def _require_version(
    mapping: LeadFormMapping, answered: FormVersion, shown: FormVersion | None, form: Form
) -> None:
    """What stood in another version, consent texts included, is not what this person saw."""
    version = answered.version or (shown.version if shown else None)
    if version is None:
        raise LeadUnfit(["form_version_unknown: neither lead nor form names a version"], form.id)
    if mapping.versions and version not in mapping.versions:
        known = ", ".join(map(str, mapping.versions))
        raise LeadUnfit(
            [f"form_version_unknown: version {version}; the mapping knows {known}"], form.id
        )
    if shown and shown.version not in {version, None}:
        reason = f"form_version_not_sent: version {version} was answered and another one sent"
        raise LeadUnfit([reason], form.id)
