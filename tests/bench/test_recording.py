"""Operations are named as Azure names them, and bytes counted as Azure counts them."""

from datetime import UTC, datetime

import pytest

from bench.recording.operation import operation
from bench.recording.proxy import Exchange
from bench.recording.stored_bytes import entity_bytes

MESSAGE = b"<QueueMessagesList><QueueMessage><MessageId>1</MessageId></QueueMessage>"
BATCH = b"""--batch
Content-Type: application/http

POST http://127.0.0.1:1/devstoreaccount1/registrations?$return=x HTTP/1.1

{"RowKey": "x"}
--batch
DELETE http://127.0.0.1:1/devstoreaccount1/registrations(PartitionKey='a',RowKey='b') HTTP/1.1
"""


def exchange(
    service: str,
    method: str,
    path: str,
    *,
    body: bytes = b"",
    status: int = 200,
    answer: bytes = b"",
) -> Exchange:
    return Exchange(
        service=service,
        method=method,
        target=f"/devstoreaccount1/{path}",
        headers={},
        body=body,
        status=status,
        answer=answer,
        at=0.0,
    )


@pytest.mark.parametrize(
    ("passed", "name"),
    [
        (exchange("queue", "POST", "q/messages?messagettl=-1"), "Put Message (q)"),
        (exchange("queue", "GET", "q/messages", answer=MESSAGE), "Get Messages (q)"),
        (exchange("queue", "GET", "q/messages?peekonly=true"), "Peek Messages (q)"),
        (exchange("queue", "DELETE", "q/messages/1?popreceipt=2"), "Delete Message (q)"),
        (exchange("queue", "PUT", "q/messages/1?popreceipt=2"), "Update Message (q)"),
        (exchange("queue", "GET", "q?comp=metadata"), "Get Queue Metadata (q)"),
        (exchange("table", "GET", "t(PartitionKey='a',RowKey='b')"), "Get Entity (t)"),
        (exchange("table", "GET", "t()?$filter=x"), "Query Entities (t)"),
        (exchange("table", "POST", "t"), "Insert Entity (t)"),
        (
            exchange("table", "POST", "$batch", body=BATCH),
            "Entity Group Transaction: Insert Entity + Delete Entity (registrations)",
        ),
        (exchange("table", "GET", "t(P='a')", status=404), "Get Entity (t) → 404"),
    ],
)
def test_it_is_named(passed: Exchange, name: str) -> None:
    assert str(operation(passed)) == name


def test_only_an_answer_without_a_message_is_idle() -> None:
    assert operation(exchange("queue", "GET", "q/messages")).is_idle
    assert not operation(exchange("queue", "GET", "q/messages", answer=MESSAGE)).is_idle
    assert not operation(exchange("queue", "GET", "q/messages", status=403)).is_idle
    assert not operation(exchange("queue", "POST", "q/messages")).is_idle


def test_an_operation_that_nobody_foresaw_is_told() -> None:
    with pytest.raises(ValueError, match="PUT /devstoreaccount1/q"):
        operation(exchange("queue", "PUT", "q"))


def test_bytes_by_hand() -> None:
    entity = {
        "PartitionKey": "abcd",
        "RowKey": "12",
        "text": "hello",
        "number": 7,
        "yes": True,
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "raw": b"123",
    }
    keys = 4 + (4 + 2) * 2
    text = 8 + 4 * 2 + 5 * 2 + 4
    number, yes, at, raw = 8 + 6 * 2 + 4, 8 + 3 * 2 + 1, 8 + 2 * 2 + 8, 8 + 3 * 2 + 3 + 4
    time_stamp = 8 + 9 * 2 + 8
    assert entity_bytes(entity) == keys + text + number + yes + at + raw + time_stamp
