"""Answers of a `$batch`, as Dataverse writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.dataverse_answers import AnswerUnreadable, read_answers
from tests.dataverse.test_dataverse_batch import crlf

DOCUMENTED = """\
--batchresponse_f27ef42d
Content-Type: multipart/mixed; boundary=changesetresponse_64cc3fff

--changesetresponse_64cc3fff
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 1

HTTP/1.1 204 No Content
OData-Version: 4.0
Location:https://contoso.example/api/data/v9.2/tasks(e73ffc82-e292-ed11-aad1-000d3a9933c9)
OData-EntityId: https://contoso.example/api/data/v9.2/tasks(e73ffc82-e292-ed11-aad1-000d3a9933c9)


--changesetresponse_64cc3fff
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 2

HTTP/1.1 204 No Content
OData-Version: 4.0


--changesetresponse_64cc3fff--
--batchresponse_f27ef42d
Content-Type: application/http
Content-Transfer-Encoding: binary

HTTP/1.1 200 OK
Content-Type: application/json; odata.metadata=minimal; odata.streaming=true
OData-Version: 4.0

{
  "value": [
    {"subject": "Größe: \u2028 yes"}
  ]
}
--batchresponse_f27ef42d--

"""


@pytest.mark.parametrize("text", [crlf(DOCUMENTED), DOCUMENTED.encode()], ids=["CRLF", "LF"])
def test_reads_the_documented_answer(text: bytes) -> None:
    first, second, third = read_answers("multipart/mixed; boundary=batchresponse_f27ef42d", text)
    assert (first.status, second.status, third.status) == (204, 204, 200)
    assert first.body == b""
    assert first.headers["location"].endswith("/tasks(e73ffc82-e292-ed11-aad1-000d3a9933c9)")
    assert third.json() == {"value": [{"subject": "Größe: \u2028 yes"}]}


def test_reads_the_one_failure_of_a_change_set() -> None:
    text = crlf(
        """\
--b
Content-Type: multipart/mixed; boundary=c

--c
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 2

HTTP/1.1 429 Too Many Requests
REQ_ID: 5ecd1cb3-1730-4ffc-909c-d44c22270026
Retry-After: 12
Content-Type: application/json; odata.metadata=minimal

{"error":{"code":"0x80072322","message":"Number of requests exceeded"}}
--c--
--b--
"""
    )
    (answer,) = read_answers('multipart/mixed; boundary="b"', text)
    assert (answer.status, answer.succeeded) == (429, False)
    assert answer.headers["retry-after"] == "12"
    assert answer.json()["error"]["code"] == "0x80072322"


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("text/html", "<h1>Sign in</h1>"),
        ("multipart/mixed", "no boundary"),
        ("multipart/mixed; boundary=b", "no parts"),
        ("multipart/mixed; boundary=b", "--b\n\nnot http\n--b--\n"),
        ("multipart/mixed; boundary=b", "--b\n\nHTTP/1.1 fine\n--b--\n"),
        ("multipart/mixed; boundary=b", "--b\n\n\n--b--\n"),
    ],
)
def test_refuses_what_is_no_answer(content_type: str, text: str) -> None:
    with pytest.raises(AnswerUnreadable):
        read_answers(content_type, crlf(text))


@pytest.mark.parametrize(
    "text",
    [
        "--b\n\nHTTP/1.1 204 No Content\n\n",
        "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nHTTP/1.1 204 OK\n\n--b--\n",
        "--b-\n\nHTTP/1.1 204 No Content\n\n--b-c--\n",
    ],
    ids=["cut off", "change set cut off", "another boundary"],
)
def test_refuses_what_lost_its_end(text: str) -> None:
    with pytest.raises(AnswerUnreadable, match="without its end"):
        read_answers("multipart/mixed; boundary=b", crlf(text))


def test_what_stands_around_the_parts_is_nothing() -> None:
    text = "before\n--b\n\nHTTP/1.1 404\nA:  b \n\n --b-- \n--b--\nafter\n--b\n\nHTTP/1.1 200 OK\n"
    (answer,) = read_answers("Multipart/Mixed; charset=utf-8; BOUNDARY=b", crlf(text))
    assert (answer.status, answer.headers, answer.body) == (404, {"a": "b"}, b"--b--")


WORDS = st.text("abcXYZ019 -_;=/(){}:.", max_size=20).map(str.strip)
ANSWERS = st.lists(
    st.tuples(
        st.integers(200, 599),
        st.dictionaries(st.text("abcXYZ-", min_size=1, max_size=8), WORDS, max_size=3),
        st.text("abü{}\n\r-:", max_size=30),
    ),
    min_size=1,
    max_size=4,
)


@given(ANSWERS)
def test_it_finds_what_was_written(answers: list[tuple[int, dict[str, str], str]]) -> None:
    boundary = "batchresponse_5ecd1cb3"
    parts = "".join(
        f"--{boundary}\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {status} Said\r\n"
        + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        + f"\r\n{body}\r\n"
        for status, headers, body in answers
    )
    text = f"{parts}--{boundary}--\r\n".encode()
    found = read_answers(f"multipart/mixed; boundary={boundary}", text)
    assert [(each.status, each.headers, each.body) for each in found] == [
        (
            status,
            {name.lower(): value for name, value in headers.items()},
            body.encode().strip(),
        )
        for status, headers, body in answers
    ]
