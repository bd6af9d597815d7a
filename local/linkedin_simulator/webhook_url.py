"""Which addresses are taken for webhooks: https only, as LinkedIn documents it."""

import ipaddress
from urllib.parse import urlsplit


def webhook_problem(webhook: str, *, allow_http: bool) -> str:
    """What is wrong with the URL, or nothing.

    `allow_http` takes plain http on this machine, which LinkedIn never does.
    """
    try:
        parts = urlsplit(webhook)
        _ = parts.port
    except ValueError as error:
        return str(error)
    if not parts.hostname or parts.fragment:
        return "not an absolute URL"
    tolerated = allow_http and parts.scheme == "http" and _is_here(parts.hostname)
    return "" if parts.scheme == "https" or tolerated else "not https"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
