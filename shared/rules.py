"""The settings that story and endpoints need, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING

from shared.values.email_from import EmailFrom

if TYPE_CHECKING:
    from datetime import timedelta

    from shared.values.mail_budget import MailLimits

IPNetwork = IPv4Network | IPv6Network


@dataclass(frozen=True, kw_only=True)
class RetryDelays:
    """How long a postponed message waits: `first`, then twice as long each time up to `longest`."""

    first: timedelta
    longest: timedelta


@dataclass(frozen=True, kw_only=True)
class LinkedInRules:
    """`client_secret` signs the webhook's traffic; `owners` are URNs whose leads are reconciled."""

    client_secret: str = field(repr=False)
    webhook_secret: str | None = field(default=None, repr=False)
    require_signature: bool = True
    owners: tuple[str, ...] = ()
    email_from: EmailFrom = EmailFrom.EMAIL_THEN_WORK
    api_version: str = ""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The settings that story and endpoints need."""

    public_url: str
    pepper: str
    mail_limits: MailLimits
    form_ceiling: int
    unlimited_sources: tuple[IPNetwork, ...]
    suppression: timedelta
    proof: timedelta  # how long what is left of an erased record is kept
    trusted_proxies: int
    inline_seconds: float
    code_window: timedelta
    origins_kept: timedelta
    claim: timedelta
    retries: RetryDelays
    linkedin: LinkedInRules | None = None  # None: LinkedIn is not configured
    desk: bool = False
