"""Hostile texts in every field of a register call, followed down to the bytes that leave us.

Whatever is accepted has to arrive in Dataverse as it was typed, and nowhere else: nothing of it
stands in the mail, no header, line, part, operation or query is forged.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from urllib.parse import unquote

import azure.functions as func
import pytest
import requests
from bs4 import BeautifulSoup

from local.dataverse_simulator import RunningDataverse
from shared.values.email_address import wire_address
from tests.dataverse.worlds import SteppingClock
from tests.endpoints.calls import documented, json_of, post_form, post_json
from tests.fuzz.received import ReadMail, read_batch, read_mail
from tests.fuzz.wire import Kept, Wire, wire
from tests.properties.strategies import NASTY

REGISTER = "/forms/{form}/registrations"
ACCEPTED = (202, 303)
REFUSED = (400, 413, 422)
GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NUMBERS = count(1)

# Words for people, but not for parsers.
HARMLESS = [
    "O'Hara ''; --",
    'Anna "the \\ best"',
    "Zoë Ólafsdóttir 名前 नमस्ते Ñandú",
    "أحمد بن محمد",
    "e" + "\u0301" * 30,
    "👩‍👩‍👧‍👦 🏴",
    "\u200bAnna\u200d",
    "%0d%0aBcc: evil%40example.net",
    "\\r\\nBcc: evil at example.net",
    "=?utf-8?q?forged=0d=0aBcc:?=",
    "&lt;b&gt; &amp; {{ 7*7 }} ${x} $filter=1 eq 1",
    "--batch_1",
    "null",
    "' or statecode eq 1 or '",
]
TEXTS = [*HARMLESS, *NASTY, *(f"Anna{nasty}Lee" for nasty in NASTY)]
# Allowed, and somebody has one.
UNUSUAL = [
    "o'hara@example.com",
    "'or'1'eq'1@example.com",
    "a{b}|c&d$e%0d%0abcc@example.com",
    "a/b?c=d#e@example.com",
    "$metadata@example.com",
    "ünï.çødé@bücher.example",
    "用户@例え.example",
    "anna+tag@gmail.com",
    "a" * 64 + "@example.com",
]
ADDRESSES = [
    *UNUSUAL,
    *(f"anna{nasty}@example.com" for nasty in NASTY),
    *(f"anna@{nasty}.example.com" for nasty in NASTY),
    "anna@example.com, evil@example.net",
    "anna@example.com\nBcc: evil@example.net",
    "Anna <anna@example.com>",
    '"anna\\"@evil.example.net"@example.com',
    "anna@[127.0.0.1]",
    # Well-formed, but there are mail servers that read x@example.com or another domain here.
    "=?utf-8?q?x?=@example.com",
    "=?utf-8?q?anna=40evil.example.net=3e=20?=@example.com",
    "anna@example.com>\r\nRCPT TO:<evil@example.net",
]
FIELDS: Mapping[str, Any] = {
    "firstName": "Anna",
    "lastName": "Lee",
    "companySize": "small",
    "asset": "consent",
    "interests": ["consent", "journeys"],
}
TYPED = ["firstName", "lastName", "jobTitle", "phone", "projectStart", "message", "asset"]
CHOSEN = ["companySize", "interests", "existingCustomer"]
COLUMNS = {
    "firstName": "firstname",
    "lastName": "lastname",
    "jobTitle": "jobtitle",
    "phone": "telephone1",
    "projectStart": "new_projectstart",
    "message": "description",
    "asset": "new_assetid",
}


@pytest.fixture(scope="module")
def app() -> Iterator[Wire]:
    with RunningDataverse(now=SteppingClock()) as dataverse, wire(dataverse.url) as app:
        yield app


@pytest.fixture(scope="module")
def plain(app: Wire) -> ReadMail:
    """The mail of a person without surprises: every other has to be the same."""
    answered, _ = app.post(sent(body()))
    assert answered.status_code == 202
    mail = app.mail()
    app.confirm(mail)
    app.kept()
    return read_mail(mail.raw)


def body(field: str | None = None, value: Any = None, **top: Any) -> dict[str, Any]:
    """A good registration for the white paper of somebody new, with one field replaced."""
    fields = {"email": f"anna{next(NUMBERS)}@example.com", **FIELDS}
    if field:
        fields[field] = value
    good = {"fields": fields, "consents": ["download"], "locale": "en", "source": {}}
    return good | top


def sent(posted: Any, **headers: str) -> func.HttpRequest:
    """A call for the white paper's form, which has fields of every kind."""
    return post_json(posted, "whitepaper", **headers)


def same_mail(raw: bytes, plain: ReadMail, to: str) -> None:
    """The mail of anybody, but for the address."""
    mail = read_mail(raw)
    assert mail.to == [wire_address(to)]
    assert (mail.headers, mail.subject) == (plain.headers, plain.subject)
    assert (mail.text, mail.html, mail.tags) == (plain.text, plain.html, plain.tags)


def follow(app: Wire, plain: ReadMail, request: func.HttpRequest) -> Kept | None:
    """Down to Dataverse, with every check on the way; None when the call was refused."""
    answered, asked = app.post(request)
    documented(REGISTER, "post", answered)
    if asked is None:
        assert answered.status_code in REFUSED
        return None
    assert answered.status_code in ACCEPTED
    mail = app.mail()
    assert mail.recipients == [wire_address(asked.email)]
    assert mail.sender == app.outside.forms[asked.form].mail.sender
    same_mail(mail.raw, plain, asked.email)
    operations = well_formed(app.confirm(mail), asked.email)
    kept = app.kept()
    (contact,) = kept.contacts
    assert contact["emailaddress1"] == asked.email
    for field, column in COLUMNS.items():
        assert contact.get(column) == asked.answers.get(field), field
    (consent,) = kept.consents
    assert consent["msdynmkt_contactpointvalue"] == asked.email
    assert operations == ["contacts", "msdynmkt_contactpointconsent4s"]
    (trigger,) = kept.triggers
    assert trigger["parameters"]["msdynmkt_asset"] == asked.answers["asset"]
    return kept


def well_formed(requests_sent: list[requests.PreparedRequest], email: str) -> list[str]:
    """The tables that are written, in order; every path and query says what we meant."""
    written = []
    for request in requests_sent:
        if not (request.url or "").endswith("/$batch"):
            assert re.fullmatch(r"[!-~]+", request.url or "")
            json.loads(request.body or "{}")
            continue
        for operation in read_batch(request):
            if operation.method == "GET":
                _asks_for(unquote(operation.path), email)
            else:
                found = re.fullmatch(rf"([a-z0-9_]+)\({GUID}\)", operation.path)
                assert found, operation.path
                written.append(found[1])
    return written


def _asks_for(query: str, email: str) -> None:
    """With the address taken out, a query has no text of anybody's left in it."""
    quoted = "'" + email.replace("'", "''") + "'"
    assert query.count(quoted) <= 1
    rest = re.sub(GUID, "", query.replace(quoted, "ADDRESS"))
    assert re.fullmatch(r"[\w$?=&, ()'.-]*", rest), rest
    assert rest.count("'") == 0
    assert rest.count(" or ") <= rest.count(" eq ")
    assert ("ADDRESS" in rest) != ("contactid eq" in rest or "consent4id eq" in rest)


@pytest.mark.parametrize("field", TYPED)
def test_any_text_in_a_field(app: Wire, plain: ReadMail, field: str) -> None:
    kept = [follow(app, plain, sent(body(field, text))) for text in TEXTS]
    if field in {"firstName", "lastName", "jobTitle", "message"}:
        # What only looks dangerous has to pass: people have such names.
        assert all(kept[: len(HARMLESS)])
    for text, contact in zip(TEXTS, kept, strict=True):
        if re.search(r"[\x00\x1b\ud83d\udc00\u202e\u2066<>]|\S\r\S", text):
            assert not contact, ascii(text)


@pytest.mark.parametrize("field", [*TYPED, *CHOSEN])
def test_any_other_value_in_a_field(app: Wire, plain: ReadMail, field: str) -> None:
    nested: Any = "Anna"
    for _ in range(300):
        nested = [nested]
    for value in [nested, {"a": {"b": nested}}, [], {}, 0, 1.5, True, None, ["small"], [None]]:
        follow(app, plain, sent(body(field, value)))
    for text in NASTY:
        if field in CHOSEN:
            assert not follow(app, plain, sent(body(field, text)))
            assert not follow(app, plain, sent(body(field, [text])))


@pytest.mark.parametrize("address", ADDRESSES, ids=map(str, range(len(ADDRESSES))))
def test_any_address(app: Wire, plain: ReadMail, address: str) -> None:
    kept = follow(app, plain, sent(body("email", address)))
    if re.search(r"[\x00-\x20<>\u202e\u2066\ud83d\udc00,\[]|=\?", address.strip()):
        assert not kept
    assert kept or address not in UNUSUAL


@pytest.mark.parametrize("place", ["consents", "locale", "source", "pageUrl", "campaign", "name"])
def test_any_text_beside_the_fields(app: Wire, plain: ReadMail, place: str) -> None:
    for text in TEXTS:
        page = f"https://www.contoso.example/?q={text}"
        posted = {
            "consents": body(consents=["download", text]),
            "locale": body(locale=text),
            "source": body(source=text),
            "pageUrl": body(source={"pageUrl": page}),
            "campaign": body(source={"campaign": text}),
            "name": body(text, text),
        }[place]
        follow(app, plain, sent(posted))


@pytest.mark.parametrize(
    "name", ["User_Agent", "Referer", "X_Forwarded_For", "Accept_Language", "Idempotency_Key"]
)
def test_any_text_in_a_header(app: Wire, plain: ReadMail, name: str) -> None:
    for text in NASTY:
        # No header may change the mail: its language is asked for in the body.
        follow(app, plain, sent(body(), **{name: text}))


def test_the_same_texts_from_a_plain_form(app: Wire, plain: ReadMail) -> None:
    accepted = 0
    for text in TEXTS:
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            continue  # no browser can encode it
        fields = body("firstName", text)["fields"]
        pairs = [(name, str(value)) for name, value in fields.items() if name != "interests"]
        pairs += [("interests", "consent"), ("consent", "download"), ("locale", "en")]
        accepted += bool(follow(app, plain, post_form(pairs, "whitepaper")))
    assert accepted >= len(HARMLESS)


def test_as_long_as_it_may_be_and_longer(app: Wire, plain: ReadMail) -> None:
    for letter in ("x", "ß", "\u0915", '"', "\\"):
        assert follow(app, plain, sent(body("message", letter * 2000)))
        answered, _ = app.post(sent(body("message", letter * 2001)))
        assert [error["code"] for error in json_of(answered)["errors"]] == ["too_long"]
    assert follow(app, plain, sent(body("message", "🎉" * 1000)))
    assert not follow(app, plain, sent(body("message", "🎉" * 1001)))
    answered, _ = app.post(sent(body("message", "x" * 33 * 1024)))
    assert answered.status_code == 413


def test_what_the_form_says_is_escaped(app: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """The company's own words may hold anything, and are shown as they are."""
    wild = "A & B <script>alert(\"1\")</script> &amp; </blockquote> 名 'x' {{ 7*7 }}"
    form = app.outside.forms["whitepaper"]
    consent = form.consents[0]
    texts = dict.fromkeys(form.languages, wild)
    changes = {"consents": (consent.model_copy(update={"text": texts}),)}
    forms = {**app.outside.forms, "whitepaper": form.model_copy(update=changes)}
    monkeypatch.setattr(app.outside, "forms", forms)
    _, asked = app.post(sent(body()))
    assert asked
    mail = read_mail(app.mail().raw)
    assert wild in mail.text
    page = BeautifulSoup(mail.html, "html.parser")
    (quote,) = page.find_all("blockquote")
    assert quote.get_text() == wild
    assert "script" not in mail.tags
