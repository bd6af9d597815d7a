"""Which leads are asked for."""

from dataclasses import dataclass
from datetime import datetime

from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.symbols import LeadType
from shared.values.linkedin.urns import FormVersion


@dataclass(frozen=True, kw_only=True)
class LeadQuery:
    """Which leads. `since` and `until` are moments of submission, in UTC.

    `until` is fixed to the time of asking where it is not given, so that leads which come in
    meanwhile do not move the pages.
    """

    owner: Owner
    lead_type: LeadType
    form: FormVersion | None = None
    associated_entity: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    only_test_leads: bool = False
