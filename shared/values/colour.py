"""Colours that can be read: contrast as WCAG 2.2 defines it.

A company gives one colour. Whatever it is, text on it and text in it must reach the contrast
that WCAG 2.2 level AA wants (https://www.w3.org/TR/WCAG22/#contrast-minimum).
A colour is text such as "#1a56a8".
"""

TEXT_CONTRAST = 4.5
EDGE_CONTRAST = 3.0  # https://www.w3.org/TR/WCAG22/#non-text-contrast
WHITE = "#ffffff"
BLACK = "#000000"
_STEPS = 20
_LINEAR_BELOW = 0.04045  # sRGB is a straight line near black


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1.0 (none) to 21.0 (black and white).

    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_on(background: str) -> str:
    """White if it can be read on `background`, else black; one of the two always can."""
    return WHITE if contrast(WHITE, background) >= TEXT_CONTRAST else BLACK


def readable(colour: str, background: str, ratio: float = TEXT_CONTRAST) -> str:
    """`colour`, or the nearest lighter or darker one that reaches `ratio` on `background`."""
    away = max((WHITE, BLACK), key=lambda end: contrast(end, background))
    for step in range(_STEPS):
        shade = mix(colour, away, step / _STEPS)
        if contrast(shade, background) >= ratio:
            return shade
    return away


def mix(one: str, other: str, share: float) -> str:
    """`one` with a `share` (0.0 to 1.0) of `other`."""
    channels = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in channels)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4
