"""Literals and encoding of OData queries."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from shared.adapters.dataverse_query import any_of, query, row, text


def test_a_quote_inside_a_text_is_doubled() -> None:
    assert text("o'neil") == "'o''neil'"


@pytest.mark.parametrize("value", ["a+b&c#d=e?f%25 g", "用户@例子.广告", "line\r\nbreak", "$top=1"])
def test_every_character_arrives(value: str) -> None:
    path = query("contacts", filter=f"x eq {text(value)}", top="2")
    assert path.isascii()
    assert not set(path) & set(" \r\n#+")
    parts = urlsplit(path)
    assert parts.path == "contacts"
    assert parse_qsl(parts.query) == [("$filter", f"x eq {text(value)}"), ("$top", "2")]


def test_any_of_names_each_id() -> None:
    assert any_of("contactid", ["1", "2"]) == "contactid eq 1 or contactid eq 2"


def test_a_row_is_addressed_by_its_id() -> None:
    assert row("contacts", "1") == "contacts(1)"
