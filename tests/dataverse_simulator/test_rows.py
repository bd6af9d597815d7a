"""Create, read, upsert, delete, and what guards them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.dataverse_simulator.client import (
    COMMERCIAL,
    CONSENT,
    NEWSLETTER,
    NOBODY,
    Api,
    refusal,
)
from tests.dataverse_simulator.conftest import SteppedClock

REPRESENTATION = {"Prefer": "return=representation"}


def test_create_gives_the_address_of_the_row(api: Api) -> None:
    answer = api.call("POST", "contacts", {"firstname": "Änne", "lastname": "O'Neil"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["OData-Version"] == "4.0"
    address = answer.headers["OData-EntityId"]
    assert address.startswith(f"{api.root}contacts(")
    row = api.session.get(address, timeout=20).json()
    assert (row["firstname"], row["fullname"]) == ("Änne", "Änne O'Neil")
    assert row["statecode"] == 0
    assert row["donotbulkemail"] is False


def test_create_with_representation_answers_201(api: Api) -> None:
    answer = api.call(
        "POST", "contacts", {"lastname": "X"}, headers=REPRESENTATION, select="lastname"
    )
    assert answer.status_code == 201
    assert answer.headers["Preference-Applied"] == "return=representation"
    body = answer.json()
    assert set(body) == {"@odata.context", "@odata.etag", "contactid", "lastname"}
    assert answer.headers["ETag"] == body["@odata.etag"]


def test_client_may_choose_the_id_once(api: Api) -> None:
    chosen = str(uuid4())
    assert api.create("contacts", {"contactid": chosen.upper(), "lastname": "X"}) == chosen
    answer = api.call("POST", "contacts", {"contactid": chosen, "lastname": "Y"})
    assert refusal(answer) == (
        412,
        "0x80040237",
        "A record with matching key values already exists.",
    )
    assert api.call("GET", f"contacts({chosen})").json()["lastname"] == "X"


def test_upsert_by_id_creates_then_updates(api: Api) -> None:
    path = f"contacts({uuid4()})"
    created = api.call("PATCH", path, {"lastname": "X"})
    updated = api.call("PATCH", path, {"firstname": "A"})
    assert (created.status_code, updated.status_code) == (204, 204)
    assert updated.headers["OData-EntityId"] == api.root + path
    row = api.call("GET", path).json()
    assert (row["firstname"], row["lastname"]) == ("A", "X")


def test_upsert_by_alternate_key(api: Api) -> None:
    path = "contacts(new_registrationid='r-1')"
    created = api.call("PATCH", path, {"lastname": "X"}, headers=REPRESENTATION, select="contactid")
    assert created.status_code == 201
    updated = api.call("PATCH", path, {"lastname": "Y"}, headers=REPRESENTATION, select="contactid")
    assert updated.status_code == 200
    assert created.json()["contactid"] == updated.json()["contactid"]
    plain = api.call("PATCH", path, {"lastname": "Z"})
    assert plain.headers["OData-EntityId"] == api.root + path
    found = api.call("GET", path).json()
    assert (found["new_registrationid"], found["lastname"]) == ("r-1", "Z")


def test_key_values_in_the_body_count_only_on_create(api: Api) -> None:
    api.call("PATCH", "contacts(new_registrationid='u')", {"new_registrationid": "b"})
    assert api.values("contacts")[0]["new_registrationid"] == "b"
    api.call("PATCH", "contacts(new_registrationid='b')", {"new_registrationid": "c"})
    assert api.values("contacts")[0]["new_registrationid"] == "b"


def test_alternate_key_is_unique(api: Api) -> None:
    api.create("contacts", {"new_registrationid": "r-1"})
    second = api.create("contacts", {"new_registrationid": "r-2"})
    for answer in (
        api.call("POST", "contacts", {"new_registrationid": "R-1"}),
        api.call("PATCH", f"contacts({second})", {"new_registrationid": "r-1"}),
    ):
        assert refusal(answer)[:2] == (412, "0x80060892")
    api.create("contacts", {})
    api.create("contacts", {})  # without a key value there is no uniqueness


@pytest.mark.parametrize("character", "/<>*%&:\\?+")
def test_some_characters_do_not_work_in_keys(api: Api, character: str) -> None:
    encoded = f"%{ord(character):02X}"
    answer = api.call("GET", f"contacts(new_registrationid='a{encoded}b')")
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["code"] != "0x80060891"


@pytest.mark.parametrize(
    "key", ["lastname='X'", "nope='X'", "new_registrationid", "new_registrationid='a'x", "12"]
)
def test_what_is_no_key_is_refused(api: Api, key: str) -> None:
    assert refusal(api.call("GET", f"contacts({key})"))[0] == 400


def test_missing_rows(api: Api) -> None:
    by_id = refusal(api.call("GET", f"contacts({NOBODY})"))
    assert by_id == (404, "0x80040217", f"Entity 'contact' With Id = {NOBODY} Does Not Exist")
    by_key = refusal(api.call("GET", "contacts(new_registrationid='none')"))
    assert by_key[:2] == (404, "0x80060891")
    assert refusal(api.call("DELETE", f"contacts({NOBODY})"))[0] == 404
    assert refusal(api.call("GET", "Contacts"))[:2] == (404, "0x8006088a")


def test_if_match_star_updates_only(api: Api) -> None:
    headers = {"If-Match": "*"}
    answer = api.call("PATCH", f"contacts({NOBODY})", {"lastname": "X"}, headers=headers)
    assert refusal(answer)[0] == 404
    answer = api.call("PATCH", "contacts(new_registrationid='n')", {}, headers=headers)
    assert refusal(answer)[0] == 404
    assert api.values("contacts") == []
    row = api.create("contacts", {})
    answer = api.call("PATCH", f"contacts({row})", {"lastname": "X"}, headers=headers)
    assert answer.status_code == 204


def test_if_none_match_star_creates_only(api: Api) -> None:
    headers = {"If-None-Match": "*"}
    path = f"contacts({uuid4()})"
    assert api.call("PATCH", path, {"lastname": "X"}, headers=headers).status_code == 204
    answer = api.call("PATCH", path, {"lastname": "Y"}, headers=headers)
    assert refusal(answer)[:2] == (412, "0x80040237")
    assert api.call("PATCH", path, {}, headers={"If-None-Match": "null"}).status_code == 204
    assert api.call("GET", path).json()["lastname"] == "X"


def test_stale_etag_is_412(api: Api) -> None:
    path = f"contacts({api.create('contacts', {})})"
    before = {"If-Match": api.call("GET", path).headers["ETag"]}
    assert api.call("PATCH", path, {"lastname": "X"}, headers=before).status_code == 204
    for method in ("PATCH", "DELETE"):
        answer = api.call(method, path, {"lastname": "Y"}, headers=before)
        assert refusal(answer)[:2] == (412, "0x80060882")
    now = {"If-Match": api.call("GET", path).headers["ETag"]}
    assert api.call("DELETE", path, headers=now).status_code == 204
    assert api.call("GET", path).status_code == 404


def test_unchanged_row_is_304(api: Api) -> None:
    path = f"contacts({api.create('contacts', {})})"
    etag = api.call("GET", path).headers["ETag"]
    assert api.call("GET", path, headers={"If-None-Match": etag}).status_code == 304
    api.call("PATCH", path, {"lastname": "X"})
    assert api.call("GET", path, headers={"If-None-Match": etag}).status_code == 200


def test_single_property(api: Api) -> None:
    path = f"contacts({api.create('contacts', {'lastname': 'X'})})/lastname"
    assert api.call("GET", path).json()["value"] == "X"
    assert api.call("PUT", path, {"value": "Y"}).status_code == 204
    assert api.call("GET", path).json()["value"] == "Y"
    assert api.call("DELETE", path).status_code == 204
    assert api.call("GET", path).status_code == 204
    assert refusal(api.call("PUT", path, {"lastname": "Z"}))[0] == 400


def test_dataverse_keeps_its_own_columns(api: Api, clock: SteppedClock) -> None:
    written = {"lastname": "X", "createdon": "2001-01-01T00:00:00Z", "fullname": "Somebody"}
    path = f"contacts({api.create('contacts', written)})"
    created = api.call("GET", path).json()
    assert created["createdon"] == clock.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert created["fullname"] == "X"
    clock.moment += timedelta(seconds=5)
    api.call("PATCH", path, {"modifiedon": "2001-01-01T00:00:00Z"})
    changed = api.call("GET", path).json()
    assert changed["createdon"] == created["createdon"]
    assert changed["modifiedon"] == clock.moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_consent_with_purpose_and_topic(api: Api) -> None:
    topic = {
        "msdynmkt_contactpointconsenttype": 534120001,
        "msdynmkt_topicId@odata.bind": f"{api.root}msdynmkt_topics({NEWSLETTER})",
    }
    row = api.create("msdynmkt_contactpointconsent4s", {**CONSENT, **topic})
    found = api.call("GET", f"msdynmkt_contactpointconsent4s({row})").json()
    assert found["_msdynmkt_purposeid_value"] == COMMERCIAL
    assert found["_msdynmkt_topicid_value"] == NEWSLETTER


def test_lookup_is_emptied_by_null_and_by_deleting_its_target(api: Api) -> None:
    contact = api.create("contacts", {"new_registrationid": "r"})
    bind = {"new_ContactId@odata.bind": "/contacts(new_registrationid='r')"}
    path = f"new_doiregistrations({api.create('new_doiregistrations', bind | ROW)})"
    assert api.call("GET", path).json()["_new_contactid_value"] == contact
    api.call("DELETE", f"contacts({contact})")
    assert api.call("GET", path).json()["_new_contactid_value"] is None
    other = api.create("contacts", {})
    api.call("PATCH", path, {"new_ContactId@odata.bind": f"contacts({other})"})
    assert api.call("GET", path).json()["_new_contactid_value"] == other
    api.call("PATCH", path, {"new_ContactId@odata.bind": None})
    assert api.call("GET", path).json()["_new_contactid_value"] is None


ROW = {"new_registrationid": "r"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "msdynmkt_purposes"),
        ("PATCH", f"msdynmkt_purposes({COMMERCIAL})"),
        ("DELETE", f"msdynmkt_topics({NEWSLETTER})"),
        ("POST", "customapis"),
    ],
)
def test_role_may_not_write_what_cij_owns(application: Api, method: str, path: str) -> None:
    assert refusal(application.call(method, path, {}))[:2] == (403, "0x80040220")


@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", "contacts"), ("DELETE", "contacts"), ("POST", "contacts({})")]
)
def test_wrong_method_is_405(api: Api, method: str, path: str) -> None:
    row = api.create("contacts", {})
    assert refusal(api.call(method, path.format(row), {}))[0] == 405
