"""Free text: names of every script pass, what could forge a header or advertise does not."""

import pytest

from tests.values.one_field import answered, refused


@pytest.mark.parametrize(
    "name",
    [
        "Anna",
        "Jean-Luc d’Artagnan",  # noqa: RUF001 - the apostrophe of French keyboards
        "O'Neil",
        "J. R. R. Tolkien",
        "María José Carreño Quiñones",
        "Đặng Thị Ngọc",
        "Łukasz Żółć",
        "Þórður Ægisson",
        "Σωκράτης",
        "Владимир",
        "Քրիստինե",
        "გიორგი",
        "מרים כהן",
        "محمد عبد الله",
        "نی‌لوفر",  # with a zero-width non-joiner, as Persian needs it
        "प्रिया",
        "ක්‍රිෂාන්",  # with a zero-width joiner, as Sinhala needs it
        "ณัฐวุฒิ",
        "አበበ",
        "김민수",
        "山田太郎",
        "𠮷田",  # beyond the basic plane
        "\U0002ebf0明",  # newer than the Unicode of Python 3.11, made for names
        "ᏣᎳᎩ",
        "𞤀𞤣𞤤𞤢𞤥",
        "N'Golo 👩‍💻",
        "null",
        "= 1 + 1",
        "Robert'); DROP TABLE contacts;--",
        "{{7*7}}",
        "%s %n",
        "Dr. med. A. B.",
        "AT&T",
    ],
)
def test_names_of_every_script_are_kept_as_typed(name: str) -> None:
    assert answered(name, "text") == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna  ", "Anna"),
        ("\u3000山田\u00a0", "山田"),  # the wide space of Japanese keyboards
        ("Ame\u0301lie", "Amélie"),  # one letter, however the keyboard writes it (NFC)
        ("ﬁ Ⅷ ½", "ﬁ Ⅷ ½"),  # nothing is replaced by what only looks alike (not NFKC)
        ("", None),
        ("   ", None),
        ("\u00a0", None),
        (None, None),
    ],
)
def test_the_normal_form(typed: str | None, kept: str | None) -> None:
    assert answered(typed, "text") == kept


@pytest.mark.parametrize("typed", ["", "  ", "\u3000", None])
def test_a_required_answer_needs_more_than_space(typed: str | None) -> None:
    assert refused(typed, "text", required=True) == ("required", None)


@pytest.mark.parametrize(
    "typed",
    [
        "Anna\r\nBcc: everybody@example.com",
        "Anna\nBcc: everybody@example.com",
        "Anna\rBcc",
        "Anna\n",
        "\r\nAnna",
        "Anna\u2028Bcc",
        "Anna\u2029Bcc",
        "Anna\x85Bcc",
    ],
)
def test_a_line_break_could_forge_a_header(typed: str) -> None:
    assert refused(typed, "text") == ("line_break", None)


@pytest.mark.parametrize(
    "typed",
    [
        "An\x00na",
        "An\x08na",
        "An\x1b[31mna",
        "An\x7fna",
        "An\x9bna",
        "An\x0bna",
        "An\ud800na",  # half a character, from JSON's \ud800
        "An\ufffena",
        "An\ufdd0na",
        "An\U0001ffffna",
        "An\u202ena",  # would be read from right to left
        "An\u202ana",
        "An\u2066na",
        "An\u2069na",
    ],
)
@pytest.mark.parametrize("multiline", [False, True])
def test_what_is_no_character_of_a_text(typed: str, multiline: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert refused(typed, "text", multiline=multiline) == ("control_character", None)


def test_a_tab_is_a_space_in_a_longer_text_and_refused_in_a_name() -> None:
    assert answered("one\ttwo", "text", multiline=True) == "one two"
    assert refused("An\tna", "text") == ("control_character", None)


@pytest.mark.parametrize(
    "typed",
    [
        "https://spam.example",
        "Anna https://spam.example/win",
        "HTTP://SPAM.EXAMPLE",
        "ftp://spam.example",
        "//x://y",
        "www.spam.example",
        "Visit WWW.spam.example",
        "spam.example/win",
        "mailto:a@b.example",
    ],
)
def test_a_name_carries_no_address_of_a_website(typed: str) -> None:
    assert refused(typed, "text") == ("url", None)
    assert answered(typed, "text", allowUrls=True) == typed


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "a < b", "x>y", "<b>", "<"])
def test_a_name_carries_no_markup(typed: str) -> None:
    assert refused(typed, "text") == ("markup", None)
    assert answered(typed, "text", allowUrls=True) == typed


@pytest.mark.parametrize("raw", [1, 1.5, True, False, ["Anna"], {"a": 1}, {}, float("inf")])
def test_a_text_is_a_text(raw: object) -> None:
    assert refused(raw, "text") == ("wrong_type", None)


def test_length_is_counted_as_dataverse_and_html_count_it() -> None:
    assert answered("𠮷" * 25, "text", maxLength=50) == "𠮷" * 25  # two UTF-16 units each
    assert refused("𠮷" * 26, "text", maxLength=50) == ("too_long", 50)
    assert refused("x" * 51, "text", maxLength=50) == ("too_long", 50)
    assert refused("x" * 5000, "text") == ("too_long", 100)
    assert refused("https://" + "x" * 5000, "text") == ("too_long", 100)
    assert answered(" " * 500 + "x" * 50, "text", maxLength=50) == "x" * 50
    assert refused("a\u0323\u0307" * 8000, "text", maxLength=50) == ("too_long", 4000)


def test_a_minimum_holds_for_what_is_typed() -> None:
    assert answered("xx", "text", minLength=2) == "xx"
    assert refused("x", "text", minLength=2) == ("too_short", 2)
    assert answered("", "text", minLength=2) is None
    assert refused("", "text", minLength=2, required=True) == ("required", None)


@pytest.mark.parametrize(
    ("typed", "matches"),
    [("ab-1", True), ("ab-1\u00e9", False), ("xab-1", False), ("ab-1x", False)],
)
def test_a_pattern_holds_for_the_whole_answer(typed: str, matches: bool) -> None:  # noqa: FBT001 - a parameter of the test
    pattern = "[ab]{2}-[0-9]"
    if matches:
        assert answered(typed, "text", pattern=pattern) == typed
    else:
        assert refused(typed, "text", pattern=pattern) == ("pattern", None)


@pytest.mark.parametrize("typed", ["First\r\nsecond", "First\nsecond", "\nFirst\nsecond\r\n"])
def test_several_lines_are_kept_with_plain_line_ends(typed: str) -> None:
    assert answered(typed, "text", multiline=True) == "First\nsecond"


@pytest.mark.parametrize("typed", ["First\rsecond", "First\u2028second", "First\x85second"])
def test_no_other_line_ends(typed: str) -> None:
    assert refused(typed, "text", multiline=True) == ("line_break", None)
