"""Whether a form's mapping fits the lead form as LinkedIn has it now."""

from collections.abc import Iterator, Sequence

from shared.values.form import Form, State
from shared.values.form_linkedin import LeadFormMapping
from shared.values.lead_question_check import check_questions
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.symbols import FormState, PredefinedField, ReviewStatus
from shared.values.mapping_finding import Finding, breaks, tells

_REJECTED = frozenset({ReviewStatus.REJECTED, ReviewStatus.AUTO_REJECTED})


def check_mapping(
    our_form: Form,
    mapping: LeadFormMapping,
    live: LeadForm,
    addresses: Sequence[PredefinedField],
) -> tuple[Finding, ...]:
    """Those that break come first. `addresses`: where the address is looked for by setting."""
    findings = [
        *_states(our_form, mapping, live),
        *_address(our_form, mapping, live, addresses),
        *check_questions(our_form, mapping, live, addresses),
        *_consents(our_form, mapping, live),
    ]
    return tuple(sorted(findings, key=lambda finding: not finding.breaks))


def _states(our_form: Form, mapping: LeadFormMapping, live: LeadForm) -> Iterator[Finding]:
    if our_form.state is not State.PUBLISHED:
        yield breaks("form_not_published", f"form '{our_form.id}' is {our_form.state}")
    if live.state == FormState.ARCHIVED:
        yield breaks("form_archived", "LinkedIn's form is archived: no new leads will come")
    elif live.state not in (None, FormState.PUBLISHED):
        yield tells("form_not_live", f"LinkedIn's form is {live.state}: nobody sees it yet")
    if live.review_info and live.review_info.review_status in _REJECTED:
        reasons = ", ".join(live.review_info.rejection_reasons) or "no reason given"
        yield breaks("form_rejected", f"LinkedIn's review has rejected the form: {reasons}")
    if mapping.versions and live.version_id not in mapping.versions:
        known = ", ".join(map(str, mapping.versions))
        yield breaks(
            "form_version_unknown",
            f"LinkedIn's form is in version {live.version_id}, the mapping knows {known}",
        )
    locale = live.creation_locale
    if locale and locale.language not in {tag.partition("-")[0] for tag in our_form.languages}:
        yield tells(
            "language_unknown",
            f"LinkedIn's form is in {locale.tag}; mails will be in {our_form.languages[0]}",
        )


def _address(
    our_form: Form,
    mapping: LeadFormMapping,
    live: LeadForm,
    addresses: Sequence[PredefinedField],
) -> Iterator[Finding]:
    if our_form.email_field.id in mapping.fields:
        return  # checked like any other field
    asked = [one for one in live.content.questions if one.predefined_field in addresses]
    wanted = " or ".join(addresses)
    if not asked:
        yield breaks("address_not_asked", f"the lead form does not ask for {wanted}")
    elif not any(one.response_required for one in asked):
        yield tells("address_optional", f"{wanted} is optional: leads without it are parked")


def _consents(our_form: Form, mapping: LeadFormMapping, live: LeadForm) -> Iterator[Finding]:
    boxes = {box.id: box for box in live.content.legal_info.consents}
    ours = {consent.id: consent for consent in our_form.consents}
    for consent in our_form.consents:
        if consent.required and consent.id not in mapping.consents:
            yield breaks("consent_not_mapped", f"required consent '{consent.id}' has no checkbox")
    for consent_id, box_id in mapping.consents.items():
        box = boxes.get(box_id)
        if consent_id not in ours:
            yield breaks("consent_unknown", f"form '{our_form.id}' has no consent '{consent_id}'")
        if box is None:
            yield breaks(
                "checkbox_unknown", f"the lead form has no checkbox {box_id}, for '{consent_id}'"
            )
        elif box.consent is None or not box.consent.text(live.creation_locale):
            yield breaks("checkbox_without_text", f"checkbox {box_id} has no text to agree to")
        elif consent_id in ours and ours[consent_id].required and not box.check_required:
            yield tells(
                "checkbox_optional",
                f"checkbox {box_id} is optional: leads without '{consent_id}' are parked",
            )
    for box in boxes.values():
        if box.check_required and box.id not in mapping.consents.values():
            yield tells(
                "checkbox_not_mapped",
                f"members have to tick checkbox {box.id}, which form '{our_form.id}' does not take",
            )
