"""Texts in several languages, and choosing among them."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

LanguageTag = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"),
    Field(description="BCP 47 language tag such as 'de' or 'pt-BR'", examples=["en", "de"]),
]

SingleLine = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\r\n]*$")]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=2000)]

LocalisedLine = Annotated[
    Mapping[LanguageTag, SingleLine],
    Field(description="one line of text in every language of the form", min_length=1),
]
LocalisedText = Annotated[
    Mapping[LanguageTag, Paragraph],
    Field(description="a text in every language of the form", min_length=1),
]


def choose_language(wanted: str | None, offered: Sequence[str]) -> str:
    """The offered language nearest to `wanted`; the first offered one when none is near.

    `wanted` is a language tag ("de-AT", "de_AT") or an Accept-Language header
    (RFC 9110 section 12.5.4; its q values are honoured).
    """
    by_lower = {tag.lower(): tag for tag in reversed(offered)}
    primary = {tag.lower().partition("-")[0]: tag for tag in reversed(offered)}
    for tag in _by_preference(wanted or ""):
        near = by_lower.get(tag) or primary.get(tag.partition("-")[0])
        if near:
            return near
    return offered[0]


def _by_preference(header: str) -> list[str]:
    weighted = []
    for position, part in enumerate(header.split(",")[:20]):
        tag, _, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        if tag and quality > 0:
            weighted.append((-quality, position, tag.strip().replace("_", "-").lower()))
    return [tag for _, _, tag in sorted(weighted)]
