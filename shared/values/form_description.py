"""What a website needs to show a form and check it early. Never anything about CIJ."""

import json
from hashlib import sha256
from typing import Any

from shared.values.form import Form
from shared.values.form_fields import FieldBase

# Everything else of a field (its column, option-set values) is the company's own business.
_PUBLIC = {
    "id",
    "kind",
    "label",
    "hint",
    "required",
    "hidden",
    "autocomplete",
    "min_length",
    "max_length",
    "pattern",
    "multiline",
    "earliest",
    "latest",
}


def describe(form: Form, *, public_url: str, max_body_bytes: int) -> str:
    """The published definition as JSON."""
    description = {
        "id": form.id,
        "languages": form.languages,
        "title": form.title,
        "company": {"name": form.company.name, "website": form.company.website},
        "privacyPolicyUrl": form.privacy_policy_url,
        "fields": [_field(field) for field in form.fields],
        "consents": [
            {
                "id": consent.id,
                "required": consent.required,
                "text": consent.text,
                "version": {tag: consent.version(tag) for tag in form.languages},
            }
            for consent in form.consents
        ],
        "honeypot": form.honeypot,
        "submit": f"{public_url}/api/forms/{form.id}/registrations",
        "maxBodyBytes": max_body_bytes,
        "proofOfWork": None
        if form.proof_of_work is None
        else {"challenge": f"{public_url}/api/forms/{form.id}/challenge"},
    }
    return json.dumps(description, ensure_ascii=False)


def etag_of(body: str) -> str:
    """A strong ETag (RFC 9110 section 8.8.3)."""
    return f'"{sha256(body.encode()).hexdigest()[:32]}"'


def _field(field: FieldBase) -> dict[str, Any]:
    public = field.model_dump(mode="json", by_alias=True, include=_PUBLIC, exclude_none=True)
    options = getattr(field, "options", None)
    if options:
        public["options"] = [{"value": o.value, "label": dict(o.label)} for o in options]
    return public
