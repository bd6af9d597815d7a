"""Requests as the host hands them over, and answers held against the API's description."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import azure.functions as func
from jsonschema import Draft202012Validator, FormatChecker

from shared.web.openapi import openapi_document
from tests.fakes.outside import PUBLIC_URL

ANNA = "anna.unmistakable@example.com"
FIELDS: Mapping[str, Any] = {"email": ANNA, "firstName": "Annabella"}
WHITEPAPER: Mapping[str, Any] = {
    "email": ANNA,
    "firstName": "Annabella",
    "lastName": "Unmistakable",
    "companySize": "small",
    "asset": "consent",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
API: dict[str, Any] = json.loads(openapi_document(PUBLIC_URL))


def registration(**changes: Any) -> dict[str, Any]:
    """The JSON of a good registration for the newsletter, changed."""
    posted = {
        "fields": dict(FIELDS),
        "consents": ["newsletter"],
        "locale": "de",
        "source": {"pageUrl": "https://www.contoso.example/n", "campaign": "spring"},
    }
    return posted | changes


def post_raw(
    body: bytes, content_type: str | None, form: str = "newsletter", **headers: str
) -> func.HttpRequest:
    """A register call; header names with _ for -."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if content_type is not None:
        given["Content-Type"] = content_type
    return func.HttpRequest(
        "POST",
        f"{PUBLIC_URL}/api/forms/{form}/registrations",
        headers=given,
        route_params={"form": form},
        body=body,
    )


def post_json(body: Any, form: str = "newsletter", **headers: str) -> func.HttpRequest:
    """As `fetch` sends it."""
    return post_raw(json.dumps(body).encode(), "application/json", form, **headers)


def post_form(
    pairs: list[tuple[str, str]], form: str = "newsletter", **headers: str
) -> func.HttpRequest:
    """As a browser sends a plain HTML form."""
    body = urlencode(pairs).encode()
    return post_raw(body, "application/x-www-form-urlencoded", form, **headers)


def get(path: str, query: Mapping[str, str] | None = None, **headers: str) -> func.HttpRequest:
    """GET, or HEAD: the app does not tell them apart."""
    return func.HttpRequest(
        "GET",
        f"{PUBLIC_URL}/api{path}",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        params=query,
        route_params={"form": path.rpartition("/")[2]},
        body=b"",
    )


def press_button(path: str, token: str, **headers: str) -> func.HttpRequest:
    """The button of a page."""
    return post_inputs(path, {"token": token}, **headers)


def post_inputs(path: str, inputs: Mapping[str, str], **headers: str) -> func.HttpRequest:
    """The form of a page: what stands in its inputs, hidden ones too."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return func.HttpRequest(
        "POST",
        f"{PUBLIC_URL}/api{path}",
        headers={"Content-Type": "application/x-www-form-urlencoded", **given},
        body=urlencode(inputs).encode(),
    )


def json_of(answer: func.HttpResponse) -> Any:
    """The body of a JSON answer."""
    return json.loads(answer.get_body())


def documented(path: str, method: str, answer: func.HttpResponse) -> func.HttpResponse:
    """The answer, if openapi.json has its status, its content type, its headers and its shape."""
    described = API["paths"][path][method]["responses"].get(str(answer.status_code))
    assert described, f"{method} {path} does not document {answer.status_code}"
    assert all(name in answer.headers for name in described.get("headers", {}))
    for name in ("Retry-After", "Location", "ETag"):
        assert (name in answer.headers) == (name in described.get("headers", {}))
    content = described.get("content", {})
    assert bool(content) == bool(answer.get_body())
    if content:
        assert answer.mimetype in content
        if answer.mimetype.endswith("json"):
            _fits(json_of(answer), content[answer.mimetype]["schema"])
    return answer


def _fits(body: Any, schema: Mapping[str, Any]) -> None:
    # The components go along so that the references inside the schema lead somewhere.
    whole = {"allOf": [schema], "components": API["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(body)
