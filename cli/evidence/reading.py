"""Reads the documents of a bundle that somebody else has given us."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from cli.evidence.check import Check, Subject
from shared.values.base import Value

V = TypeVar("V", bound=Value)


class UnknownVersion(Exception):
    """The bundle is of a version that this program does not know; the text says which."""


def read_document(
    files: Mapping[str, bytes], name: str, kind: type[V], form: str, version: int
) -> tuple[V | None, list[Check]]:
    """The document, or what is wrong with it. Raises UnknownVersion."""
    subject = Subject(name)
    if name not in files:
        return None, [subject.broken("file", "is missing: this is no bundle, or not all of it")]
    try:
        document: Any = json.loads(files[name])
    except (ValueError, RecursionError):
        return None, [subject.broken("file", "is no JSON: it was cut off, or changed")]
    found = document if isinstance(document, dict) else {}
    if found.get("format") != form:
        return None, [subject.broken("format", f"should be “{form}”: this is something else")]
    written = found.get("version")
    if type(written) is not int:
        return None, [subject.broken("version", "is no number")]
    if written != version:
        raise UnknownVersion(
            f"{name} is of version {written}, and this program knows version {version}"
        )
    try:
        return kind.model_validate_json(files[name]), []
    except ValidationError as error:
        places = [
            ".".join(str(part) for part in each["loc"]) or "(whole)"
            for each in error.errors(include_input=False, include_url=False)
        ]
        return None, [subject.broken("content", f"is not as it should be: {', '.join(places[:5])}")]
