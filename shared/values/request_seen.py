"""How a request reached the app: what tells whether proxies are counted right."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RequestSeen:
    """`proxies` counts the entries of X-Forwarded-For; no address is kept.

    `by_front_door`: it has the header that Azure Front Door adds.
    https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol
    """

    proxies: int
    by_front_door: bool
