"""Which address a request came from, when proxies stand in between."""

from ipaddress import ip_address


def client_address(forwarded_for: str | None, trusted_proxies: int) -> str | None:
    """The client's IP address from X-Forwarded-For; None when it cannot be known.

    Each trusted proxy appends the address that it saw, so the client is the
    `trusted_proxies`-th entry from the right. Everything left of it was sent by the client,
    who may write what he likes there. Azure's front end adds the port ("203.0.113.7:51234").
    """
    if not forwarded_for or trusted_proxies < 1:
        return None
    entries = [entry.strip() for entry in forwarded_for.split(",")]
    if len(entries) < trusted_proxies:
        return None
    return _without_port(entries[-trusted_proxies])


def _without_port(entry: str) -> str | None:
    candidate = entry
    if entry.startswith("["):
        candidate = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        candidate = entry.partition(":")[0]
    if "%" in candidate:  # an IPv6 zone: of no meaning here, and it could be any text
        return None
    try:
        return str(ip_address(candidate))
    except ValueError:
        return None
