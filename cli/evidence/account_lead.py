"""What the PDF says of a lead: LinkedIn's own account of it, which nobody can look up later."""

from collections.abc import Iterator

from cli.evidence.paper import Block, Facts, Heading, Paragraph, Quote
from cli.evidence.wording import Wording
from shared.values.lead_snapshot import LeadConsent, LeadSnapshot


def lead(said: LeadSnapshot, words: Wording) -> Iterator[Block]:
    """Its blocks."""
    unknown = words("lead.unknown")
    form = words(
        "lead.form_version",
        title=said.form_name or unknown,
        id=said.form_id or unknown,
        version=said.form_version or unknown,
    )
    hidden = {words("lead.hidden", field=name): text for name, text in said.hidden_fields.items()}
    yield Heading(text=words("lead"))
    yield Paragraph(words("lead.introduction"))
    yield Facts.of(
        {
            words("lead.id"): said.lead_id,
            words("lead.submitted"): words.time(said.submitted_at) if said.submitted_at else None,
            words("lead.fetched"): words.time(said.fetched_at),
            words("lead.form"): form,
            words("lead.owner"): _all_of(said.owner_name, said.owner),
            words("lead.campaign"): _all_of(said.campaign_name, said.campaign, said.campaign_type),
            words("lead.entity"): _all_of(said.entity_kind, said.entity, said.post),
            words("lead.notice"): said.privacy_policy_url,
            **hidden,
            words("lead.test"): words("lead.yes") if said.test_lead else None,
        }
    )
    for consent in said.consents:
        yield from _consent(consent, words)
    if said.legal_disclaimer:
        yield Paragraph(words("lead.disclaimer"))
        yield Quote(said.legal_disclaimer)


def _consent(consent: LeadConsent, words: Wording) -> Iterator[Block]:
    ticked = words("lead.ticked" if consent.accepted else "lead.not_ticked")
    yield Facts.of({words("lead.box"): f"{consent.label or consent.id}: {ticked}"})
    if consent.text:
        yield Quote(consent.text)


def _all_of(*parts: str | None) -> str | None:
    return ", ".join(part for part in parts if part) or None
