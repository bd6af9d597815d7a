"""When the access token is renewed, and by whom."""

from datetime import timedelta

import pytest

from shared.failures import TemporaryFailure
from shared.linkedin.failures import ClientRefused, SignInNeeded, Unavailable
from shared.values.linkedin.authorization import Authorization
from tests.linkedin.scripted_server import Answer, Received
from tests.linkedin.world import NOW, World, authorization, token_answer


def current(world: World) -> str:
    return world.access.current(world.deadline).access_token


def test_nobody_has_signed_in(world: World) -> None:
    world.tokens.stored = None
    with pytest.raises(SignInNeeded, match="authorize"):
        current(world)


def test_the_store_is_asked_once(world: World) -> None:
    assert [current(world), current(world)] == ["token-1", "token-1"]
    assert world.tokens.loads == 1


@pytest.mark.parametrize(("days", "token"), [(53, "token-1"), (54, "token-2"), (61, "token-2")])
def test_it_is_renewed_days_before_it_ends(world: World, days: int, token: str) -> None:
    world.tokens.put(authorization(issued_at=NOW - timedelta(days=days)))
    assert current(world) == token
    assert len(world.service.received) == (token == "token-2")


def test_a_token_that_becomes_due_in_memory_is_renewed(world: World) -> None:
    assert current(world) == "token-1"
    world.now += timedelta(days=55)
    assert current(world) == "token-2"
    assert world.tokens.stored is not None
    assert world.tokens.stored.access_token == "token-2"


def test_while_renewing_fails_for_now_the_old_one_does(world: World) -> None:
    world.tokens.put(authorization(issued_at=NOW - timedelta(days=55)))
    world.service.answers = [Answer(status=503)]
    assert current(world) == "token-1"
    world.now += timedelta(days=5)
    with pytest.raises(Unavailable):
        current(world)


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [(400, "invalid_grant", SignInNeeded), (401, "invalid_client", ClientRefused)],
)
def test_a_refusal_is_known_and_the_old_one_does_while_it_lives(
    world: World, status: int, error: str, kind: type[Exception]
) -> None:
    world.tokens.put(authorization(issued_at=NOW - timedelta(days=55)))
    world.service.script = lambda _: Answer(status=status, body={"error": error})
    assert [current(world), current(world)] == ["token-1", "token-1"]
    standing = world.access.standing(world.deadline)
    assert standing.authorization.access_token == "token-1"
    assert error in (standing.refused or "")
    assert len(world.service.received) == 1
    world.now += timedelta(hours=1)
    assert current(world) == "token-1"
    assert len(world.service.received) == 2
    world.now += timedelta(days=5)
    with pytest.raises(kind, match=error):
        current(world)


def test_who_signs_in_after_a_refusal_is_used_at_once(world: World) -> None:
    world.tokens.put(authorization(issued_at=NOW - timedelta(days=55)))
    world.service.answers = [Answer(status=400, body={"error": "invalid_grant"})]
    assert current(world) == "token-1"
    world.tokens.put(authorization("token-of-a-person", issued_at=NOW))
    assert current(world) == "token-of-a-person"
    assert world.access.standing(world.deadline).refused is None


def without_refresh_token(days: int) -> Authorization:
    issued_at = NOW - timedelta(days=days)
    return Authorization(
        access_token="token-1", issued_at=issued_at, access_ends_at=issued_at + timedelta(days=60)
    )


def test_without_refresh_token_it_is_used_to_its_end(world: World) -> None:
    world.tokens.put(without_refresh_token(59))
    assert current(world) == "token-1"
    world.now += timedelta(days=1)
    with pytest.raises(SignInNeeded, match="no refresh token"):
        current(world)
    assert world.service.received == []


def test_of_two_instances_at_once_the_first_to_save_wins(world: World) -> None:
    world.tokens.put(authorization(issued_at=NOW - timedelta(days=55)))
    newer = authorization("token-of-another-instance", issued_at=NOW)

    def answer_overtaken(_: Received) -> Answer:
        world.tokens.put(newer)
        return token_answer()

    world.service.script = answer_overtaken
    assert current(world) == "token-of-another-instance"
    assert world.tokens.stored == newer


def test_one_that_another_instance_renewed_is_not_renewed_again(world: World) -> None:
    world.tokens.put(authorization(issued_at=NOW - timedelta(days=50)))
    assert current(world) == "token-1"
    world.tokens.put(authorization("token-of-another-instance", issued_at=NOW))
    world.now += timedelta(days=5)
    assert current(world) == "token-of-another-instance"
    assert world.service.received == []


def test_a_store_that_does_not_answer_is_temporary(world: World) -> None:
    world.tokens.down = True
    with pytest.raises(TemporaryFailure, match="down"):
        current(world)


def test_the_warning_of_an_authorization() -> None:
    given = authorization(issued_at=NOW)
    assert given.must_sign_in_by() == NOW + timedelta(days=365)
    assert not given.warns(NOW + timedelta(days=334))
    assert given.warns(NOW + timedelta(days=335))
    assert given.warns(NOW + timedelta(days=400))
    assert without_refresh_token(0).must_sign_in_by() == NOW + timedelta(days=60)


def test_tokens_are_not_shown_but_stored() -> None:
    given = authorization()
    assert "token-1" not in repr(given)
    assert "refresh-1" not in repr(given)
    assert Authorization.model_validate_json(given.model_dump_json(by_alias=True)) == given
