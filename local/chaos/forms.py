"""The forms of the run: two of the samples, and one whose journey is started by a row."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from local.stack.layout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

NEWSLETTER, WHITEPAPER, BY_ROW = "newsletter", "whitepaper", "by-row"

# A table of the Dataverse simulator's seed; creating a row in it starts a journey.
JOURNEY_ROW = {
    "entitySet": "new_doiregistrations",
    "keyColumn": "new_registrationid",
    "contact": "new_ContactId",
    "columns": {"new_formid": {"fact": "form"}, "new_confirmedon": {"fact": "confirmedAt"}},
}


def make_forms(folder: Path) -> None:
    """Fill the folder, which is made."""
    folder.mkdir()
    for name in (NEWSLETTER, WHITEPAPER):
        shutil.copy(ROOT / "forms" / f"{name}.json", folder)
    form = json.loads((folder / f"{NEWSLETTER}.json").read_text(encoding="utf-8"))
    del form["trigger"]
    form.pop("linkedIn", None)  # a lead form leads to one form only
    form |= {"id": BY_ROW, "journeyRow": JOURNEY_ROW}
    (folder / f"{BY_ROW}.json").write_text(json.dumps(form), encoding="utf-8")
