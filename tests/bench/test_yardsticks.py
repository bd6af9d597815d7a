"""The bare calls ask for what the app asks for. Else a ratio to them would say nothing."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bench.benchmarks import confirm, operations, send
from bench.load.bare_clicks import BareClicks
from bench.load.bare_mails import BareMails
from bench.load.process import LoadProcess
from bench.queue_backlog import fill
from bench.recording.operation import operation
from bench.recording.proxy import Exchange, RecordingProxy
from bench.scale import QUICK
from bench.stack import BenchStack

# Whose part the queues and tables of the bare calls play.
APPS_MAILING = {send.BARE: "registrations", send.LATER: "follow-ups", send.TABLE: "registrations"}
APPS_CLICKING = {confirm.BARE: "promotions", confirm.TABLE: "registrations"}
FEW_BYTES = 8  # base64 comes in fours, and names of forms and kinds differ
SECONDS = 60.0
HANG_SECONDS = 600


@pytest.fixture(scope="module")
def life() -> Mapping[str, Mapping[str, Any]]:
    """Of a registration that found the caches filled: what the app asks for, by step."""
    lives = operations.measure(QUICK)["lives"]
    last: Mapping[str, Mapping[str, Any]] = lives[-1]
    return last


@dataclass(frozen=True, kw_only=True)
class Way:
    """A proxy in front of a stack's storage, and the connection string that leads through it."""

    proxy: RecordingProxy
    storage: str

    @contextmanager
    def passing(self) -> Iterator[list[Exchange]]:
        """What passes meanwhile; it is there at the end."""
        first, passed = len(self.proxy.exchanges), list[Exchange]()
        yield passed
        passed += self.proxy.exchanges[first:]


@contextmanager
def way_to(stack: BenchStack) -> Iterator[Way]:
    addresses = stack.addresses
    ports = {"queue": addresses.azurite_queues, "table": addresses.azurite_tables}
    with RecordingProxy(ports) as proxy:
        proxied = replace(
            addresses, azurite_queues=proxy.ports["queue"], azurite_tables=proxy.ports["table"]
        )
        yield Way(proxy=proxy, storage=proxied.storage)


@pytest.mark.stack
@pytest.mark.timeout(HANG_SECONDS)
def test_a_bare_mail_asks_for_what_send_confirmation_asks_for(
    life: Mapping[str, Mapping[str, Any]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = replace(QUICK, rounds=0, mails=1)
    with BenchStack(tmp_path, disabled=send.OTHERS) as stack, LoadProcess() as load:
        sending = send.Sending(stack, load, one)
        texts = sending.texts(1)
        fill(stack.storage, send.BARE, texts)
        order = sending.bare_order(texts)
        with way_to(stack) as way, BareMails(order | {"storage": way.storage}) as bare:
            with way.passing() as passed, caplog.at_level(logging.DEBUG, "urllib3"):
                assert bare.work_off()["mails"] == 1
            stack.mails.take_one_each(order["recipients"], seconds=SECONDS)
    expect_the_same(passed, life, "send_confirmation", APPS_MAILING)
    expect_open_connections(caplog)


@pytest.mark.stack
@pytest.mark.timeout(HANG_SECONDS)
def test_a_bare_click_asks_for_what_a_click_asks_for(
    life: Mapping[str, Mapping[str, Any]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        BenchStack(tmp_path, dataverse=True, disabled=confirm.OTHERS) as stack,
        LoadProcess() as load,
    ):
        clicking = confirm.Confirming(stack, load)
        order = clicking.bare_order(confirm.What.SUM, connections=1, clicks=1)
        with (
            way_to(stack) as way,
            BareClicks(order | {"storage": way.storage}) as bare,
            way.passing() as passed,
            caplog.at_level(logging.DEBUG, "urllib3"),
        ):
            assert len(bare.work_off()["milliseconds"]) == 1
    expect_the_same(passed, life, "click", APPS_CLICKING)
    expect_open_connections(caplog)


def expect_the_same(
    passed: list[Exchange],
    life: Mapping[str, Mapping[str, Any]],
    step: str,
    parts: Mapping[str, str],
) -> None:
    """The same operations in the same order, and messages as long as the app's."""
    named = [(each, operation(each)) for each in passed]
    told = [str(replace(what, on=parts[what.on])) for _, what in named if not what.is_idle]
    assert told == life["operations"][step]
    sizes = [len(message_text(each)) for each, what in named if what.name == "Put Message"]
    assert sizes == pytest.approx(life["messageBytes"][step], rel=0, abs=FEW_BYTES)


def message_text(put: Exchange) -> str:
    return ET.fromstring(put.body).findtext("MessageText") or ""  # noqa: S314 - our own


def expect_open_connections(caplog: pytest.LogCaptureFixture) -> None:
    """Requests were made, and none had to connect first."""
    told = [record.getMessage() for record in caplog.records]
    assert any("HTTP/1.1" in line for line in told)
    assert [line for line in told if "new HTTP connection" in line] == []
