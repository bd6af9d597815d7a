"""A world with forms that ask for proof of work, and somebody who does the work."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
import azure.functions as func

from functions import challenge
from shared.values.form import Form
from shared.values.proof_of_work import ProofOfWork
from tests.endpoints.calls import ANNA, documented, json_of
from tests.endpoints.worlds import WebOnly, with_form
from tests.examples import sample_forms
from tests.fakes.outside import PUBLIC_URL

LIFETIME = timedelta(minutes=10)
WORK = ProofOfWork(difficulty=10, lifetime=LIFETIME)


def world() -> WebOnly:
    """The forms `webinar` and `other` ask for little work; everything else asks for none.

    It begins now: the package looks at the machine's clock and cannot be given another.
    """
    outside = WebOnly(clock=datetime.now(UTC))
    webinar = sample_forms()["webinar"].model_copy(update={"proof_of_work": WORK})
    with_form(outside, "webinar", webinar)
    with_form(outside, "other", webinar.model_copy(update={"id": "other"}))
    return outside


def form_without_work() -> Form:
    return sample_forms()["webinar"].model_copy(update={"proof_of_work": None})


def ask(outside: WebOnly, form: str = "webinar") -> func.HttpResponse:
    """GET /api/forms/{form}/challenge."""
    request = func.HttpRequest(
        "GET",
        f"{PUBLIC_URL}/api/forms/{form}/challenge",
        route_params={"form": form},
        body=b"",
    )
    return documented("/forms/{form}/challenge", "get", challenge.answer(request, outside))


def solve(asked: Any) -> dict[str, Any]:
    """The payload, decoded, that solves a challenge."""
    parsed = altcha.Challenge.from_dict(asked)
    solution = altcha.solve_challenge(parsed)
    assert solution is not None
    whole: dict[str, Any] = altcha.Payload(parsed, solution).to_dict()
    return whole


def encoded(payload: Any) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def solved(outside: WebOnly, form: str = "webinar") -> str:
    """Ask for a challenge and solve it."""
    return encoded(solve(json_of(ask(outside, form))))


def webinar(altcha_payload: Any = None, **changes: Any) -> dict[str, Any]:
    """A good registration but for the proof, which may be missing."""
    body = {
        "fields": {"email": ANNA},
        "consents": ["invitation"],
        "locale": "de",
        "altcha": altcha_payload,
    }
    return body | changes


Change = Callable[[dict[str, Any]], Any]
