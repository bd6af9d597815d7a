"""Switches: which side of an inconsistent documentation to take, and what goes wrong.

Set with `POST /_simulator/settings` (those that the body names); `GET` shows them all.
"""

from typing import Literal

from pydantic import Field

from local.simulator.switches import Switches

NotificationMode = Literal["once", "twice", "lost", "held"]


class Settings(Switches):
    paging_total: Literal["documented", "always", "never"] = "documented"
    """Documented: the total is there for leads, and not for forms."""
    paging_links: bool = False
    """Documented samples have empty `links`; true adds `rel=next`."""
    lead_shape: Literal["examples", "table"] = "examples"
    """`answerDetails` without names as in the samples, or `accepted` as in the schema tables."""
    batch_nesting: Literal["results", "top"] = "results"
    """Where `statuses` and `errors` of a batch of leads stand; forms always have them on top."""
    criteria_shape: Literal["elements", "list", "map", "object"] = "elements"
    """What the finder of subscriptions answers; the documented sample is `object`."""
    criteria_owner: Literal["wrapped", "plain"] = "wrapped"
    """The documented sample wraps it: `owner=(value:(sponsoredAccount:…))`."""
    new_id_header: Literal["documented", "x-restli-id", "location", "none"] = "documented"
    """Documented: `x-linkedin-id` for forms; nothing is said for subscriptions (x-restli-id)."""
    missing_role_status: Literal[401, 403] = 401
    """The table of errors says 401 for missing roles, the introduction says 403."""

    notification_mode: NotificationMode = "once"
    """`held` notifications go out after the next one, or on `POST /_simulator/notifications`."""
    notification_time: Literal["milliseconds", "seconds"] = "milliseconds"
    notification_time_key: Literal["occurredAt", "occuredAt"] = "occurredAt"
    signature_prefix: bool = False
    """True: the header is `hmacsha256=<hex>`, as some public code expects it."""
    delivery_retry_seconds: tuple[float, ...] = Field(default=(1, 5, 15), strict=False)
    """Pauses between attempts. LinkedIn's own schedule for lead notifications is not documented."""
    validation_seconds: float = Field(default=7200, gt=0)
    """How often webhooks are challenged; documented as about two hours."""

    fresh_token_revoked_seconds: float = Field(default=0, ge=0)
    """For how long a new access token is answered with 401/65601, as was seen in practice."""
    access_token_seconds: int = Field(default=60 * 86_400, gt=0)
    refresh_token_days: int = Field(default=365, ge=0)
    """Both as documented; the second is counted from the member's consent."""
    refresh_tokens: bool = True
    """False: as for applications outside of LinkedIn's partner program."""
    calls_per_day: int | None = Field(default=None, ge=0)
    """Beyond these calls a day (UTC) every call answers 429."""
    retention_days: int = Field(default=90, ge=1)
    scopes: tuple[str, ...] | None = Field(default=None, strict=False)
    """What every token may do; none: what was granted."""
    account_role: str | None = None
    page_role: str | None = None
    """The member's role on every account or page; `""` takes it away; none: as in the seed."""
