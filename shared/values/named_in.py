"""Whether a text that nobody could read names an address."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from shared.values.mailbox import canonical

# What an address may go on with on either side: joanna@example.com does not name anna@example.com,
# nor does anna@example.com.au.
_BEFORE = r"(?<![\w.!#$%&*+/?^`{|}~-])"
_BEHIND = r"(?![\w-]|\.\w)"


def is_named_in(body: bytes, addresses: Iterable[str]) -> bool:
    """Whether one of them stands in it as a whole, in upper or lower case.

    In the strings of JSON, however they are escaped, or in the text as it is.
    """
    names = "|".join(re.escape(canonical(address)) for address in addresses)
    wanted = re.compile(f"{_BEFORE}(?:{names}){_BEHIND}")
    return any(wanted.search(canonical(text)) for text in _texts(body))


def _texts(body: bytes) -> Iterator[str]:
    text = body.decode("utf-8", "replace")
    yield text
    try:
        yield from _strings(json.loads(text))
    except (ValueError, RecursionError):
        return


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
