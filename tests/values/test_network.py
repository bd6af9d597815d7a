"""Networks: what counts as one place, and that its key names nobody."""

import pytest

from shared.values.network import network_of, source_key

PEPPER = "pepper-of-thirty-two-bytes-or-more"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.255", "203.0.113.0/24"),
        ("203.0.112.7", "203.0.112.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2ff:1::9", "2001:db8:1:200::/56"),
        ("2001:DB8:1:200::1", "2001:db8:1:200::/56"),
        ("2001:db8:1:300::1", "2001:db8:1:300::/56"),
        ("fe80::1%eth0", "fe80::/56"),
    ],
)
def test_an_address_belongs_to_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    "address", [None, "", "unknown", "203.0.113", "203.0.113.0/24", "1.2.3.4.5"]
)
def test_what_is_no_address_has_no_network(address: str | None) -> None:
    assert network_of(address) is None
    assert source_key(address, PEPPER) is None


def test_neighbours_share_a_key_that_does_not_name_them() -> None:
    key = source_key("203.0.113.7", PEPPER)
    assert key == source_key("203.0.113.99", PEPPER)
    assert key == source_key("::ffff:203.0.113.99", PEPPER)
    assert key != source_key("203.0.114.7", PEPPER)
    assert key != source_key("203.0.113.7", PEPPER + "!")
    assert key is not None
    assert len(bytes.fromhex(key)) == 32
