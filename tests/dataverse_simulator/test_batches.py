"""`$batch`: change sets, references, order of errors, and the text format."""

import email
import json
from collections.abc import Mapping, Sequence
from email.message import Message
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.dataverse_simulator.client import CONSENT, NOBODY, Api, refusal
from tests.dataverse_simulator.test_metadata_and_triggers import SIGNAL

CONSENTS = "msdynmkt_contactpointconsent4s"
TOO_LONG = {"lastname": "x" * 51}
Inner = tuple[str, str, Any]
"""Method, URL, body of one operation."""


def http_text(operation: Inner, **headers: str) -> str:
    method, url, body = operation
    lines = [f"{method} {url} HTTP/1.1", "Content-Type: application/json; type=entry"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines) + "\r\n\r\n" + ("" if body is None else json.dumps(body, indent=1))


def part(text: str, content_id: str = "") -> str:
    marked = f"Content-ID: {content_id}\r\n" if content_id else ""
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
    return f"{head}{marked}\r\n{text}"


def multipart(boundary: str, parts: Sequence[str]) -> str:
    return "".join(f"--{boundary}\r\n{one}\r\n" for one in parts) + f"--{boundary}--\r\n"


def change_set(*operations: Inner, name: str = "changeset_1") -> str:
    parts = [part(http_text(each), str(number)) for number, each in enumerate(operations, 1)]
    return f"Content-Type: multipart/mixed; boundary={name}\r\n\r\n{multipart(name, parts)}"


def send(api: Api, *parts: str, text: str = "", prefer: str = "") -> requests.Response:
    headers = {"Content-Type": 'multipart/mixed; boundary="batch_1"', "OData-Version": "4.0"}
    if prefer:
        headers["Prefer"] = prefer
    body = (text or multipart("batch_1", parts)).encode()
    return api.session.post(f"{api.root}$batch", data=body, headers=headers, timeout=20)


def read(answer: requests.Response) -> list[Any]:
    """The parts: (content id, status, headers, body), a change set as a list of them."""
    head = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode()
    return _parts(email.message_from_bytes(head + answer.content))


def _parts(message: Message) -> list[Any]:
    found: list[Any] = []
    for piece in message.get_payload():
        assert isinstance(piece, Message)
        if piece.is_multipart():
            found.append(_parts(piece))
            continue
        text = piece.get_payload(decode=True)
        assert isinstance(text, bytes)
        top, _, body = text.decode().replace("\r\n", "\n").partition("\n\n")
        status, *lines = top.split("\n")
        headers: Mapping[str, str] = dict(line.split(": ", 1) for line in lines)
        parsed = json.loads(body) if body.strip() else None
        found.append((piece["Content-ID"], int(status.split()[1]), headers, parsed))
    return found


def test_contact_and_consents_in_one_change_set(api: Api) -> None:
    contact = str(uuid4())
    answer = send(
        api,
        change_set(
            ("PATCH", f"{api.root}contacts({contact})", {"lastname": "X"}),
            ("POST", f"/api/data/v9.2/{CONSENTS}", CONSENT),
            ("POST", CONSENTS, CONSENT),
        ),
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("multipart/mixed; boundary=batchresponse_")
    ((first, second, third),) = read(answer)
    assert [one[:2] for one in (first, second, third)] == [("1", 204), ("2", 204), ("3", 204)]
    assert first[2]["OData-EntityId"] == f"{api.root}contacts({contact})"
    assert len(api.values(CONSENTS)) == 2


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_change_set_is_all_or_nothing(api: Api, wrong: int) -> None:
    kept = api.create("contacts", {"lastname": "Before", "new_registrationid": "k"})
    operations: list[Inner] = [
        ("PATCH", f"contacts({kept})", {"lastname": "After", "new_registrationid": "l"}),
        ("POST", CONSENTS, CONSENT),
        ("POST", "msdynmkt_doiconfirmed_1234567", SIGNAL),
    ]
    operations.insert(wrong, ("POST", "contacts", TOO_LONG))
    answer = send(api, change_set(*operations))
    assert answer.status_code == 400
    (((content_id, status, _, body),),) = read(answer)
    assert (content_id, status) == (str(wrong + 1), 400)
    assert body["error"]["code"] == "0x80044331"
    state = api.state()
    assert state["tables"][CONSENTS] == []
    assert state["triggers"] == []
    assert [row["lastname"] for row in state["tables"]["contacts"]] == ["Before"]
    assert api.values("contacts", filter="new_registrationid eq 'l'") == []
    assert len(api.values("contacts", filter="new_registrationid eq 'k'")) == 1


def test_deleted_rows_come_back_when_the_change_set_fails(api: Api) -> None:
    contact = api.create("contacts", {})
    bound = {"new_registrationid": "r", "new_ContactId@odata.bind": f"/contacts({contact})"}
    api.create("new_doiregistrations", bound)
    operations = (("DELETE", f"contacts({contact})", None), ("POST", "contacts", TOO_LONG))
    assert send(api, change_set(*operations)).status_code == 400
    assert api.call("GET", f"contacts({contact})").status_code == 200
    assert api.values("new_doiregistrations")[0]["_new_contactid_value"] == contact


def test_references_to_earlier_rows(api: Api) -> None:
    answer = send(
        api,
        change_set(
            ("POST", "contacts", {"lastname": "X"}),
            ("POST", "new_doiregistrations", {"new_registrationid": "r"}),
            ("PATCH", "$2", {"new_ContactId@odata.bind": "$1"}),
            ("PUT", "$1/lastname", {"value": "Y"}),
        ),
    )
    assert answer.status_code == 200
    contact = api.values("contacts")[0]
    assert contact["lastname"] == "Y"
    assert api.values("new_doiregistrations")[0]["_new_contactid_value"] == contact["contactid"]


def test_reference_before_its_declaration_is_refused(api: Api) -> None:
    bound = {"new_registrationid": "r", "new_ContactId@odata.bind": "$2"}
    early: Inner = ("POST", "new_doiregistrations", bound)
    answer = send(api, change_set(early, ("POST", "contacts", {})))
    assert answer.status_code == 400
    assert "Content-ID Reference: '$2' does not exist" in answer.text
    assert api.values("contacts") == []


def test_get_works_outside_change_sets_only(api: Api) -> None:
    write: Inner = ("POST", "contacts", {"lastname": "X"})
    get: Inner = ("GET", "/api/data/v9.2/contacts?$select=lastname", None)
    answer = send(api, change_set(write), part(http_text(get)))
    assert answer.status_code == 200
    change, (_, status, _, body) = read(answer)
    assert change[0][1] == 204
    assert (status, [row["lastname"] for row in body["value"]]) == (200, ["X"])
    assert send(api, change_set(write, get)).status_code == 400
    assert len(api.values("contacts")) == 1


def test_first_error_ends_the_batch_with_its_status(api: Api) -> None:
    fine = part(http_text(("POST", "contacts", {"lastname": "fine"})))
    missing = part(http_text(("GET", f"contacts({NOBODY})", None)))
    answer = send(api, fine, missing, fine)
    assert answer.status_code == 404
    assert [status for _, status, _, _ in read(answer)] == [204, 404]
    assert len(api.values("contacts")) == 1


def test_continue_on_error_goes_on(api: Api) -> None:
    wrong: Inner = ("POST", "contacts", TOO_LONG)
    fine: Inner = ("POST", "contacts", {"lastname": "fine"})
    parts = (change_set(fine, wrong, name="c1"), part(http_text(fine)), part(http_text(wrong)))
    answer = send(api, *parts, prefer="odata.continue-on-error")
    assert answer.status_code == 200
    change, second, third = read(answer)
    assert [one[:2] for one in change] == [("2", 400)]
    assert (second[1], third[1]) == (204, 400)
    assert len(api.values("contacts")) == 1


def test_headers_of_an_operation_count(api: Api) -> None:
    update = http_text(("PATCH", f"contacts({NOBODY})", {}), **{"If-Match": "*"})
    assert send(api, part(update)).status_code == 404
    create = http_text(
        ("POST", "contacts?$select=lastname", {"lastname": "X"}), Prefer="return=representation"
    )
    ((_, status, _, body),) = read(send(api, part(create)))
    assert (status, body["lastname"]) == (201, "X")


def test_at_most_a_thousand_operations(api: Api) -> None:
    one: Inner = ("POST", "contacts", {})
    assert send(api, change_set(*[one] * 1001)).status_code == 400
    assert api.values("contacts") == []
    assert send(api, change_set(*[one] * 1000)).status_code == 200
    assert api.call("GET", "contacts/$count").text == "1000"


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.removesuffix("\r\n"),
        lambda text: text.replace("--batch_1--", ""),
        lambda text: text.replace("--batch_1", "--batch_2"),
        lambda text: text.replace("Content-Transfer-Encoding: binary\r\n", ""),
        lambda text: text.replace("application/http", "text/plain"),
        lambda text: text.replace("POST contacts HTTP/1.1", "POST contacts"),
        lambda text: text.replace("Content-ID: 2", "Content-ID: 1"),
        lambda text: text.replace("POST contacts", "POST https://elsewhere.example/contacts"),
        lambda text: text.replace("POST contacts", "POST $batch"),
    ],
)
def test_damaged_batches_change_nothing(api: Api, damage: Any) -> None:
    one: Inner = ("POST", "contacts", {"lastname": "X"})
    whole = multipart("batch_1", [change_set(one, one)])
    assert send(api, text=damage(whole)).status_code == 400
    assert api.values("contacts") == []
    assert send(api, text=whole).status_code == 200


def test_batch_needs_post_and_multipart(api: Api) -> None:
    assert refusal(api.call("POST", "$batch", {}))[0] == 400
    assert refusal(api.call("GET", "$batch"))[0] == 405
