"""Lead forms of the seed file, completed as if LinkedIn had made them."""

from collections.abc import Iterable, Mapping
from typing import Any

from local.linkedin_simulator.form_schema import WrittenForm
from local.linkedin_simulator.new_form import complete
from local.linkedin_simulator.stored import LeadForm

OWN = ("id", "versionId", "state", "reviewInfo")


def seeded_forms(seeds: Iterable[Mapping[str, Any]], now: int) -> list[LeadForm]:
    """Raise `pydantic.ValidationError` where a form is not one that LinkedIn would take."""
    return [_seeded(seed, now) for seed in seeds]


def _seeded(seed: Mapping[str, Any], now: int) -> LeadForm:
    written = {name: value for name, value in seed.items() if name not in OWN}
    form = WrittenForm.model_validate(written)
    made = {
        **complete(form, form_id=seed["id"], now=now),
        "state": seed.get("state", "PUBLISHED"),
        "reviewInfo": seed.get("reviewInfo", {"reviewStatus": "APPROVED", "lastUpdated": now}),
    }
    return LeadForm(versions=(made,))
