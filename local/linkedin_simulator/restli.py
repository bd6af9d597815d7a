"""Rest.li 2.0 query strings, read as strictly as LinkedIn does.

https://linkedin.github.io/rest.li/spec/protocol, "Rest.li Protocol 2.0 Object and Listing/Array
Representation": `( ) , : '` are structure where they stand raw and content where they are
percent-encoded, once. `fields` alone keeps the 1.0 form.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from local.linkedin_simulator.errors import LinkedInError, invalid_param

Value = str | list["Value"] | dict[str, "Value"]
PRIMITIVE = re.compile(r"(?:[A-Za-z0-9\-._~!$*+;@/?=]|%[0-9A-Fa-f]{2})+")
FIELD_NAME = re.compile(r"[A-Za-z]\w*")
EMPTY = "''"
LIST = "List("
DEEPEST = 20

Projection = dict[str, "Projection | None"]
"""Wanted fields; those inside, or None for all of them."""


class Malformed(Exception):
    """The message says where."""


@dataclass
class _Reader:
    text: str
    position: int = 0

    def takes(self, literal: str) -> bool:
        if not self.text.startswith(literal, self.position):
            return False
        self.position += len(literal)
        return True

    def expect(self, literal: str) -> None:
        if not self.takes(literal):
            raise Malformed(f"expected '{literal}' at '{self.text[self.position :][:40]}'")

    def word(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.position)
        if found is None:
            raise Malformed(f"unexpected token at '{self.text[self.position :][:40]}'")
        self.position = found.end()
        return found[0]

    def end(self) -> None:
        if self.position != len(self.text):
            raise Malformed(f"tokens left over: '{self.text[self.position :][:40]}'")


def read_query(raw: str) -> dict[str, str]:
    """Names and raw values. Raise LinkedInError where a parameter is given twice."""
    found: dict[str, str] = {}
    for part in filter(None, raw.split("&")):
        name, equals, value = part.partition("=")
        if not equals or name in found:
            raise invalid_param(name, "given twice" if name in found else "no value")
        found[name] = value
    return found


def read_value(name: str, raw: str) -> Value:
    """Raise LinkedInError (400) for anything but one well-formed value."""
    reader = _Reader(raw)
    try:
        value = _value(reader, 0)
        reader.end()
    except Malformed as error:
        raise invalid_param(name, str(error)) from error
    return value


def _value(reader: _Reader, depth: int) -> Value:
    if depth > DEEPEST:
        raise Malformed("nested too deeply")
    if reader.takes(LIST):
        return _list(reader, depth + 1)
    if reader.takes("("):
        return _map(reader, depth + 1)
    return _primitive(reader)


def _list(reader: _Reader, depth: int) -> list[Value]:
    if reader.takes(")"):
        return []
    items = [_value(reader, depth)]
    while reader.takes(","):
        items.append(_value(reader, depth))
    reader.expect(")")
    return items


def _map(reader: _Reader, depth: int) -> dict[str, Value]:
    entries: dict[str, Value] = {}
    if reader.takes(")"):
        return entries
    while True:
        key = _primitive(reader)
        reader.expect(":")
        if key in entries:
            raise Malformed(f"'{key}' is given twice")
        entries[key] = _value(reader, depth)
        if not reader.takes(","):
            reader.expect(")")
            return entries


def _primitive(reader: _Reader) -> str:
    if reader.takes(EMPTY):
        return ""
    return decoded(reader.word(PRIMITIVE))


def decoded(text: str) -> str:
    """Percent-decoded once. Raise Malformed where the bytes are not UTF-8."""
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"'{text[:40]}' is not UTF-8") from error


def read_fields(raw: str) -> Projection:
    """`id,form:(name,content)`: unencoded, as the 1.0 protocol has it. Raise LinkedInError."""
    reader = _Reader(raw)
    try:
        fields = _fields(reader, 0)
        reader.end()
    except Malformed as error:
        raise invalid_param("fields", str(error)) from error
    return fields


def _fields(reader: _Reader, depth: int) -> Projection:
    if depth > DEEPEST:
        raise Malformed("nested too deeply")
    wanted: Projection = {}
    while True:
        name = reader.word(FIELD_NAME)
        inner = None
        if reader.takes(":"):
            reader.expect("(")
            inner = _fields(reader, depth + 1)
            reader.expect(")")
        wanted[name] = inner
        if not reader.takes(","):
            return wanted


def read_key(raw: str) -> str:
    """The last segment of a path. Raise LinkedInError (400)."""
    try:
        reader = _Reader(raw)
        key = _primitive(reader)
        reader.end()
    except Malformed as error:
        raise LinkedInError(
            400, "ILLEGAL_ARGUMENT", f"Syntax exception in path: {error}"
        ) from error
    return key
