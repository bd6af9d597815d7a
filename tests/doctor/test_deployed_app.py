"""Asking a deployed app: what it may answer, and what must not be believed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from aiohttp import web

from shared.adapters.deployed_app import DeployedApp
from shared.doctor.failures import Refused, Why
from shared.doctor.groups import Group
from shared.failures import TemporaryFailure
from shared.values.check import State
from tests.mailers.http_provider import HttpProvider

GOOD = {"group": "mail", "check": "smtp access", "state": "ok", "found": "yes", "mend": None}


class App(HttpProvider):
    """Answers `body` with `status`; `asked` has each call's query and key."""

    def __init__(self) -> None:
        self.status, self.body = 200, '{"details": []}'
        self.asked: list[tuple[str, str | None]] = []
        app = web.Application()
        app.router.add_get("/api/ready", self._ready)
        super().__init__(app)

    async def _ready(self, request: web.Request) -> web.Response:
        self.asked.append((request.query_string, request.headers.get("x-functions-key")))
        return web.Response(status=self.status, text=self.body, content_type="application/json")


@pytest.fixture
def app() -> Iterator[App]:
    running = App()
    yield running
    running.close()


def asked(app: App, groups: tuple[Group, ...] = tuple(Group), key: str | None = "key") -> Any:
    with requests.Session() as session:
        session.trust_env = False
        return DeployedApp(url=app.url, function_key=key, session=session).examine(groups)


def answer_with(app: App, *details: object, status: int = 200) -> None:
    app.status, app.body = status, json.dumps({"details": list(details)})


@pytest.mark.parametrize("status", [200, 503])
def test_what_it_found_is_handed_on(app: App, status: int) -> None:
    answer_with(app, GOOD, GOOD | {"state": "missing", "mend": "do it"}, status=status)
    first, second = asked(app)
    assert (first.group, first.check.state, first.check.mend) == (Group.MAIL, State.OK, None)
    assert (second.check.state, second.check.mend) == (State.MISSING, "do it")


def test_groups_and_key_are_handed_over(app: App) -> None:
    asked(app)
    asked(app, (Group.MAIL, Group.FORMS), key=None)
    assert app.asked == [("detail=all", "key"), ("detail=forms,mail", None)]


@pytest.mark.parametrize(
    "detail",
    [
        None,
        "x",
        {},
        GOOD | {"group": "teeth"},
        GOOD | {"state": "fine"},
        {name: value for name, value in GOOD.items() if name != "mend"},
    ],
)
def test_a_check_that_cannot_be_read_is_no_check(app: App, detail: object) -> None:
    answer_with(app, GOOD, detail)
    with pytest.raises(Refused, match="a check that cannot be read") as refused:
        asked(app)
    assert refused.value.why is Why.OTHER


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"details": {}}', '{"status": "ready"}'])
def test_an_answer_that_is_none_is_not_believed(app: App, body: str) -> None:
    app.body = body
    with pytest.raises(Refused, match=r"^the app: 200$"):
        asked(app)
    app.status = 503
    with pytest.raises(TemporaryFailure, match=r"^the app: 503$"):
        asked(app)


@pytest.mark.parametrize(
    ("status", "why"),
    [(401, Why.CREDENTIALS), (403, Why.CREDENTIALS), (404, Why.NOT_THERE), (400, Why.OTHER)],
)
def test_refusals(app: App, status: int, why: Why) -> None:
    app.status = status
    with pytest.raises(Refused) as refused:
        asked(app)
    assert refused.value.why is why
