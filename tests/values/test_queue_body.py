"""Both ways in which a queue message's text may hold a body."""

import base64

import pytest

from shared.values.queue_body import body_in

BODIES = [b'{"version": 1}', '{"name": "Jürgen 😀"}'.encode(), b' \r\n {"a": 1}\n']


@pytest.mark.parametrize("body", BODIES)
def test_json_is_handed_on_as_it_is(body: bytes) -> None:
    assert body_in(body) == body


@pytest.mark.parametrize("body", [*BODIES, b"", b"\xff\xfe\x00", b"hello"])
def test_base64_is_decoded_once(body: bytes) -> None:
    assert body_in(base64.b64encode(body)) == body
    assert body_in(base64.encodebytes(body)) == body  # .NET allows line breaks, too


@pytest.mark.parametrize(
    "text",
    [b"<hello>", b"hello", b'["a"]', b"anna@example.com", b"YWJj*", b"e30===", "{ä".encode()],
)
def test_what_is_neither_is_handed_on_for_the_parser_to_refuse(text: bytes) -> None:
    assert body_in(text) == text
