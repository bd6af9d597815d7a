"""What the checks and commands get: the sample forms, changed as a test wants, and a world."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.dataverse.ports import DataverseAdministration, DataverseInspection
from shared.form_files import settings_in
from shared.values.form import Form
from tests.dataverse_setup.worlds import World
from tests.examples import ROOT, sample_forms
from tests.fakes.dataverse import APPLICATION_ID
from tests.running_stack import JOURNEY_ROW


@dataclass
class SetUpOutside:
    """Implements dataverse.ports.OutsideWithAdministration.

    `by_administrator`: with an administrator's login instead of the app's identity.
    """

    world: World
    forms: Mapping[str, Form] = field(default_factory=sample_forms)
    form_settings: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=lambda: settings_in(ROOT / "forms")
    )
    client_id: str | None = APPLICATION_ID
    by_administrator: bool = False

    @property
    def dataverse(self) -> DataverseInspection:
        if self.by_administrator:
            return self.world.inspection_by_administrator
        return self.world.inspection

    @property
    def dataverse_administration(self) -> DataverseAdministration:
        return self.world.administration


def changed(form: Form, **changes: Any) -> Form:
    """The form with other parts of its file; names as there."""
    definition = form.model_dump(mode="json", by_alias=True, exclude_none=True)
    return Form.model_validate({**definition, **changes})


def with_row(form: Form, **changes: Any) -> Form:
    """Started by a row instead of a trigger; `changes` are of the journeyRow."""
    definition = form.model_dump(mode="json", by_alias=True, exclude_none=True)
    del definition["trigger"]
    return Form.model_validate({**definition, "journeyRow": {**JOURNEY_ROW, **changes}})


def with_attributes(form: Form, **attributes: Any) -> Form:
    """Other attributes of the trigger; None takes one away."""
    definition = form.model_dump(mode="json", by_alias=True, exclude_none=True)
    trigger = definition["trigger"]
    wanted = {**trigger["attributes"], **attributes}
    given = {name: source for name, source in wanted.items() if source is not None}
    return changed(form, trigger={**trigger, "attributes": given})


def with_column(form: Form, field_id: str, column: str, **more: Any) -> Form:
    """One field writes into another column."""
    fields = form.model_dump(mode="json", by_alias=True, exclude_none=True)["fields"]
    return changed(
        form,
        fields=[
            {**one, "column": column, **more} if one["id"] == field_id else one for one in fields
        ],
    )


def with_consent(form: Form, **changes: Any) -> Form:
    """Another purpose or topic of the first consent."""
    first, *others = form.model_dump(mode="json", by_alias=True, exclude_none=True)["consents"]
    return changed(form, consents=[{**first, **changes}, *others])
