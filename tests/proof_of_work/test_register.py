"""POST /api/forms/{form}/registrations of a form that asks for proof of work."""

import base64
import copy
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import altcha
import azure.functions as func
import pytest
from bs4 import BeautifulSoup

from functions import register
from shared.adapters.altcha_challenges import AltchaChallenges
from shared.adapters.spent_proofs import SpentProofs
from shared.texts.catalogue import catalogue
from tests.endpoints.calls import ANNA, BROWSER, documented, json_of, post_form, post_json
from tests.endpoints.worlds import WebOnly, with_form
from tests.fakes.outside import FakeOutside
from tests.proof_of_work.solving import (
    LIFETIME,
    ask,
    encoded,
    form_without_work,
    solve,
    solved,
    webinar,
    world,
)

SECOND = timedelta(seconds=1)


def answer(request: func.HttpRequest, outside: FakeOutside) -> func.HttpResponse:
    return documented("/forms/{form}/registrations", "post", register.answer(request, outside))


def post(outside: FakeOutside, payload: Any, form: str = "webinar", **headers: str) -> Any:
    return answer(post_json(webinar(payload), form, **headers), outside)


def error_of(refused: func.HttpResponse) -> str:
    """The code of the one mistake, which is about the proof."""
    assert refused.status_code == 422
    (error,) = json_of(refused)["errors"]
    assert error["pointer"] == "/altcha"
    assert error["message"] == catalogue("de").errors[error["code"]]
    code: str = error["code"]
    return code


def test_a_solution_is_taken_and_not_kept() -> None:
    outside = world()
    solution = solved(outside)
    accepted = post(outside, solution)
    assert accepted.status_code == 202
    asked = outside.only_registration()
    assert json_of(accepted)["registrationId"] == asked.id
    assert asked.answers == {"email": ANNA}
    (message,) = outside.queues.bodies("registrations")
    assert "altcha" not in message
    assert solution not in message


@pytest.mark.parametrize("missing", [None, ""])
def test_without_one(missing: str | None) -> None:
    outside = world()
    assert error_of(post(outside, missing)) == "proof_missing"
    body = webinar()
    del body["altcha"]
    assert error_of(answer(post_json(body, "webinar"), outside)) == "proof_missing"
    assert outside.did_nothing()


@pytest.mark.parametrize(
    "nonsense",
    [
        5,
        True,
        [],
        {},
        ["x"],
        "x",
        "ü",
        "\ud800",
        "=",
        "A" * 4001,
        "W" * 30_000,
        encoded(None),
        encoded([]),
        encoded({}),
        encoded("x"),
        encoded({"challenge": 1, "solution": 2}),
        encoded({"challenge": {}, "solution": {}}),
        encoded({"challenge": {"parameters": []}, "solution": []}),
        base64.b64encode(b"\xff\xfe").decode(),
        base64.b64encode(b"[" * 2000).decode(),
        base64.b64encode(b'{"challenge":' * 200).decode(),
        base64.b64encode(b"9" * 2900).decode(),
    ],
    ids=str,
)
def test_what_is_no_solution_at_all(nonsense: Any) -> None:
    outside = world()
    assert error_of(post(outside, nonsense)) == "proof_invalid"
    assert outside.did_nothing()


def put(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(payload: dict[str, Any]) -> None:
        for name in path[:-1]:
            payload = payload[name]
        payload[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        put("solution", "derivedKey", value="00" * 32),
        put("solution", "derivedKey", value=""),
        put("solution", "derivedKey", value=None),
        put("challenge", "signature", value=None),
        put("challenge", "signature", value=""),
        put("challenge", "signature", value="0" * 64),
        put("challenge", "signature", value={"x": 1}),
        put("challenge", "parameters", "keyPrefix", value=""),
        put("challenge", "parameters", "keySignature", value=None),
        put("challenge", "parameters", "cost", value=1),
        put("challenge", "parameters", "algorithm", value="SHA-256"),
        put("challenge", "parameters", "expiresAt", value=None),
        put("challenge", "parameters", "expiresAt", value=99_999_999_999),
        put("challenge", "parameters", "expiresAt", value="never"),
        put("challenge", "parameters", "data", value={"__proto__": 1}),
        put("challenge", "parameters", "nonce", value=[]),
    ],
)
def test_a_solution_that_was_tampered_with(change: Callable[[dict[str, Any]], None]) -> None:
    outside = world()
    payload = solve(json_of(ask(outside)))
    tampered = copy.deepcopy(payload)
    change(tampered)
    assert error_of(post(outside, encoded(tampered))) == "proof_invalid"
    assert outside.did_nothing()
    # What was refused has not used up the good one.
    assert post(outside, encoded(payload)).status_code == 202


def test_a_challenge_of_somebody_else() -> None:
    outside = world()
    stranger = altcha.create_challenge(
        "PBKDF2/SHA-256", 1, counter=0, hmac_secret="guessed", hmac_key_secret="guessed"
    )
    assert error_of(post(outside, encoded(solve(stranger.to_dict())))) == "proof_invalid"


def test_a_challenge_of_another_installation() -> None:
    outside, another = world(), world()
    another.challenges = AltchaChallenges("another-pepper-of-more-than-32-bytes", SpentProofs())
    assert error_of(post(outside, solved(another))) == "proof_invalid"
    assert post(another, solved(another)).status_code == 202


def test_a_solution_for_another_form() -> None:
    outside = world()
    solution = solved(outside, "other")
    assert error_of(post(outside, solution, "webinar")) == "proof_invalid"
    assert post(outside, solution, "other").status_code == 202


def test_a_challenge_that_was_left_lying() -> None:
    outside = world()
    solution = solved(outside)
    outside.pass_time(LIFETIME + SECOND)
    assert error_of(post(outside, solution)) == "proof_expired"
    assert outside.did_nothing()


def test_a_challenge_in_its_last_seconds() -> None:
    outside = world()
    solution = solved(outside)
    outside.pass_time(LIFETIME - SECOND)
    assert post(outside, solution).status_code == 202


def test_a_challenge_that_is_old_by_the_machines_clock() -> None:
    outside = world()
    outside.pass_time(-LIFETIME - 2 * SECOND)
    assert error_of(post(outside, solved(outside))) == "proof_expired"


def test_a_solution_counts_once() -> None:
    outside = world()
    solution = solved(outside)
    assert post(outside, solution).status_code == 202
    assert error_of(post(outside, solution)) == "proof_reused"
    assert len(outside.queues.bodies("registrations")) == 1
    assert post(outside, solved(outside)).status_code == 202


def test_writing_it_differently_makes_it_no_other_solution() -> None:
    outside = world()
    payload = solve(json_of(ask(outside)))
    assert post(outside, encoded(payload)).status_code == 202
    parameters = payload["challenge"]["parameters"]
    others = [
        payload | {"more": 1},
        payload | {"solution": payload["solution"] | {"time": 12345, "counter": 7}},
        payload
        | {
            "solution": payload["solution"]
            | {"derivedKey": payload["solution"]["derivedKey"].upper()}
        },
        payload
        | {
            "challenge": payload["challenge"]
            | {"parameters": parameters | {"cost": float(parameters["cost"])}}
        },
    ]
    for other in others:
        assert error_of(post(outside, encoded(other))) == "proof_reused"
    spaced = base64.b64encode(json.dumps(payload, indent=1).encode()).decode()
    assert error_of(post(outside, spaced)) == "proof_reused"
    assert error_of(post(outside, f"\n{encoded(payload)}\n")) == "proof_reused"


def test_the_very_same_call_may_be_repeated() -> None:
    """Its answer may have got lost."""
    outside = world()
    solution = solved(outside)
    first = post(outside, solution, Idempotency_Key="attempt-1")
    again = post(outside, solution, Idempotency_Key="attempt-1")
    assert (first.status_code, again.status_code) == (202, 202)
    assert json_of(first) == json_of(again)
    assert error_of(post(outside, solution, Idempotency_Key="attempt-2")) == "proof_reused"


def test_one_key_does_not_carry_a_solution_to_other_addresses() -> None:
    outside = world()
    solution = solved(outside)
    assert post(outside, solution, Idempotency_Key="same").status_code == 202
    other = webinar(solution, fields={"email": "ben@example.com"})
    refused = answer(post_json(other, "webinar", Idempotency_Key="same"), outside)
    assert error_of(refused) == "proof_reused"


def test_correcting_an_answer_needs_no_new_solution() -> None:
    outside = world()
    solution = solved(outside)
    wrong = answer(post_json(webinar(solution, fields={"email": "anna"}), "webinar"), outside)
    (error,) = json_of(wrong)["errors"]
    assert error["pointer"] == "/fields/email"
    assert post(outside, solution).status_code == 202


def test_it_is_told_together_with_the_other_mistakes() -> None:
    wrong = answer(post_json(webinar(fields={"email": "anna"}), "webinar"), world())
    assert [error["pointer"] for error in json_of(wrong)["errors"]] == ["/fields/email", "/altcha"]


def test_a_call_that_storage_did_not_take_may_be_sent_again() -> None:
    outside = world()
    solution = solved(outside)
    outside.queues.down = True
    assert post(outside, solution).status_code == 503
    outside.queues.down = False
    assert post(outside, solution).status_code == 202
    assert error_of(post(outside, solution)) == "proof_reused"


def test_a_call_that_is_too_large_does_not_make_a_solution_new() -> None:
    """Otherwise one solution would do for any number of registrations: good, too large, good, …"""
    outside = world()
    form = outside.forms["webinar"]
    wordy = form.consents[0].model_copy(
        update={"text": dict.fromkeys(form.languages, "x" * 60_000)}
    )
    solution = solved(outside)
    assert post(outside, solution, Idempotency_Key="one").status_code == 202
    with_form(outside, "webinar", form.model_copy(update={"consents": (wordy,)}))
    assert post(outside, solution, Idempotency_Key="one").status_code == 413
    with_form(outside, "webinar", form)
    assert error_of(post(outside, solution, Idempotency_Key="two")) == "proof_reused"


def test_many_at_once_with_one_solution() -> None:
    outside = world()
    solution = solved(outside)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: post(outside, solution), range(40)))
    assert sorted(each.status_code for each in answers) == [202] + [422] * 39
    assert len(outside.queues.bodies("registrations")) == 1


def test_a_filled_in_honeypot_is_dropped_as_ever() -> None:
    outside = world()
    trapped = {"email": ANNA, "homepage": "https://spam.example"}
    solution = solved(outside)
    for proof in (None, "nonsense", solution):
        dropped = answer(post_json(webinar(proof, fields=trapped), "webinar"), outside)
        assert dropped.status_code == 202
    assert outside.did_nothing()
    assert post(outside, solution).status_code == 202


def test_a_form_that_asks_for_none_takes_one_all_the_same() -> None:
    outside = world()
    solution = solved(outside)
    with_form(outside, "webinar", form_without_work())
    for proof in (None, "nonsense", solution, solution):
        assert post(outside, proof).status_code == 202


def plain(solution: str | None, **headers: str) -> func.HttpRequest:
    pairs = [("email", ANNA), ("consent", "invitation"), ("locale", "de"), ("homepage", "")]
    if solution is not None:
        pairs.append(("altcha", solution))
    return post_form(pairs, "webinar", **headers)


def test_a_plain_html_form_with_the_widgets_field() -> None:
    outside = world()
    sent_on = answer(plain(solved(outside), Accept=BROWSER), outside)
    assert sent_on.status_code == 303
    assert outside.only_registration().answers == {"email": ANNA}


@pytest.mark.parametrize(
    ("solution", "code"), [(None, "proof_missing"), ("", "proof_missing"), ("x", "proof_invalid")]
)
def test_a_person_reads_what_is_missing(solution: str | None, code: str) -> None:
    refused = answer(plain(solution, Accept=BROWSER), world())
    assert refused.status_code == 422
    assert refused.mimetype == "text/html"
    page = BeautifulSoup(refused.get_body(), "html.parser")
    assert catalogue("de").errors[code] in page.get_text()
    assert "/altcha" not in page.get_text()


def test_another_instance_does_not_know_what_was_spent() -> None:
    """The documented limit: the memory is the process's own."""
    outside = world()
    instance = WebOnly(clock=outside.clock, forms=outside.forms, rules=replace(outside.rules))
    solution = solved(outside)
    assert post(outside, solution).status_code == 202
    assert post(instance, solution).status_code == 202
