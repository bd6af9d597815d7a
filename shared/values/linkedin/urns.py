"""LinkedIn's names for things (URNs), and the ids within them.

https://learn.microsoft.com/linkedin/shared/api-guide/concepts/urns
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from shared.values.linkedin.numbers import read_whole_number

_ANY = re.compile(r"urn:li:([A-Za-z]+):(\S+)")
_FORM = re.compile(r"urn:li:leadGenForm:([0-9]{1,19})")
_VERSIONED_FORM = re.compile(
    r"urn:li:versionedLeadGenForm:\(urn:li:leadGenForm:([0-9]{1,19}),\s*([0-9]{1,19})\)"
)
_RESPONSE_PREFIX = "urn:li:leadGenFormResponse:"
# It becomes a segment of a path and the key of a row. The dot alone would climb the path.
_RESPONSE_ID = re.compile(r"(?!\.{1,2}$)[!-~]{1,200}")


@dataclass(frozen=True, kw_only=True)
class FormVersion:
    """A lead form by its id, in one version of its content; None when none is named."""

    form_id: int
    version: int | None

    def __str__(self) -> str:
        form = f"urn:li:leadGenForm:{self.form_id}"
        if self.version is None:
            return form
        return f"urn:li:versionedLeadGenForm:({form},{self.version})"


def parse_form_version(text: str) -> FormVersion:
    """From the versioned URN, also with the space that notifications have, or the bare URN.

    Raises ValueError.
    """
    if match := _VERSIONED_FORM.fullmatch(text.strip()):
        form, version = (read_whole_number(digits) for digits in match.groups())
        return FormVersion(form_id=form, version=version)
    if match := _FORM.fullmatch(text.strip()):
        return FormVersion(form_id=read_whole_number(match[1]), version=None)
    raise ValueError("not the URN of a lead form")


def parse_response_id(text: str) -> str:
    """The id of a lead, such as `691c02e7-…-5`, from its URN or bare. Raises ValueError."""
    bare = text.strip().removeprefix(_RESPONSE_PREFIX)
    if bare.startswith("urn:") or not _RESPONSE_ID.fullmatch(bare):
        raise ValueError("not the id of a lead")
    return bare


def response_urn(response_id: str) -> str:
    """The URN of a lead."""
    return f"{_RESPONSE_PREFIX}{response_id}"


def type_of(urn: str) -> str:
    """For example "sponsoredAccount". Raises ValueError where it is no URN of LinkedIn."""
    match = _ANY.fullmatch(urn)
    if match is None:
        raise ValueError("not a URN of LinkedIn")
    return match[1]


def _read_form_version(given: Any) -> Any:
    return parse_form_version(given) if isinstance(given, str) else given


def _read_response_id(given: Any) -> Any:
    return parse_response_id(given) if isinstance(given, str) else given


FormVersionUrn = Annotated[
    FormVersion,
    BeforeValidator(_read_form_version),
    PlainSerializer(str, return_type=str),
]
ResponseId = Annotated[str, BeforeValidator(_read_response_id)]
