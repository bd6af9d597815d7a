"""What is stored before anybody called: the seed, or what the last run has left."""

from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from local.linkedin_simulator.seed import Seed
from local.linkedin_simulator.seeded_forms import seeded_forms
from local.linkedin_simulator.stored import Grant, Kept
from local.simulator.saved_file import DataFileBroken

FIRST_ID = 7_300_000_000_000_000_000  # more than a JavaScript number can hold, as real ids


def seeded(seed: Seed, now: datetime) -> Kept:
    """Raise `pydantic.ValidationError` where a form is not one that LinkedIn would take."""
    grants = {
        number: Grant(refresh_token=grant.refresh_token, scopes=grant.scopes, granted_at=now)
        for number, grant in enumerate(seed.grants, start=1)
    }
    forms = seeded_forms(seed.forms, int(now.timestamp() * 1000))
    return Kept(last_id=FIRST_ID, grants=grants, forms={form.id: form for form in forms})


def restored(file: Path) -> Kept:
    """Raise DataFileBroken."""
    try:
        return Kept.model_validate_json(file.read_text("utf-8"))
    except (ValidationError, ValueError) as error:
        raise DataFileBroken(file, error) from error
