"""GET /api/forms/{form}: what a website may know, and nothing about Customer Insights."""

import json
from typing import Any

import azure.functions as func
import pytest

from functions import describe_form
from shared.values.form import State
from shared.web.request_body import MAX_BODY_BYTES
from tests.endpoints.calls import documented, get, json_of
from tests.endpoints.worlds import WebOnly, with_form
from tests.examples import FORM_SETTINGS, PURPOSE, sample_forms
from tests.fakes.outside import PUBLIC_URL, FakeOutside


def answer(
    form: str = "newsletter", outside: FakeOutside | None = None, **headers: str
) -> func.HttpResponse:
    request = get(f"/forms/{form}", None, **headers)
    return documented("/forms/{form}", "get", describe_form.answer(request, outside or WebOnly()))


def test_the_description() -> None:
    described = answer()
    assert described.status_code == 200
    assert described.mimetype == "application/json"
    assert described.headers["Cache-Control"] == "public, max-age=300"
    assert described.headers["X-Content-Type-Options"] == "nosniff"
    form = sample_forms()["newsletter"]
    body = json_of(described)
    assert body["id"] == "newsletter"
    assert body["languages"] == ["en", "de", "fr"]
    assert body["title"] == form.title
    assert body["company"] == {"name": "Contoso", "website": form.company.website}
    assert body["privacyPolicyUrl"] == form.privacy_policy_url
    assert body["honeypot"] == "homepage"
    assert body["submit"] == f"{PUBLIC_URL}/api/forms/newsletter/registrations"
    assert body["maxBodyBytes"] == MAX_BODY_BYTES
    (consent,) = body["consents"]
    assert consent == {
        "id": "newsletter",
        "required": True,
        "text": form.consents[0].text,
        "version": {tag: form.consents[0].version(tag) for tag in form.languages},
    }


def test_every_kind_of_field() -> None:
    fields = {field["id"]: field for field in json_of(answer("whitepaper"))["fields"]}
    form = sample_forms()["whitepaper"]
    assert list(fields) == [field.id for field in form.fields]
    assert fields["email"] == {
        "id": "email",
        "kind": "email",
        "label": {"en": "Business e-mail", "de": "Geschäftliche E-Mail-Adresse"},
        "required": True,
        "hidden": False,
        "autocomplete": "email",
        "maxLength": 100,
    }
    assert fields["message"]["multiline"] is True
    assert fields["asset"]["hidden"] is True
    assert fields["asset"]["pattern"] == "[a-z0-9-]{1,50}"
    assert fields["projectStart"]["earliest"] == "2020-01-01"
    assert fields["projectStart"]["latest"] == "2099-12-31"
    assert set(fields["phone"]["hint"]) == {"en", "de"}
    assert fields["companySize"]["options"][0] == {
        "value": "small",
        "label": {"en": "1–49 people", "de": "1–49 Personen"},  # noqa: RUF001 - a range
    }
    assert len(fields["interests"]["options"]) == 3
    assert fields["existingCustomer"]["kind"] == "yesNo"


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys_of(item) for item in value.values()))
    return set().union(*(keys_of(item) for item in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("name", sorted(sample_forms()))
def test_nothing_about_customer_insights_or_the_mail(name: str) -> None:
    form = sample_forms()[name]
    assert form.trigger
    body = answer(name).get_body().decode()
    private = {
        PURPOSE,
        form.trigger.name,
        FORM_SETTINGS["FORM_TOPIC_PRODUCT_NEWS"],
        form.mail.sender,
        form.company.imprint["en"],
        *form.trigger.attributes,
        *(field.column for field in form.fields if field.column),
        *(
            str(option.dataverse_value)
            for field in form.fields
            for option in getattr(field, "options", ())
        ),
    } - {"description"}  # a column, and a word in many a text
    assert not [each for each in private if each in body]
    for word in ("column", "purpose", "topic", "trigger", "dataverse", "msdynmkt", "attribute"):
        assert not [key for key in keys_of(json.loads(body)) if word in key.lower()]
    own_business = {"region", "allowUrls", "state", "mail", "imprint", "linkLifetime", "redirects"}
    assert not keys_of(json.loads(body)) & own_business


def test_a_website_that_has_it_already_gets_nothing_again() -> None:
    etag = answer().headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        unchanged = answer(If_None_Match=known)
        assert unchanged.status_code == 304
        assert unchanged.headers["ETag"] == etag
        assert unchanged.headers["Cache-Control"] == "public, max-age=300"
    for other in ('"other"', etag.strip('"'), ""):
        assert answer(If_None_Match=other).status_code == 200


def test_another_definition_has_another_etag() -> None:
    outside = WebOnly()
    form = sample_forms()["newsletter"]
    with_form(outside, "newsletter", form.model_copy(update={"honeypot": "website"}))
    assert answer(outside=outside).headers["ETag"] != answer().headers["ETag"]
    assert answer().headers["ETag"] == answer().headers["ETag"]
    assert answer("whitepaper").headers["ETag"] != answer().headers["ETag"]


@pytest.mark.parametrize("name", ["unknown", "form.schema", "NEWSLETTER", ""])
def test_an_unknown_form(name: str) -> None:
    assert answer(name).status_code == 404


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
def test_a_form_that_is_not_published(state: State) -> None:
    outside = WebOnly()
    with_form(outside, "hidden", sample_forms()["newsletter"].model_copy(update={"state": state}))
    hidden = answer("hidden", outside)
    assert hidden.status_code == 404
    assert hidden.get_body() == answer("unknown").get_body()
    assert hidden.mimetype == "application/problem+json"


def test_it_touches_nothing_outside() -> None:
    outside = WebOnly()
    answer(outside=outside)
    assert outside.did_nothing()
