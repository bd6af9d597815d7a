"""The HTTP calls, in three places: what the app registers, openapi.json, the README's table."""

import json
import re
from typing import Any

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from functions import describe_form, openapi, register
from shared.values.form import State
from shared.web.openapi import openapi_document
from tests.endpoints.calls import (
    API,
    BROWSER,
    get,
    json_of,
    post_form,
    post_json,
    post_raw,
    registration,
)
from tests.endpoints.test_register_plain_form import GOOD
from tests.endpoints.worlds import WebOnly, with_form
from tests.examples import ROOT, sample_forms
from tests.fakes.outside import PUBLIC_URL, FakeOutside
from tests.lists.conftest import LoadedApp

METHODS = {"get", "head", "post", "put", "patch", "delete", "options"}
PREFIX = json.loads((ROOT / "host.json").read_bytes())["extensions"]["http"]["routePrefix"]


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """What openapi.json describes, by method and path."""
    return {
        (method.upper(), path): operation
        for path, described in API["paths"].items()
        for method, operation in described.items()
        if method in METHODS
    }


def registered(app: LoadedApp) -> dict[tuple[str, str], str]:
    """The authorisation level of each call that the app registers."""
    return {
        (method, f"/{trigger['route']}"): trigger["authLevel"]
        for trigger in app.triggers("httpTrigger").values()
        for method in trigger["methods"]
    }


def test_what_the_app_registers_is_what_is_described(loaded_app: LoadedApp) -> None:
    assert set(registered(loaded_app)) == set(operations())


def test_who_needs_a_key_is_described(loaded_app: LoadedApp) -> None:
    for call, level in registered(loaded_app).items():
        assert bool(operations()[call]["security"]) == (level == "FUNCTION")


def test_operations_are_named_after_functions(loaded_app: LoadedApp) -> None:
    for name, trigger in loaded_app.triggers("httpTrigger").items():
        for method in trigger["methods"]:
            expected = f"{name}_head" if method == "HEAD" else name
            assert operations()[method, f"/{trigger['route']}"]["operationId"] == expected


def test_the_readme_lists_every_call(loaded_app: LoadedApp) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in readme.splitlines() if line.startswith("|"))
    listed = re.findall(rf"`([A-Z]+) /{PREFIX}(/[^`?\s]*)[^`]*`", rows)
    assert len(listed) == len(set(listed))
    assert set(listed) == {call for call in registered(loaded_app) if call[0] != "HEAD"}


def test_the_description_is_openapi() -> None:
    validate(API)
    assert API["openapi"].startswith("3.1.")


def test_it_names_the_address_of_this_app() -> None:
    answer = openapi.answer(FakeOutside())
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert json_of(answer) == API
    assert API["servers"] == [{"url": f"{PUBLIC_URL}/{PREFIX}"}]
    other = json.loads(openapi_document("https://other.example"))
    assert other["servers"] == [{"url": "https://other.example/api"}]


def test_its_example_is_a_good_registration() -> None:
    described = API["paths"]["/forms/{form}/registrations"]["post"]["requestBody"]["content"]
    example = described["application/json"]["example"]
    whole = {"allOf": [described["application/json"]["schema"]], "components": API["components"]}
    Draft202012Validator(whole).validate(example)
    assert register.answer(post_json(example), WebOnly()).status_code == 202


def test_every_answer_of_register_can_happen_and_is_described() -> None:
    unavailable, draft = WebOnly(), WebOnly()
    unavailable.queues.down = True
    form = sample_forms()["newsletter"].model_copy(update={"state": State.DRAFT})
    with_form(draft, "newsletter", form)
    answers = [
        register.answer(request, outside)
        for request, outside in [
            (post_json(registration()), WebOnly()),
            (post_form(GOOD, Accept=BROWSER), WebOnly()),
            (post_form([*GOOD, ("campaign", "x")], "newsletter", Accept=BROWSER), WebOnly()),
            (post_raw(b"{", "application/json"), WebOnly()),
            (post_json(registration(), Origin="https://evil.example"), WebOnly()),
            (post_json(registration()), draft),
            (post_raw(b"x" * 40_000, "application/json"), WebOnly()),
            (post_raw(b"x", "text/plain"), WebOnly()),
            (post_json(registration(fields={})), WebOnly()),
            (post_form([("email", "x")], Accept=BROWSER), WebOnly()),
            (post_json(registration()), unavailable),
            (post_form(GOOD, Accept=BROWSER), unavailable),
        ]
    ]
    described = operations()["POST", "/forms/{form}/registrations"]["responses"]
    assert {str(answer.status_code) for answer in answers} == set(described)
    for answer in answers:
        if answer.get_body():
            assert answer.mimetype in described[str(answer.status_code)]["content"]


def test_every_member_of_a_form_description_is_described() -> None:
    schema = API["components"]["schemas"]["FormDescription"]["properties"]
    for name in sample_forms():
        body = json_of(describe_form.answer(get(f"/forms/{name}"), WebOnly()))
        assert set(body) == set(schema)
        for part in ("fields", "consents"):
            known = set(schema[part]["items"]["properties"])
            assert all(set(item) <= known for item in body[part])
