"""What an exchange with storage was, in the words of Azure's REST reference.

https://learn.microsoft.com/rest/api/storageservices/queue-service-rest-api
https://learn.microsoft.com/rest/api/storageservices/table-service-rest-api
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from bench.recording.proxy import Exchange

_OK, _FIRST_ERROR = 200, 400
_QUEUE_WORDS = {
    ("POST", "messages"): "Put Message",
    ("GET", "messages"): "Get Messages",
    ("DELETE", "message"): "Delete Message",
    ("PUT", "message"): "Update Message",
    ("DELETE", "messages"): "Clear Messages",
    ("GET", ""): "Get Queue Metadata",
}
_TABLE_WORDS = {
    "GET": "Get Entity",
    "POST": "Insert Entity",
    "PUT": "Update Entity",
    "PATCH": "Merge Entity",
    "MERGE": "Merge Entity",
    "DELETE": "Delete Entity",
}
_PART = re.compile(rb"^(POST|PUT|PATCH|MERGE|DELETE) https?://\S+/(\w+)\b", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`name` as the reference calls it, `on` the queue or table; `is_idle`: no message was there.

    `refused` is the status where it did not succeed.
    """

    service: str
    name: str
    on: str
    is_idle: bool = False
    refused: int | None = None

    def __str__(self) -> str:
        answer = f" → {self.refused}" if self.refused else ""
        return f"{self.name} ({self.on}){answer}"


def operation(exchange: Exchange) -> Operation:
    """Raises ValueError for one that this app never does."""
    told = _queue_operation if exchange.service == "queue" else _table_operation
    refused = exchange.status if exchange.status >= _FIRST_ERROR else None
    return replace(told(exchange), refused=refused)


def _queue_operation(exchange: Exchange) -> Operation:
    address = urlsplit(exchange.target)
    _, _, queue, *rest = address.path.split("/")
    if rest and "peekonly=true" in address.query:
        return Operation(service="queue", name="Peek Messages", on=queue)
    what = ("messages", "message")[len(rest) - 1] if rest else ""
    name = _QUEUE_WORDS.get((exchange.method, what))
    if name is None:
        raise ValueError(f"{exchange.method} {address.path} is no queue operation that is known")
    answered = name == "Get Messages" and exchange.status == _OK
    idle = answered and b"<MessageId>" not in exchange.answer
    return Operation(service="queue", name=name, on=queue, is_idle=idle)


def _table_operation(exchange: Exchange) -> Operation:
    path = unquote(urlsplit(exchange.target).path)
    _, _, what = path.split("/", 2)
    if what == "$batch":
        parts = [
            (method.decode(), table.decode()) for method, table in _PART.findall(exchange.body)
        ]
        words = " + ".join(_TABLE_WORDS[method] for method, _ in parts)
        name = f"Entity Group Transaction: {words}"
        return Operation(service="table", name=name, on=parts[0][1])
    table, _, key = what.partition("(")
    if exchange.method == "GET" and key in ("", ")"):
        return Operation(service="table", name="Query Entities", on=table)
    return Operation(service="table", name=_TABLE_WORDS[exchange.method], on=table)
