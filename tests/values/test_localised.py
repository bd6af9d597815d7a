"""Choosing a language."""

import pytest

from shared.values.localised import choose_language

OFFERED = ("en", "de", "pt-BR", "pt-PT", "zh-Hans")


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("de_AT", "de"),
        ("pt-PT", "pt-PT"),
        ("pt-pt", "pt-PT"),
        ("pt", "pt-BR"),
        ("pt-AO", "pt-BR"),
        ("zh-Hans-CN", "zh-Hans"),
        ("fr", "en"),
        ("fr,de", "de"),
        ("fr;q=1,de;q=0.1", "de"),
        ("en;q=0.5,de;q=0.8", "de"),
        ("de;q=0.8,en;q=0.8", "de"),
        ("de;q=0,pt", "pt-BR"),
        ("de; q=0.9 , en;q=0.1", "de"),
        ("de;q=much,pt;q=0.1", "pt-BR"),
        ("de;q=nan", "en"),
        ("*", "en"),
        ("", "en"),
        (",,;,", "en"),
        (None, "en"),
        ("x," * 20 + "de", "en"),  # nobody reads further than that
        ("🙂", "en"),
    ],
)
def test_the_nearest_language(wanted: str | None, chosen: str) -> None:
    assert choose_language(wanted, OFFERED) == chosen


def test_the_first_one_offered_is_the_fallback() -> None:
    assert choose_language("fr", ("nl", "de")) == "nl"
