from __future__ import annotations

import json
import socket
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from local.stack.addresses import addresses_from
from local.stack.announcement import address_table, ready_line
from local.stack.free_ports import FIRST, LAST, SHARE, free_ports, share_of_ports
from local.stack.port_check import require_free_ports
from local.stack.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path


def test_default_ports_are_the_documented_ones() -> None:
    addresses = addresses_from(None)

    assert (addresses.website, addresses.functions) == (8080, 7071)
    assert (addresses.azurite_blobs, addresses.azurite_queues) == (10000, 10001)
    assert (addresses.azurite_tables, addresses.smtp, addresses.mail) == (10002, 1025, 1080)
    assert (addresses.dataverse, addresses.linkedin) == (8090, 8091)


def test_a_port_base_numbers_the_parts_in_the_documented_order() -> None:
    addresses = addresses_from(9100)

    assert (addresses.website, addresses.functions, addresses.azurite_blobs) == (9100, 9101, 9102)
    assert (addresses.azurite_queues, addresses.azurite_tables) == (9103, 9104)
    assert (addresses.smtp, addresses.mail) == (9105, 9106)
    assert (addresses.dataverse, addresses.linkedin) == (9107, 9108)


@pytest.mark.parametrize("port_base", [0, -1, 65528, 70000])
def test_a_port_base_that_leaves_the_range_is_refused(port_base: int) -> None:
    with pytest.raises(Problem, match="between 1 and 65527"):
        addresses_from(port_base)


def test_the_last_possible_port_base_is_accepted() -> None:
    assert addresses_from(65527).linkedin == 65535


def test_the_ready_line_has_exactly_the_documented_keys() -> None:
    word, _, text = ready_line(addresses_from(9100)).partition(" ")

    ready = json.loads(text)
    assert word == "READY"
    assert list(ready) == [
        *("website", "functions", "azurite", "smtp", "mail", "dataverse", "linkedin")
    ]
    assert ready["website"] == "http://127.0.0.1:9100"
    assert ready["smtp"] == "127.0.0.1:9105"
    assert "QueueEndpoint=http://127.0.0.1:9103/devstoreaccount1;" in ready["azurite"]
    assert "TableEndpoint=http://127.0.0.1:9104/devstoreaccount1;" in ready["azurite"]
    assert ready["linkedin"] == "http://127.0.0.1:9108"


def test_the_table_names_every_address_a_person_opens(tmp_path: Path) -> None:
    table = address_table(addresses_from(9100), host="the host of the test", data=tmp_path)

    ports = ("9100", "9101", "9106", "9107", "9108")
    for text in (*ports, "the host of the test", str(tmp_path), "Ctrl-C"):
        assert text in table


def test_a_port_in_use_is_named_with_what_wanted_it_and_the_way_out() -> None:
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen()
        port = other_program.getsockname()[1]

        with pytest.raises(Problem) as problem:
            require_free_ports({port: "the mail catcher (SMTP)"})

    text = str(problem.value)
    assert str(port) in text
    assert "the mail catcher (SMTP)" in text
    assert "--port-base" in text


def test_a_port_bound_on_all_addresses_is_in_use() -> None:
    with socket.socket() as other_program:
        other_program.bind(("0.0.0.0", 0))  # noqa: S104 - what the test is about
        other_program.listen()

        with pytest.raises(Problem):
            require_free_ports({other_program.getsockname()[1]: "a part"})


def test_a_port_whose_listener_went_away_is_free_at_once() -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as all servers do
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = listener.accept()
            accepted.close()  # this side closes first, so its port lingers in TIME_WAIT

    require_free_ports({port: "a part"})


def test_shares_of_the_free_ports_do_not_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = [tuple(map(int, share_of_ports(number, 4).split("-"))) for number in range(4)]

    assert (shares[0][0], shares[-1][1]) == (FIRST, LAST)
    assert all(earlier[1] == later[0] for earlier, later in pairwise(shares))
    for number, (first, last) in enumerate(shares):
        monkeypatch.setenv(SHARE, share_of_ports(number, 4))
        for _ in range(20):
            ports = free_ports()
            assert first <= ports[0] <= ports[-1] < last


def test_a_share_without_room_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHARE, f"{FIRST}-{FIRST + 8}")

    with pytest.raises(Problem, match="no 9 free ports in a row"):
        free_ports()
