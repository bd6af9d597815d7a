"""LinkedIn's token service."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.failures import TemporaryFailure
from shared.linkedin.failures import (
    ClientRefused,
    NotLinkedIn,
    SignInNeeded,
    Throttled,
    Unavailable,
)
from shared.ports import Deadline
from tests.linkedin.scripted_server import Answer
from tests.linkedin.world import CLIENT, NOW, World, authorization, token_answer

REDIRECT = "http://127.0.0.1:8765/callback?a=b"


def test_the_address_where_a_person_signs_in(world: World) -> None:
    url = world.oauth.authorization_url(REDIRECT, "st/ate&", ["r_ads", "rw_ads"])
    assert url.startswith(f"{world.service.url}/oauth/v2/authorization?response_type=code&")
    assert "scope=r_ads%20rw_ads" in url
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": ["app-1"],
        "redirect_uri": [REDIRECT],
        "state": ["st/ate&"],
        "scope": ["r_ads rw_ads"],
    }


def test_the_code_is_exchanged(world: World) -> None:
    given = world.oauth.exchange_code("c+d", REDIRECT, world.deadline)
    (request,) = world.service.received
    assert request.line == "POST /oauth/v2/accessToken"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["c+d"],
        "redirect_uri": [REDIRECT],
        "client_id": ["app-1"],
        "client_secret": ["hush & hidden"],
    }
    assert given.access_token == "token-2"
    assert given.issued_at == NOW
    assert given.access_ends_at == NOW + timedelta(days=60)
    assert given.refresh_token == "refresh-1"
    assert given.refresh_ends_at == NOW + timedelta(days=365)
    assert given.scopes == ("r_ads", "r_marketing_leadgen_automation")


def test_refreshing_does_not_move_the_end_of_the_refresh_token(world: World) -> None:
    old = authorization(issued_at=NOW - timedelta(days=100))
    world.service.answers = [
        token_answer(refresh_token=None, refresh_token_expires_in=None, scope=None)
    ]
    given = world.oauth.refresh(old, world.deadline)
    assert parse_qs(world.service.received[0].body.decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["refresh-1"],
        "client_id": ["app-1"],
        "client_secret": ["hush & hidden"],
    }
    assert given.access_token == "token-2"
    assert given.refresh_token == "refresh-1"
    assert given.refresh_ends_at == old.refresh_ends_at
    assert given.scopes == old.scopes


def test_an_application_that_gets_no_refresh_token(world: World) -> None:
    world.service.answers = [token_answer(refresh_token=None, refresh_token_expires_in=None)]
    given = world.oauth.exchange_code("c", REDIRECT, world.deadline)
    assert given.refresh_token is None
    with pytest.raises(SignInNeeded, match="no refresh token"):
        world.oauth.refresh(given, world.deadline)
    assert len(world.service.received) == 1


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": "invalid_grant", "error_description": "expired"}, SignInNeeded),
        (401, {"error": "invalid_client", "error_description": "no"}, ClientRefused),
        (400, {"error": "invalid_redirect_uri"}, ClientRefused),
        (403, {"error": "access_denied"}, ClientRefused),
        (404, b"<html>", NotLinkedIn),
        (302, b"", NotLinkedIn),
        (200, b"<html>", NotLinkedIn),
        (200, {"expires_in": 5}, NotLinkedIn),
        (200, {"access_token": "x"}, NotLinkedIn),
        (200, {"access_token": "x", "expires_in": None}, NotLinkedIn),
        (200, {"access_token": "x", "expires_in": "soon"}, NotLinkedIn),
        (200, {"access_token": "x", "expires_in": 2**62}, NotLinkedIn),
        (429, b"", Throttled),
        (500, b"", Unavailable),
        (503, {"error": "invalid_grant"}, Unavailable),
    ],
)
def test_every_refusal(world: World, status: int, body: Any, kind: type[Exception]) -> None:
    world.service.answers = [Answer(status=status, body=body)]
    with pytest.raises(kind) as failure:
        world.oauth.refresh(authorization(), world.deadline)
    assert type(failure.value) is kind
    assert "hush" not in str(failure.value)
    assert "refresh-1" not in str(failure.value)


def test_no_time_left(world: World) -> None:
    with pytest.raises(TemporaryFailure, match="no time"):
        world.oauth.refresh(authorization(), Deadline(0))


def test_a_token_is_introspected(world: World) -> None:
    body = {"active": True, "status": "active", "scope": "r_ads,rw_ads", "expires_at": 1795000000}
    world.service.answers = [Answer(body=body)]
    given = world.oauth.introspect("token-1", world.deadline)
    assert world.service.received[0].line == "POST /oauth/v2/introspectToken"
    assert parse_qs(world.service.received[0].body.decode())["token"] == ["token-1"]
    assert (given.active, given.status, given.scopes) == (True, "active", ("r_ads", "rw_ads"))
    assert given.ends_at is not None
    assert given.ends_at.timestamp() == 1795000000


@pytest.mark.parametrize("status", ["revoked", "expired"])
def test_a_dead_token_says_why(world: World, status: str) -> None:
    world.service.answers = [Answer(body={"active": False, "status": status})]
    given = world.oauth.introspect("token-1", world.deadline)
    assert (given.active, given.status, given.scopes, given.ends_at) == (False, status, (), None)


@pytest.mark.parametrize("body", [b"", {}, {"active": "yes"}, {"active": True, "expires_at": "x"}])
def test_an_introspection_that_is_none(world: World, body: Any) -> None:
    world.service.answers = [Answer(body=body)]
    with pytest.raises(NotLinkedIn):
        world.oauth.introspect("token-1", world.deadline)


def test_the_secret_is_not_shown() -> None:
    assert "hush" not in repr(CLIENT)
