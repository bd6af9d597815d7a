"""Lives registrations, step by step, and sorts what passed the proxy by step."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote
from xml.etree import ElementTree as ET

import requests
from azure.data.tables import TableClient
from azure.storage.queue import QueueClient

from bench.people import new_address
from bench.queue_backlog import length, wait_until
from bench.recording.operation import Operation, operation
from bench.recording.proxy import Exchange, RecordingProxy
from bench.recording.stored_bytes import entity_bytes
from bench.stack import BenchStack
from bench.website import register

REGISTER, MAIL, PAGE, CLICK, FOLLOW_UP = (
    "register",
    "send_confirmation",
    "page",
    "click",
    "follow_up",
)
STEPS = (REGISTER, MAIL, PAGE, CLICK, FOLLOW_UP)
FUNNEL = "funnel"  # written by a process, whenever it has something to tell
DAYS = 8  # the form's records are forgotten after seven
SECONDS = 60.0
SETTLE_SECONDS = 0.5  # the host deletes a message after its function has ended
OK = 200
Life = dict[str, dict[str, Any]]


def live(stack: BenchStack, proxy: RecordingProxy, lives: int) -> list[Life]:
    """By step: `operations`, their `services`, `tableBytes` after it, `messageBytes` put in it.

    Raises RuntimeError when a step does not come to its end.
    """
    with _World(stack, proxy) as world:
        stack.start(stack.functions)
        lived = [world.up_to_the_click() for _ in range(lives)]
        stack.functions.end_gently()
        stack.start(stack.functions_later(DAYS))
        for one in lived:
            world.a_week_later(one)
    return [one.life for one in lived]


@dataclass(frozen=True, kw_only=True)
class Lived:
    """`brooms` are the puts of what is to be done later; `mine` the partitions of this person."""

    life: Life
    brooms: Sequence[Exchange]
    mine: frozenset[str]


class _World:
    """The person with the mail program, and somebody who looks into storage."""

    def __init__(self, stack: BenchStack, proxy: RecordingProxy) -> None:
        self._stack = stack
        self._proxy = proxy
        self._table = TableClient.from_connection_string(stack.storage, "registrations")
        self._queues = {
            name: QueueClient.from_connection_string(stack.storage, name)
            for name in ("registrations", "follow-ups")
        }
        self._mine = frozenset[str]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._table.close()
        for queue in self._queues.values():
            queue.close()

    def up_to_the_click(self) -> Lived:
        """The life so far, and the puts of what is to be done later."""
        life: Life = {"operations": {}, "services": {}, "tableBytes": {}, "messageBytes": {}}
        before = frozenset(self._partitions())
        address, confirm = new_address(), f"{self._stack.functions_url}/api/confirm"

        def sign_up_and_be_mailed() -> str:
            register(self._stack.functions_url, address)
            [mail] = self._stack.mails.take(1, seconds=SECONDS)
            wait_until(self._queues["registrations"], 0, seconds=SECONDS)
            return mail.confirm_token()

        token, passed = self._watch(sign_up_and_be_mailed)
        self._mine = frozenset(self._partitions()) - before
        # The host may fetch the message before the website has its answer.
        put = next(each for each in passed if operation(each).name == "Put Message")
        self._note(life, REGISTER, [put])
        self._note(life, MAIL, [each for each in passed if each is not put])
        brooms = [each for each in passed if "/follow-ups/messages" in each.target]
        link = f"{confirm}?token={quote(token)}"
        _, passed = self._watch(lambda: _expect(OK, requests.get(link, timeout=SECONDS)))
        self._note(life, PAGE, passed)
        press = {"token": token}
        _, passed = self._watch(lambda: _expect(OK, requests.post(confirm, press, timeout=SECONDS)))
        self._note(life, CLICK, passed)
        later = [each for each in brooms if operation(each).name == "Put Message"]
        return Lived(life=life, brooms=later, mine=self._mine)

    def a_week_later(self, lived: Lived) -> None:
        """What was put for later is visible now, and the host's clock says that it is due."""
        self._mine = lived.mine
        queue = self._queues["follow-ups"]
        left = length(queue)

        def let_it_be_due() -> None:
            nonlocal left
            for broom in lived.brooms:
                answer = ET.fromstring(broom.answer)  # noqa: S314 - our own Azurite's
                receipt = answer.findtext("*/PopReceipt") or ""
                queue.update_message(
                    answer.findtext("*/MessageId") or "", receipt, visibility_timeout=0
                )
                left -= 1
            wait_until(queue, left, seconds=SECONDS)

        _, passed = self._watch(let_it_be_due)
        self._note(lived.life, FOLLOW_UP, passed)

    def _watch(self, act: Callable[[], Any]) -> tuple[Any, list[Exchange]]:
        """What it returned, and what passed until all was quiet, but for idle questions."""
        first = len(self._proxy.exchanges)
        result = act()
        time.sleep(SETTLE_SECONDS)
        passed = self._proxy.exchanges[first:]
        return result, [each for each in passed if _is_of_a_registration(operation(each))]

    def _note(self, life: Life, step: str, passed: list[Exchange]) -> None:
        named: list[Operation] = [operation(each) for each in passed]
        life["operations"][step] = [str(each) for each in named]
        life["services"][step] = [each.service for each in named]
        stored = 0 if step == REGISTER else self._table_bytes()
        life["tableBytes"][step] = stored
        life["messageBytes"][step] = [
            _text_bytes(each)
            for each, what in zip(passed, named, strict=True)
            if what.name == "Put Message"
        ]

    def _partitions(self) -> set[str]:
        return {entity["PartitionKey"] for entity in self._table.list_entities()}

    def _table_bytes(self) -> int:
        """Of this person's rows."""
        entities = self._table.list_entities()
        return sum(entity_bytes(each) for each in entities if each["PartitionKey"] in self._mine)


def _is_of_a_registration(what: Operation) -> bool:
    return not what.is_idle and what.on != FUNNEL


def _text_bytes(put: Exchange) -> int:
    return len(ET.fromstring(put.body).findtext("MessageText") or "")  # noqa: S314 - the app's own


def _expect(status: int, answer: requests.Response) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request.method}: {answer.status_code} instead of {status}")
