"""Function keys and cross-origin requests on a running host."""

import json
from collections.abc import Iterator

import pytest
import requests

from tests.functions_host.running_host import SECONDS, RunningHost, make_app, running_host

SITE = "http://127.0.0.1:8080"
OTHER = "https://other.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type,idempotency-key",
}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    app = make_app(tmp_path_factory.mktemp("cors"), "http_app", prefix="")
    settings = {
        "IsEncrypted": False,
        "Values": {"PYTHON_THREADPOOL_THREAD_COUNT": "1"},
        "Host": {"CORS": f"{SITE},http://localhost:8080", "CORSCredentials": True},
    }
    (app / "local.settings.json").write_text(json.dumps(settings))
    with running_host(app, "--key", "first", "--key", "second") as running:
        yield running


@pytest.fixture(scope="module")
def host_for_other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    app = make_app(tmp_path_factory.mktemp("cors_option"), "http_app")
    (app / "local.settings.json").write_text(json.dumps({"Host": {"CORS": SITE}}))
    with running_host(app, "--cors", OTHER) as running:
        yield running


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({}, "", 401),
        ({"x-functions-key": "wrong"}, "", 401),
        ({"x-functions-key": "first"}, "", 200),
        ({"X-Functions-Key": "second"}, "", 200),
        ({}, "?code=second", 200),
        ({}, "?code=säcond", 401),
    ],
)
def test_enforces_keys_it_was_given(
    host: RunningHost, headers: dict[str, str], query: str, status: int
) -> None:
    answer = requests.get(f"{host.url}/guarded{query}", headers=headers, timeout=SECONDS)
    assert answer.status_code == status
    admin = requests.get(f"{host.url}/admin/host/status{query}", headers=headers, timeout=SECONDS)
    assert admin.status_code == status


def test_anonymous_functions_need_no_key(host: RunningHost) -> None:
    assert requests.get(f"{host.url}/text", timeout=SECONDS).status_code == 200


def test_an_empty_route_prefix_puts_functions_at_the_root(host: RunningHost) -> None:
    assert requests.get(f"{host.url}/api/text", timeout=SECONDS).status_code == 404


@pytest.mark.parametrize("path", ["/answer", "/no-such-route"])
def test_answers_preflight_itself(host: RunningHost, path: str) -> None:
    answer = requests.options(
        f"{host.url}{path}", headers={"Origin": SITE, **PREFLIGHT}, timeout=SECONDS
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type,idempotency-key"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.parametrize("origin", [OTHER, "null", "http://127.0.0.1:8081", f"{SITE}/"])
def test_gives_other_origins_no_headers(host: RunningHost, origin: str) -> None:
    preflight = requests.options(
        f"{host.url}/answer", headers={"Origin": origin, **PREFLIGHT}, timeout=SECONDS
    )
    actual = requests.get(f"{host.url}/text", headers={"Origin": origin}, timeout=SECONDS)
    assert actual.status_code == 200
    for answer in (preflight, actual):
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(("path", "status"), [("/text", 200), ("/fail", 500), ("/nothing", 404)])
def test_lets_allowed_origins_read_answers(host: RunningHost, path: str, status: int) -> None:
    origin = "http://localhost:8080"
    answer = requests.get(f"{host.url}{path}", headers={"Origin": origin}, timeout=SECONDS)
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Vary"] == "Origin"


def test_options_that_is_no_preflight_is_a_request_like_any_other(host: RunningHost) -> None:
    answer = requests.options(f"{host.url}/text", headers={"Origin": SITE}, timeout=SECONDS)
    assert answer.status_code == 404


def test_the_option_replaces_the_setting(host_for_other: RunningHost) -> None:
    def allowed(origin: str) -> str | None:
        answer = requests.get(
            f"{host_for_other.url}/api/text", headers={"Origin": origin}, timeout=SECONDS
        )
        return answer.headers.get("Access-Control-Allow-Origin")

    assert allowed(OTHER) == OTHER
    assert allowed(SITE) is None
