"""What of a person could stand in a log, in whichever writing it got there."""

import base64
import json
from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import quote, quote_plus


class Trace(NamedTuple):
    """A text to search for. `exactly`: upper and lower case matter."""

    what: str
    text: str
    exactly: bool = False

    def is_in(self, line: str) -> bool:
        """Whether the line has it."""
        if self.exactly:
            return self.text in line
        return self.text.casefold() in line.casefold()


def traces_of(secret: str) -> set[Trace]:
    """Plain, as in addresses, in JSON, in HTML, in hexadecimal digits and in base64."""
    plain = {
        Trace("plain", secret),
        Trace("in an address", quote(secret, safe="")),
        Trace("in a form", quote_plus(secret)),
        Trace("in JSON", json.dumps(secret)[1:-1]),
        Trace("in HTML", escape(secret)),
        Trace("as bytes", repr(secret.encode())[2:-1]),
        Trace("in hexadecimal digits", secret.encode().hex()),
    }
    return plain | set(_in_base64(secret))


def _in_base64(secret: str) -> Iterator[Trace]:
    """Wherever in the encoded text it begins: what its neighbours have no part in."""
    for shift in range(3):
        raw = bytes(shift) + secret.encode()
        first, last = -(-shift * 8 // 6), len(raw) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield Trace("in base64", encode(raw).decode()[first:last], exactly=True)


def found_in(lines: Iterable[str], secrets: Iterable[str]) -> list[tuple[str, str, str]]:
    """Which secret stands how in which line."""
    traces = [(secret, trace) for secret in secrets for trace in traces_of(secret)]
    return [
        (secret, trace.what, line)
        for line in lines
        for secret, trace in traces
        if trace.is_in(line)
    ]
