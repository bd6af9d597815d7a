"""The text of a `$batch`, compared with the examples of Microsoft's documentation."""

from shared.adapters.dataverse_batch import Operation, write_change_set, write_queries


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
