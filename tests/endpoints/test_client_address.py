"""Which address a request came from: counted from the right, never from the left."""

import pytest

from shared.web.client_address import client_address


@pytest.mark.parametrize(
    ("forwarded_for", "proxies", "client"),
    [
        ("203.0.113.7", 1, "203.0.113.7"),
        ("203.0.113.7:51234", 1, "203.0.113.7"),
        (" 203.0.113.7 ", 1, "203.0.113.7"),
        ("198.51.100.1,203.0.113.7", 1, "203.0.113.7"),
        ("198.51.100.1, 192.0.2.1, 203.0.113.7", 1, "203.0.113.7"),
        ("203.0.113.7:51234, 192.0.2.1", 2, "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 192.0.2.1, 192.0.2.2", 3, "203.0.113.7"),
        ("<script>, 203.0.113.7", 1, "203.0.113.7"),
        ("2001:db8::7", 1, "2001:db8::7"),
        ("[2001:db8::7]", 1, "2001:db8::7"),
        ("[2001:db8::7]:51234", 1, "2001:db8::7"),
        ("2001:0DB8:0:0:0:0:0:7", 1, "2001:db8::7"),
    ],
)
def test_the_client(forwarded_for: str, proxies: int, client: str) -> None:
    assert client_address(forwarded_for, proxies) == client


@pytest.mark.parametrize(
    ("forwarded_for", "proxies"),
    [
        (None, 1),
        ("", 1),
        (",", 1),
        ("203.0.113.7,", 1),
        ("203.0.113.7", 2),  # fewer proxies than trusted: somebody went around them
        ("203.0.113.7", 0),
        ("203.0.113.7", -1),
        ("unknown", 1),
        ("_hidden", 1),
        ("localhost:80", 1),
        ("203.0.113.7, anna@example.com", 1),
        ("203.0.113.700", 1),
        ("[2001:db8::7", 2),
        ("203.0.113.7; DROP TABLE", 1),
    ],
)
def test_what_cannot_be_known(forwarded_for: str | None, proxies: int) -> None:
    assert client_address(forwarded_for, proxies) is None
