"""The settings that story and endpoints need, as values."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network

from shared.values.mail_budget import MailLimits

IPNetwork = IPv4Network | IPv6Network


@dataclass(frozen=True, kw_only=True)
class RetryDelays:
    """How long a postponed message waits: `first`, then twice as long each time up to `longest`."""

    first: timedelta
    longest: timedelta


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The settings that story and endpoints need."""

    public_url: str
    pepper: str
    mail_limits: MailLimits
    form_ceiling: int
    unlimited_sources: tuple[IPNetwork, ...]
    suppression: timedelta
    trusted_proxies: int
    inline_seconds: float
    code_window: timedelta
    claim: timedelta
    retries: RetryDelays
