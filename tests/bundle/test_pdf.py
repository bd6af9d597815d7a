"""Drawing: every letter of every script, and nothing lost from page to page."""

import pytest

from cli.evidence.paper import Block, Fact, Facts, Grid, Heading, Paper, Paragraph, Points, Quote
from cli.evidence.pdf import pdf_of
from cli.evidence.typeface import REGULAR, printable, runs_to_the_left, sisters_for
from tests.bundle.reading import pages_of, text_of
from tests.examples import NOON

ARABIC = "أوافق على تلقي النشرة الإخبارية"
SCRIPTS = ["王小明", "홍길동", "さくら", "שלום", "नमस्ते"]
RUSSIAN = "Я согласна получать рассылку"
GREEK = "Επιθυμώ το ενημερωτικό δελτίο"


def paper(*blocks: Block, language: str = "en") -> Paper:
    return Paper(
        title="Title",
        subtitle="subtitle",
        footer="footer",
        page="page {page} of {pages}",
        language=language,
        blocks=blocks,
    )


def test_names_and_texts_of_many_scripts() -> None:
    many = [ARABIC, RUSSIAN, GREEK, *SCRIPTS]
    facts = Facts(tuple(Fact(label=f"no. {at}", value=said) for at, said in enumerate(many)))
    drawn_text = text_of(pdf_of(paper(*map(Quote, many), facts), NOON))
    assert {said: drawn_text.count(said) for said in many} == dict.fromkeys(many, 2)
    assert "U+" not in drawn_text


@pytest.mark.parametrize(
    ("letter", "shown"),
    [
        ("\u202e", "[U+202E]"),
        ("\u200b", "[U+200B]"),
        ("\x00", "[U+0000]"),
        ("\x1b", "[U+001B]"),
        ("\ud800", "[U+D800]"),
        ("\u2028", "[U+2028]"),
        ("😀", "[U+1F600]"),
        ("é", "é"),
        ("\u200d", "\u200d"),
    ],
)
def test_what_cannot_be_seen_is_shown(letter: str, shown: str) -> None:
    assert printable(f"a{letter}b", [REGULAR]) == f"a{shown}b"


def test_the_reading_direction_is_that_of_the_first_letter() -> None:
    assert runs_to_the_left(f"1. {ARABIC}")
    assert not runs_to_the_left(f"Contoso: {ARABIC}")
    assert not runs_to_the_left("123")


def test_fonts_are_opened_where_they_are_needed_only() -> None:
    assert sisters_for(f"{ARABIC} {RUSSIAN} {GREEK} 😀") == []
    assert [name[-8:] for name in sisters_for("王小明 홍길동")] == [
        "SC-Rg.ttf"[-8:],
        "KR-Rg.ttf"[-8:],
    ]


def test_nothing_is_lost_where_a_text_is_longer_than_a_page() -> None:
    numbered = [f"sentence{number}." for number in range(600)]
    long = " ".join(numbered)
    blocks = (
        Heading(text="Heading", level=1),
        Paragraph(long),
        Points((long,)),
        Facts((Fact(label="label", value=long), Fact(label="exact", value="f" * 6000, exact=True))),
        Quote(long),
        Grid(columns=("a", "b"), widths=(1, 3), rows=tuple((str(n), "x") for n in range(100))),
    )
    text = " ".join(pages_of(pdf_of(paper(*blocks), NOON)))
    for number in (0, 1, 299, 598, 599):
        assert text.count(f"sentence{number}.") == 4
    assert text.count("f") >= 6000
