import itertools
from collections.abc import Callable

import pytest

from shared.values.colour import contrast, mix, readable, text_on
from shared.web import palette
from shared.web.palette import Palette

_CHANNEL = ("00", "33", "66", "99", "cc", "ff")
EVERY_KIND = ["#" + "".join(rgb) for rgb in itertools.product(_CHANNEL, repeat=3)]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#1a56a8", "#1A56A8", 1.0),
        # The two greys beside the limit of 4.5, as every contrast checker gives them.
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_the_ratio_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


def test_text_can_be_read_on_every_colour() -> None:
    assert min(contrast(text_on(colour), colour) for colour in EVERY_KIND) >= 4.5
    assert text_on("#0b5c8e") == "#ffffff"
    assert text_on("#ffe600") == "#000000"


@pytest.mark.parametrize("ground", ["#ffffff", "#1c1f25", "#777777"])
def test_every_colour_is_made_readable(ground: str) -> None:
    assert min(contrast(readable(colour, ground), ground) for colour in EVERY_KIND) >= 4.5


def test_a_readable_colour_stays_as_it_is() -> None:
    assert readable("#0b5c8e", "#ffffff") == "#0b5c8e"


def test_mix_goes_from_one_colour_to_the_other() -> None:
    assert [mix("#000000", "#ff8000", share) for share in (0, 0.5, 1)] == [
        "#000000",
        "#804000",
        "#ff8000",
    ]


@pytest.mark.parametrize("scheme", [palette.light, palette.dark])
def test_a_page_can_be_read_in_every_company_colour(
    scheme: Callable[[str | None], Palette],
) -> None:
    for colours in map(scheme, [*EVERY_KIND, None]):
        for ground in (colours.page, colours.card):
            assert contrast(colours.ink, ground) >= 4.5
            assert contrast(colours.soft_ink, ground) >= 4.5
            assert contrast(colours.accent, ground) >= 4.5
            assert contrast(colours.edge, ground) >= 3.0
        assert contrast(colours.fill_ink, colours.fill) >= 4.5
        assert contrast(colours.accent, colours.tint) >= 3.0


def test_on_a_light_ground_the_button_has_the_company_s_very_colour() -> None:
    assert palette.light("#ffe600").fill == "#ffe600"
