"""URNs as LinkedIn writes them: `urn:li:sponsoredAccount:522529623`."""

import re

VERSIONED_FORM = re.compile(
    r"urn:li:versionedLeadGenForm:\(urn:li:leadGenForm:([1-9]\d{0,18}), ?([1-9]\d{0,8})\)"
)
NUMBERED = re.compile(r"urn:li:(\w+):([1-9]\d{0,18})")
ENTITY_URNS = {
    "associatedCreative": "sponsoredCreative",
    "sponsoredCampaign": "sponsoredCampaign",
    "organization": "organization",
    "event": "event",
    "product": "standardizedProduct",
    "landingPage": "organizationLandingPage",
}
"""Keys of the union `associatedEntity`, and the kind of URN that each holds."""


def urn(kind: str, number: int) -> str:
    return f"urn:li:{kind}:{number}"


def versioned_form_urn(form_id: int, version_id: int) -> str:
    return f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{form_id},{version_id})"


def read_versioned_form(text: str) -> tuple[int, int] | None:
    """Form id and version id; a space after the comma is met in the documentation."""
    found = VERSIONED_FORM.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def number_of(text: str, kind: str) -> int | None:
    """The number of a URN of this kind."""
    found = NUMBERED.fullmatch(text)
    return int(found[2]) if found and found[1] == kind else None
