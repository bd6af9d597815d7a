"""GET /api/forms/{form}/challenge."""

import json

import altcha
import pytest

from functions import describe_form
from shared.values.form import State
from tests.endpoints.calls import get, json_of
from tests.endpoints.worlds import with_form
from tests.fakes.outside import PUBLIC_URL
from tests.proof_of_work.solving import LIFETIME, WORK, ask, form_without_work, world


def test_a_challenge() -> None:
    outside = world()
    answer = ask(outside)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    asked = json_of(answer)
    assert asked["parameters"]["expiresAt"] == int((outside.now() + LIFETIME).timestamp())
    assert outside.did_nothing()


def test_each_is_another() -> None:
    outside = world()
    asked = [json_of(ask(outside)) for _ in range(5)]
    assert len({one["signature"] for one in asked}) == 5
    assert len({one["parameters"]["nonce"] for one in asked}) == 5


def test_it_takes_no_more_tries_than_the_form_says() -> None:
    outside = world()
    counters = []
    for _ in range(60):
        solution = altcha.solve_challenge(altcha.Challenge.from_dict(json_of(ask(outside))))
        assert solution is not None
        counters.append(solution.counter)
    assert max(counters) < WORK.difficulty
    # Evenly drawn ones would be as few as four with a chance of 210 * 0.4^60.
    assert len(set(counters)) > 4


@pytest.mark.parametrize("name", ["unknown", "Webinar", "", "newsletter"])
def test_no_such_form_or_none_that_asks_for_work(name: str) -> None:
    assert ask(world(), name).status_code == 404


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
def test_a_form_that_is_not_published(state: State) -> None:
    outside = world()
    with_form(outside, "other", outside.forms["other"].model_copy(update={"state": state}))
    assert ask(outside, "other").get_body() == ask(outside, "unknown").get_body()


def test_the_form_says_where_to_ask() -> None:
    outside = world()
    described = describe_form.answer(get("/forms/webinar"), outside)
    url = f"{PUBLIC_URL}/api/forms/webinar/challenge"
    assert json_of(described)["proofOfWork"] == {"challenge": url}
    with_form(outside, "webinar", form_without_work())
    described = describe_form.answer(get("/forms/webinar"), outside)
    assert json_of(described)["proofOfWork"] is None


def test_the_pepper_is_not_given_away() -> None:
    outside = world()
    assert outside.rules.pepper not in json.dumps(json_of(ask(outside)))
