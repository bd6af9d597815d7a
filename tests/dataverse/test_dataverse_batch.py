"""The text of a `$batch`, compared with the examples of Microsoft's documentation."""

import pytest

from shared.adapters.dataverse_batch import (
    AnswerUnreadable,
    Operation,
    read_answers,
    write_change_set,
    write_queries,
)


def crlf(text: str) -> bytes:
    """The text as it goes over the wire."""
    return text.replace("\n", "\r\n").encode()


def test_writes_queries_outside_of_change_sets() -> None:
    assert write_queries(["contacts?$top=1", "accounts"], "b1") == crlf(
        """\
--b1
Content-Type: application/http
Content-Transfer-Encoding: binary

GET /api/data/v9.2/contacts?$top=1 HTTP/1.1


--b1
Content-Type: application/http
Content-Transfer-Encoding: binary

GET /api/data/v9.2/accounts HTTP/1.1


--b1--
"""
    )


def test_writes_one_change_set_with_content_ids_and_ascii_bodies() -> None:
    operations = [
        Operation(
            method="PATCH",
            path="contacts(1)",
            headers={"If-Match": "*"},
            body={"firstname": "Jürgen\r\n--b1--"},
        ),
        Operation(method="DELETE", path="contacts(2)"),
    ]
    assert write_change_set(operations, "b1") == crlf(
        """\
--b1
Content-Type: multipart/mixed; boundary="changeset_b1"

--changeset_b1
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 1

PATCH /api/data/v9.2/contacts(1) HTTP/1.1
If-Match: *
Content-Type: application/json

{"firstname": "J\\u00fcrgen\\r\\n--b1--"}
--changeset_b1
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 2

DELETE /api/data/v9.2/contacts(2) HTTP/1.1


--changeset_b1--

--b1--
"""
    )


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
