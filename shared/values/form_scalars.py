"""The small parts of a form definition: ids, addresses, durations, each with its rule."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from shared.values.localised import LanguageTag

FormId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,49}$"),
    Field(description="the form's name in URLs; the file's name without .json"),
]


def _guid(text: Any) -> Any:
    """As people paste it: in capitals, or in braces."""
    guid = text.strip().strip("{}").lower() if isinstance(text, str) else text
    if isinstance(guid, str) and not _GUID.fullmatch(guid):
        raise ValueError("is not a GUID such as 10000000-0000-0000-0000-000000000003")
    return guid


_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


Guid = Annotated[
    str,
    BeforeValidator(_guid),
    StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
]
EmailAddress = Annotated[
    str, StringConstraints(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+$", max_length=254)
]


def _is_web_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username:
        raise ValueError("is not a web address such as https://www.contoso.com/thanks")
    return url


def _is_origin(url: str) -> str:
    parts = urlsplit(_is_web_url(url))
    # Browsers send it in lower case: any other spelling would never match.
    if url != f"{parts.scheme}://{parts.netloc}".lower():
        raise ValueError(
            "is not an origin: scheme and host only, in lower case, such as https://www.contoso.com"
        )
    return url


WebUrl = Annotated[
    str, StringConstraints(max_length=2000, pattern=r"^[!-~]+$"), AfterValidator(_is_web_url)
]
Origin = Annotated[str, AfterValidator(_is_origin)]
LocalisedUrl = Annotated[Mapping[LanguageTag, WebUrl], Field(min_length=1)]


def _is_iso_8601(duration: Any) -> Any:
    # A bare number would be taken for seconds, and nobody means a link that lives 3 seconds.
    if not isinstance(duration, timedelta) and not str(duration).startswith("P"):
        raise ValueError("is not an ISO 8601 duration such as P3D (three days) or PT12H")
    return duration


Duration = Annotated[timedelta, BeforeValidator(_is_iso_8601)]
