"""Reads the body of a register call: JSON, or a plain HTML form post, to the same thing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from shared.values.answer_error import FieldError
from shared.values.form_fields import MultipleChoiceField, YesNoField
from shared.values.text_rules import pointer_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.values.form import Form

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
# A queue message holds 64 KiB as base64, so 48 KiB of JSON; this leaves room for the
# consent texts that are added.
# https://learn.microsoft.com/azure/storage/queues/scalability-targets
MAX_BODY_BYTES = 32 * 1024
_MOST_PAIRS = 500
# What a plain HTML form posts beside its fields and consents.
_ALONE = ("locale", "pageUrl", "campaign", "altcha")
_TICKED = frozenset({"on", "true", "yes", "1"})
_UNTICKED = frozenset({"off", "false", "no", "0"})


class BodyMalformed(ValueError):
    """The body is not readable; the text says why, without quoting it."""


@dataclass(frozen=True, kw_only=True)
class RegisterBody:
    """What was posted, not yet checked against the form."""

    fields: Mapping[str, Any]
    consents: Any = ()
    locale: Any = None
    page_url: Any = None
    campaign: Any = None
    altcha: Any = None
    errors: tuple[FieldError, ...] = ()


def read_json(body: bytes) -> RegisterBody:
    """A JSON body. Raises BodyMalformed."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise BodyMalformed("The body is not UTF-8.") from None
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except _DuplicateKey:
        raise BodyMalformed("A key appears twice in the same JSON object.") from None
    except (ValueError, RecursionError):
        raise BodyMalformed("The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise BodyMalformed("The body is not a JSON object.")
    fields = value.pop("fields", None)
    if not isinstance(fields, dict):
        raise BodyMalformed("'fields' is missing or is not an object.")
    source = value.pop("source", None)
    if source is not None and not isinstance(source, dict):
        raise BodyMalformed("'source' is not an object.")
    source = dict(source or {})
    consents = value.pop("consents", [])
    locale = value.pop("locale", None)
    altcha = value.pop("altcha", None)
    page_url, campaign = source.pop("pageUrl", None), source.pop("campaign", None)
    if value or source:
        raise BodyMalformed(
            "There are unknown keys: allowed are fields, consents, locale, altcha and source "
            "(with pageUrl and campaign)."
        )
    return RegisterBody(
        fields=fields,
        consents=consents,
        locale=locale,
        page_url=page_url,
        campaign=campaign,
        altcha=altcha,
    )


def read_form_post(body: bytes, form: Form) -> RegisterBody:
    """The body of a plain HTML form, as browsers send it. Raises BodyMalformed."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PAIRS,
        )
    except UnicodeDecodeError:
        raise BodyMalformed("The body is not UTF-8.") from None
    except ValueError:
        raise BodyMalformed("The body has too many fields.") from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    consents = values.pop("consent", [])
    alone = {name: values.pop(name, [None])[-1] for name in _ALONE}
    multiple = {field.id for field in form.fields if isinstance(field, MultipleChoiceField)}
    boxes = {field.id for field in form.fields if isinstance(field, YesNoField)}
    fields: dict[str, Any] = {}
    errors = []
    for name, given in values.items():
        if name in multiple:
            fields[name] = [value for value in given if value]
        elif len(given) > 1:
            errors.append(FieldError(pointer=f"/fields/{pointer_part(name)}", code="repeated"))
        else:
            fields[name] = _ticked(given[0]) if name in boxes else given[0]
    return RegisterBody(
        fields=fields,
        consents=consents,
        locale=alone["locale"],
        page_url=alone["pageUrl"] or None,
        campaign=alone["campaign"] or None,
        altcha=alone["altcha"],
        errors=tuple(errors),
    )


def _ticked(value: str) -> bool | str:
    """A box's value as browsers send it; anything else stays text and is refused later."""
    if value.lower() in _TICKED:
        return True
    return False if value.lower() in _UNTICKED else value


class _DuplicateKey(ValueError):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _DuplicateKey
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)
