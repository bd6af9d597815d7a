"""The colours of a page, from the one colour that the company gives."""

from dataclasses import dataclass

from shared.values.colour import EDGE_CONTRAST, mix, readable, text_on

_NEUTRAL = "#3d4a5c"  # where no form, and so no company, is known
_TINT = 0.1
_ON_DARK = 7.0  # more than level AA asks for: coloured letters look dull on a dark ground


@dataclass(frozen=True, kw_only=True)
class Palette:
    """One colour scheme, light or dark. `fill` is the button, `edge` its border."""

    page: str
    card: str
    ink: str
    soft_ink: str
    line: str
    accent: str
    fill: str
    fill_ink: str
    edge: str
    tint: str


def light(colour: str | None) -> Palette:
    """On a light ground the button has the company's very colour."""
    colour = colour or _NEUTRAL
    page, card = "#f5f6f8", "#ffffff"
    return Palette(
        page=page,
        card=card,
        ink="#1c2026",
        soft_ink="#59616d",
        line="#dfe2e7",
        accent=readable(colour, page),
        fill=colour,
        fill_ink=text_on(colour),
        edge=readable(colour, page, EDGE_CONTRAST),
        tint=mix(card, colour, _TINT),
    )


def dark(colour: str | None) -> Palette:
    """On a dark ground the colour is lightened as far as it must be."""
    colour = colour or _NEUTRAL
    page, card = "#121418", "#1c1f25"
    accent = readable(colour, card, _ON_DARK)
    fill = readable(colour, card, EDGE_CONTRAST)
    return Palette(
        page=page,
        card=card,
        ink="#eceef2",
        soft_ink="#a9b0bb",
        line="#343943",
        accent=accent,
        fill=fill,
        fill_ink=text_on(fill),
        edge=fill,
        tint=mix(card, accent, _TINT),
    )
