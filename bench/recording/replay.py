"""Recorded calls for other people: the same requests with another address and other ids."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote
from uuid import uuid4

from bench.people import new_address
from bench.recording.proxy import Exchange

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# A token is for the address that it was asked for: the proxy's.
_PLAIN = (
    *("Accept", "Authorization", "Content-Type", "Host"),
    *("OData-MaxVersion", "OData-Version", "Prefer"),
)


@dataclass(frozen=True, kw_only=True)
class RecordedCalls:
    """What was asked for one person; `ids` are those that are of this person only."""

    calls: Sequence[Exchange]
    address: str
    ids: frozenset[str]

    @classmethod
    def of(cls, mine: Sequence[Exchange], another: Sequence[Exchange], address: str) -> Self:
        """`another` are the calls for somebody else: ids that both have stay as they are."""
        return cls(calls=mine, address=address, ids=_ids(mine) - _ids(another))

    def for_somebody_new(self) -> list[dict[str, Any]]:
        """Method, target, headers and body of each call, as JSON."""
        new = {one: str(uuid4()) for one in self.ids}
        address = new_address()
        new |= {self.address: address, quote(self.address): quote(address)}

        def renewed(text: str) -> str:
            for old, other in new.items():
                text = text.replace(old, other)
            return text

        return [
            {
                "method": call.method,
                "target": renewed(call.target),
                "headers": {
                    name: renewed(call.headers[name]) for name in _PLAIN if name in call.headers
                },
                "body": renewed(call.body.decode()),
                "status": call.status,
            }
            for call in self.calls
        ]


def _ids(calls: Sequence[Exchange]) -> frozenset[str]:
    texts = (text for call in calls for text in (call.target, call.body.decode()))
    return frozenset(found for text in texts for found in _GUID.findall(text))
