"""What an answer shows beside its duration, and whether it differs between kinds of address."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OF_THE_MOMENT = "date"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Status, headers in order, body; an id and the date are replaced by what they are."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def of(cls, response: requests.Response) -> "Answer":
        """Without what changes with every call."""
        return cls(
            status=response.status_code,
            headers=tuple(
                (name.lower(), "a date" if name.lower() == _OF_THE_MOMENT else value)
                for name, value in response.headers.items()
            ),
            body=json.dumps(_shape(response.json())),
        )


def differences(answers: Mapping[str, set[Answer]]) -> list[str]:
    """One line for each kind whose answers are not exactly those of the first kind."""
    first, *others = answers
    found = [f"{first}: {len(answers[first])} different answers"] if len(answers[first]) > 1 else []
    return found + [
        f"{kind}: {_told(answers[kind] ^ answers[first])}"
        for kind in others
        if answers[kind] != answers[first]
    ]


def _told(different: set[Answer]) -> str:
    return "; ".join(sorted(f"{one.status} {dict(one.headers)} {one.body}" for one in different))


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    return "an id" if isinstance(value, str) and _UUID.fullmatch(value) else value
