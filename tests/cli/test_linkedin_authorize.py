"""`doi linkedin authorize`: a person signs in at the LinkedIn simulator."""

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep

import pytest
import requests

from cli.linkedin.redirect import NotTheAnswer, read_answer
from local.linkedin_simulator import RunningLinkedIn
from local.linkedin_simulator.seed import DEFAULT_SEED
from shared.failures import Changed
from shared.linkedin.sign_in import Introspection, SignIn
from shared.ports import Deadline, Versioned
from shared.values.linkedin.authorization import Authorization
from tests.cli.operated_linkedin import (
    DONE,
    NO_ANSWER,
    REFRESH_TOKEN,
    REFUSED,
    WRONG_USAGE,
    Operated,
    decide,
    printed,
)
from tests.examples import NOON
from tests.linkedin.stored_tokens import StoredTokens
from tests.linkedin_simulator.client import Api

HTTPS = "https://doi.contoso.example/linkedin"
PATIENCE_SECONDS = 20


@dataclass
class Person:
    """Implements SignIn, and stands for the person: whoever is given an address opens it.

    `visits` come before LinkedIn's answer, at the same port; `answers` are what they were told.
    """

    real: SignIn
    port: int
    decision: str = "allow"
    visits: Sequence[str] = ()
    answers: list[tuple[int, str]] = field(default_factory=list)
    thread: threading.Thread | None = None
    address: str = ""

    def authorization_url(self, redirect_uri: str, state: str, scopes: Sequence[str]) -> str:
        self.address = self.real.authorization_url(redirect_uri, state, scopes)
        self.thread = threading.Thread(target=self._sign_in)
        self.thread.start()
        return self.address

    def exchange_code(self, code: str, redirect_uri: str, deadline: Deadline) -> Authorization:
        return self.real.exchange_code(code, redirect_uri, deadline)

    def introspect(self, token: str, deadline: Deadline) -> Introspection:
        return self.real.introspect(token, deadline)

    def _sign_in(self) -> None:
        query = decide(self.address, self.decision).partition("?")[2]
        for path in (*self.visits, f"/callback?{query}"):
            answer = self._get(f"http://127.0.0.1:{self.port}{path}")
            self.answers.append((answer.status_code, answer.text))

    def _get(self, url: str) -> requests.Response:
        """As soon as somebody listens there."""
        give_up_at = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return requests.get(url, timeout=PATIENCE_SECONDS)
            except requests.ConnectionError:
                assert monotonic() < give_up_at
                sleep(0.02)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
        return found


@pytest.fixture
def operated(port: int, tmp_path: Path) -> Iterator[Operated]:
    """LinkedIn knows two redirect URLs more: of this machine, and one that leads nowhere."""
    content = json.loads(DEFAULT_SEED.read_bytes())
    content["application"]["redirectUris"] += [f"http://127.0.0.1:{port}/callback", HTTPS]
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(content))
    with RunningLinkedIn(now=lambda: NOON, seed=seed) as running, requests.Session() as http:
        api = Api(running.url)
        with api.session:
            operated = Operated(url=running.url, api=api, http=http)
            operated.tokens.stored = None
            yield operated


@pytest.fixture
def person(operated: Operated, port: int) -> Iterator[Person]:
    person = Person(real=operated.outside.linkedin.sign_in, port=port)
    operated.outside.linkedin = replace(operated.outside.linkedin, sign_in=person)
    yield person
    if person.thread:
        person.thread.join()


def here(port: int) -> tuple[str, str, str]:
    return "authorize", "--redirect-uri", f"http://127.0.0.1:{port}/callback"


def test_after_signing_in_the_app_has_its_tokens(
    operated: Operated, person: Person, port: int
) -> None:
    result = operated.doi(*here(port))
    assert result.exit_code == DONE, result.output
    assert person.address in result.stderr
    assert "The app has its tokens" in result.stdout
    assert "Sign in again before 2027-11-22, in 365 days." in result.stdout
    stored = operated.tokens.stored
    assert stored
    assert stored.refresh_token not in (None, REFRESH_TOKEN)
    assert stored.scopes == ("r_marketing_leadgen_automation", "r_ads")
    assert person.thread
    person.thread.join()
    assert person.answers == [
        (200, "Thank you. You may close this page and go back to the command line.")
    ]
    assert operated.doi("forms", "list").exit_code == DONE


def test_for_programs(operated: Operated, person: Person, port: int) -> None:
    result = operated.doi(*here(port), "--scope", "r_ads", "--scope", "rw_ads", "--json")
    assert printed(result) == {
        "keptIn": "table leads",
        "hasRefreshToken": True,
        "scopes": ["r_ads", "rw_ads"],
        "missingScopes": [],
        "accessEndsAt": "2027-01-21T12:00:00+00:00",
        "signInBy": "2027-11-22T12:00:00+00:00",
    }
    assert "scope=r_ads%20rw_ads" in person.address


def test_only_the_answer_to_this_sign_in_counts(
    operated: Operated, person: Person, port: int
) -> None:
    person.visits = [
        "/favicon.ico",
        "/callback",
        "/callback?code=forged&state=guessed",
        "/callback?code=forged&state=guessed&state=again",
    ]
    assert operated.doi(*here(port)).exit_code == DONE
    assert person.thread
    person.thread.join()
    assert [status for status, _ in person.answers] == [404, 400, 400, 400, 200]


def test_a_person_who_says_no(operated: Operated, person: Person, port: int) -> None:
    person.decision = "cancel"
    result = operated.doi(*here(port))
    assert (result.exit_code, result.stdout) == (REFUSED, "")
    assert "user_cancelled_authorize" in result.stderr
    assert operated.tokens.stored is None


def test_a_permission_that_the_application_may_not_ask_for(
    operated: Operated, person: Person, port: int
) -> None:
    result = operated.doi(*here(port), "--scope", "w_everything")
    assert person.address
    assert result.exit_code == REFUSED
    assert "unauthorized_scope_error" in result.stderr


def test_nobody_comes(operated: Operated, port: int) -> None:
    result = operated.doi(*here(port), "--wait", "1")
    assert result.exit_code == NO_ANSWER
    assert "Nobody signed in within 1 seconds." in result.stderr


def test_a_port_that_is_taken(operated: Operated) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = operated.doi(*here(taken.getsockname()[1]))
    assert result.exit_code == WRONG_USAGE
    assert "in use" in result.stderr


def test_a_proxy_may_bring_the_redirect_here(operated: Operated, person: Person, port: int) -> None:
    result = operated.doi(
        *("authorize", "--redirect-uri", "http://localhost:8765/callback", "--listen", str(port))
    )
    assert result.exit_code == DONE, result.output
    assert "localhost%3A8765" in person.address


@dataclass
class Pasting:
    """Implements SignIn: LinkedIn's page is decided on at once; `location` is what one pastes."""

    real: SignIn
    location: str = ""

    def authorization_url(self, redirect_uri: str, state: str, scopes: Sequence[str]) -> str:
        address = self.real.authorization_url(redirect_uri, state, scopes)
        self.location = decide(address)
        return address

    def exchange_code(self, code: str, redirect_uri: str, deadline: Deadline) -> Authorization:
        return self.real.exchange_code(code, redirect_uri, deadline)

    def introspect(self, token: str, deadline: Deadline) -> Introspection:
        return self.real.introspect(token, deadline)


def test_an_https_redirect_is_pasted(operated: Operated, monkeypatch: pytest.MonkeyPatch) -> None:
    pasting = Pasting(operated.outside.linkedin.sign_in)
    operated.outside.linkedin = replace(operated.outside.linkedin, sign_in=pasting)
    # The terminal asks without showing what is typed; there is none here.
    monkeypatch.setattr("typer.prompt", lambda *_, **options: _typed(pasting, options))
    result = operated.doi("authorize", "--redirect-uri", HTTPS)
    assert result.exit_code == DONE, result.output
    assert pasting.location.startswith(f"{HTTPS}?code=")
    assert pasting.location not in result.output
    assert operated.tokens.stored


def _typed(pasting: Pasting, options: dict[str, object]) -> str:
    assert options["hide_input"] is True
    return pasting.location


def test_pasting_something_else(operated: Operated) -> None:
    result = operated.doi("authorize", "--redirect-uri", HTTPS, answer=f"{HTTPS}?code=x&state=y\n")
    assert result.exit_code == REFUSED
    assert "not LinkedIn's answer" in result.stderr
    assert "code=x" not in result.output
    assert operated.tokens.stored is None


@pytest.mark.parametrize("uri", ["nonsense", "ftp://x/y", "http://127.0.0.1:nonsense/"])
def test_a_redirect_uri_that_is_none(operated: Operated, uri: str) -> None:
    assert operated.doi("authorize", "--redirect-uri", uri).exit_code == WRONG_USAGE


def test_the_refresh_token_goes_into_a_file_for_a_key_vault(
    operated: Operated, person: Person, port: int, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    result = operated.doi(*here(port), "--token-file", str(file))
    assert result.exit_code == DONE, result.output
    assert file.stat().st_mode & 0o777 == 0o600
    token = file.read_text()
    assert token.startswith("AQ")
    assert token not in result.output
    assert "LINKEDIN_REFRESH_TOKEN" in result.stdout
    assert "az keyvault secret set" in result.stdout
    assert operated.tokens.stored is None
    operated.api.token(refresh_token=token)  # LinkedIn knows it
    assert person.address


def test_a_file_is_never_overwritten(operated: Operated, port: int, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("somebody's")
    result = operated.doi(*here(port), "--token-file", str(file))
    assert result.exit_code == WRONG_USAGE
    assert file.read_text() == "somebody's"


def test_an_application_that_gets_no_refresh_token(
    operated: Operated, person: Person, port: int, tmp_path: Path
) -> None:
    operated.api.settings(refreshTokens=False)
    result = operated.doi(*here(port), "--token-file", str(tmp_path / "token"))
    assert result.exit_code == DONE, result.output
    assert "LINKEDIN_ACCESS_TOKEN" in result.stdout
    assert "no refresh token" in result.stderr
    assert "Sign in again before 2027-01-21, in 60 days." in result.stdout
    assert person.address


def test_the_app_renews_its_token_meanwhile(operated: Operated, person: Person, port: int) -> None:
    tokens = Contended()
    operated.outside.linkedin = replace(operated.outside.linkedin, tokens=tokens)
    assert operated.doi(*here(port)).exit_code == DONE
    assert tokens.stored
    assert tokens.refused == 1
    assert person.address


@dataclass
class Contended(StoredTokens):
    """Somebody else is faster, once."""

    refused: int = 0

    def save(self, authorization: Versioned[Authorization]) -> Versioned[Authorization]:
        if not self.refused:
            self.refused += 1
            raise Changed
        return super().save(authorization)


def test_the_answers_own_text_shows_no_code() -> None:
    answer = read_answer(f"{HTTPS}?code=very-secret&state=s", "s")
    assert answer.code == "very-secret"
    assert "very-secret" not in repr(answer)
    for wrong in ("", HTTPS, f"{HTTPS}?state=s", f"{HTTPS}?code=c&state=%C3%A4"):
        with pytest.raises(NotTheAnswer):
            read_answer(wrong, "s")
