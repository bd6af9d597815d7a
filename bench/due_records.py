"""Records that nobody confirmed and that are due: their rows, and the messages that say so."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import uuid4

from shared.values.messages import FollowUp, FollowUpMessage

ADDRESS_ROW = "address"
Key = tuple[str, str]  # mailbox key and registration id


@dataclass(frozen=True, kw_only=True)
class DueRecords:
    """Made from the two rows that the app wrote for somebody whom it mailed."""

    record: Mapping[str, Any]
    address_row: Mapping[str, Any]

    @classmethod
    def like(cls, rows: Sequence[Mapping[str, Any]]) -> Self:
        """`rows` are those of one mailbox. Raises StopIteration when one is missing."""
        return cls(
            record=next(row for row in rows if row["RowKey"] != ADDRESS_ROW),
            address_row=next(row for row in rows if row["RowKey"] == ADDRESS_ROW),
        )

    def partitions(self, keys: Sequence[Key]) -> Iterator[list[dict[str, Any]]]:
        """The rows of each mailbox."""
        for mailbox_key, registration_id in keys:
            yield [
                {**self.record, "PartitionKey": mailbox_key, "RowKey": registration_id},
                {**self.address_row, "PartitionKey": mailbox_key},
            ]


def new_keys(count: int) -> list[Key]:
    """Of people who are new."""
    return [(uuid4().hex + uuid4().hex, str(uuid4())) for _ in range(count)]


def forget_message(mailbox_key: str, registration_id: str, due_at: datetime) -> str:
    """The text of the message in queue `follow-ups`."""
    message = FollowUpMessage(
        mailbox_key=mailbox_key,
        registration_id=registration_id,
        follow_up=FollowUp.FORGET,
        due_at=due_at,
    )
    return b64encode(message.to_json().encode()).decode()
