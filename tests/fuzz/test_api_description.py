"""The running stack does what `openapi.json` says, whatever schemathesis sends.

No 5xx, no status, content type, header or body that is not described.
"""

import json
from collections import defaultdict
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.web.openapi import openapi_document
from tests.journey.inbox import mail_to
from tests.journey.person import somebody
from tests.journey.sign_up import newsletter, press, sign_up, token_of
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

NEGATIVE = GenerationMode.NEGATIVE
EXAMPLES = {"register": 150}
OTHERWISE = 40
LONGEST_TOKEN = 7000
SECONDS = 30
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
KNOWN_FORMS = ["newsletter", "whitepaper", "draft", "archived"]
# Made-up forms and tokens find nothing: every now and then it has to be a real one.
FORMS = st.sampled_from([None, *KNOWN_FORMS])
REAL = st.integers(min_value=0, max_value=5)

seen: dict[str, set[int]] = defaultdict(set)
OPERATIONS = [
    (method, path)
    for path, operations in json.loads(openapi_document(""))["paths"].items()
    for method in operations
    if method != "parameters"
]


@pytest.fixture(scope="module")
def api_schema(stack: Stack) -> Any:
    """As a website's developer finds it."""
    loaded = schemathesis.openapi.from_url(f"{stack.functions}/api/openapi.json")
    assert loaded.get_base_url() == f"{stack.functions}/api"
    return loaded


@pytest.fixture(scope="module")
def real_tokens(stack: Stack) -> list[tuple[str, str]]:
    """Tokens of a confirm and a decline link: of a pending, then of a confirmed registration."""
    pending, confirmed = somebody(), somebody()
    found = []
    for person in (pending, confirmed):
        sign_up(stack, person)
        mail = mail_to(stack, person.email)
        found.append((token_of(mail.confirm_url), token_of(mail.decline_url)))
        if person is confirmed:
            press(mail.confirm_url)
    return found


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_described(
    api_schema: Any, real_tokens: list[tuple[str, str]], method: str, path: str
) -> None:
    operation = api_schema[path][method]

    examples = EXAMPLES.get(operation.definition.raw["operationId"], OTHERWISE)

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy() | operation.as_strategy(generation_mode=NEGATIVE), FORMS, REAL)
    def one_call(case: schemathesis.Case[Any], form: str | None, real: int) -> None:
        if form and "form" in case.path_parameters:
            case.path_parameters["form"] = form
        if real < len(real_tokens):
            confirm, decline = real_tokens[real]
            put_token(case, decline if "decline" in path else confirm)
        if real == 0 and isinstance(case.body, dict) and "fields" in case.body:
            case.path_parameters["form"] = "newsletter"
            case.body = newsletter(somebody())
        # Longer lines never reach the app: the host refuses them.
        assume(len(quote(case.query.get("token", ""))) < LONGEST_TOKEN)
        response = case.call(allow_redirects=False, timeout=SECONDS)
        seen[f"{method} {path}"].add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    one_call()


def put_token(case: schemathesis.Case[Any], token: str) -> None:
    """Where the operation wants one."""
    if "token" in (case.query or {}):
        case.query["token"] = token
    if isinstance(case.body, dict) and "token" in case.body:
        case.body["token"] = token


def test_the_calls_went_deep() -> None:
    """Had they all ended at the first check, the tests above would say nothing."""
    if not seen:
        pytest.skip("the calls were not made")
    assert seen["post /forms/{form}/registrations"] >= {202, 400, 404, 422}
    assert seen["get /forms/{form}"] >= {200, 404}
    for page in ("confirm", "decline"):
        assert seen[f"get /{page}"] >= {200, 404}
        assert seen[f"post /{page}"] >= {200, 404}
    assert seen["post /renew"] >= {200, 404}
    # Hosts on a developer's machine ask for no key.
    assert seen["get /ready"] == {200, 400}
    assert seen["head /health"] == {200}
