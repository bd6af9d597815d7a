"""HTTP functions on a running host, by raw HTTP where it matters."""

import gzip
import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.functions_host.running_host import (
    SECONDS,
    RunningHost,
    eventually,
    make_app,
    running_host,
)

LIMIT = 1_000_000


@pytest.fixture(scope="module")
def host(invoker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    app = make_app(tmp_path_factory.mktemp("http"), "http_app")
    environment = {
        "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": str(LIMIT),
        "PYTHON_THREADPOOL_THREAD_COUNT": "3",
    }
    with running_host(app, "--invoker", invoker, environment=environment) as running:
        yield running


def raw(
    host: RunningHost,
    method: str,
    target: str,
    headers: list[tuple[str, str]] | None = None,
    body: bytes = b"",
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Exactly this request, without a client's tidying."""
    connection = http.client.HTTPConnection(host.url.removeprefix("http://"), timeout=SECONDS)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers or []:
            connection.putheader(name, value)
        connection.endheaders(body or None)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def echoed(host: RunningHost, *arguments: Any) -> Any:
    status, _, body = raw(host, *arguments)
    assert status == 200
    return json.loads(body)


def test_hands_on_method_url_and_body_bytes_unchanged(host: RunningHost) -> None:
    body = b"\x00\xff not text {"
    seen = echoed(host, "POST", "/api/echo?a=%C3%A4", [("Content-Length", str(len(body)))], body)
    assert seen["method"] == "POST"
    assert seen["url"] == f"{host.url}/api/echo?a=%C3%A4"
    assert bytes.fromhex(seen["body"]) == body


def test_leaves_compressed_bodies_compressed(host: RunningHost) -> None:
    body = gzip.compress(b"hello")
    headers = [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
    assert bytes.fromhex(echoed(host, "POST", "/api/echo", headers, body)["body"]) == body


def test_hands_on_no_body_without_content_length(host: RunningHost) -> None:
    chunked = b"5\r\nhello\r\n0\r\n\r\n"
    seen = echoed(host, "POST", "/api/echo", [("Transfer-Encoding", "chunked")], chunked)
    assert seen["body"] == ""


def test_joins_repeated_query_parameters_and_drops_empty_ones(host: RunningHost) -> None:
    seen = echoed(host, "GET", "/api/echo?x=1&X=2&empty=&flag&s=a+b%26&bad=%ff")
    assert seen["query"] == {"x": "1,2", "s": "a b&", "bad": "\ufffd"}


def test_joins_repeated_headers_in_lower_case(host: RunningHost) -> None:
    seen = echoed(host, "GET", "/api/echo", [("X-A", "1"), ("x-a", "2"), ("X-None", "")])
    assert seen["headers"]["x-a"] == "1,2"
    assert seen["headers"]["x-none"] == ""


def test_refuses_headers_that_are_not_utf8(host: RunningHost) -> None:
    status, _, body = raw(host, "GET", "/api/echo", [("X-A", "\xff\xfe")])
    assert (status, body) == (400, b"")


def test_appends_the_client_to_x_forwarded_for(host: RunningHost) -> None:
    alone = echoed(host, "GET", "/api/echo")["headers"]
    address, _, port = alone["x-forwarded-for"].partition(":")
    assert address == "127.0.0.1"
    assert port.isdigit()
    assert alone["x-forwarded-proto"] == "http"
    spoofed = [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https")]
    both = echoed(host, "GET", "/api/echo", spoofed)["headers"]
    assert both["x-forwarded-for"].startswith("203.0.113.7, 127.0.0.1:")
    assert both["x-forwarded-proto"] == "http"


def test_matches_routes_in_any_case_and_decodes_values(host: RunningHost) -> None:
    assert echoed(host, "GET", "/API/Echo/a%20%C3%A4%2Fb/")["route"] == {"name": "a ä%2Fb"}
    assert echoed(host, "GET", "/api/echo")["route"] == {}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/nothing"),
        ("GET", "/echo"),
        ("GET", "/"),
        ("GET", "/api/items/one"),
        ("POST", "/api/items/1"),
        ("HEAD", "/api/items/1"),
        ("OPTIONS", "/api/echo"),
        ("DELETE", "/api/echo"),
    ],
)
def test_answers_a_bare_404(host: RunningHost, method: str, path: str) -> None:
    status, headers, body = raw(host, method, path)
    assert (status, body) == (404, b"")
    assert "Allow" not in headers


def test_checks_route_constraints(host: RunningHost) -> None:
    assert raw(host, "GET", "/api/items/42")[2] == b"42"


def test_answers_head_where_it_is_registered(host: RunningHost) -> None:
    status, headers, body = raw(host, "HEAD", "/api/echo")
    assert (status, body) == (200, b"")
    assert headers["Content-Type"] == "application/json"


def test_answers_as_the_function_says(host: RunningHost) -> None:
    answer = requests.post(f"{host.url}/api/answer", data=b"<p>\xc3\xa4", timeout=SECONDS)
    assert answer.status_code == 418
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["X-Mine"] == "1"
    assert answer.content == b"<p>\xc3\xa4"
    cookies = raw(host, "POST", "/api/answer", [("Content-Length", "0")])[1].get_all("Set-Cookie")
    assert cookies == ["a=1; HttpOnly; Path=/", "b=2; SameSite=Lax; Secure"]


def test_answers_a_string_as_text(host: RunningHost) -> None:
    answer = requests.get(f"{host.url}/api/text", timeout=SECONDS)
    assert (answer.status_code, answer.text) == (200, "plain GET")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("name", ["fail", "fail-async", "leave"])
def test_an_exception_is_an_empty_500_and_a_stack_trace_in_the_log(
    host: RunningHost, name: str
) -> None:
    before = len(host.log())
    answer = requests.get(f"{host.url}/api/{name}?token=hush", timeout=SECONDS)
    assert (answer.status_code, answer.content) == (500, b"")
    log = host.log()[before:]
    function = name.replace("-", "_")
    assert log.count(f"ERROR host: {function} (GET /api/{name}) failed in ") == 1
    assert log.count("Traceback") == 1
    assert f"in {function}\n" in log
    assert "hush" not in log


def test_logs_one_line_per_invocation_without_the_query(host: RunningHost) -> None:
    before = len(host.log())
    assert raw(host, "GET", "/api/items/7?token=hush")[0] == 200
    lines = host.log()[before:].splitlines()
    assert len(lines) == 1
    assert " INFO host: item (GET /api/items/7) succeeded with 200 in " in lines[0]
    assert lines[0].endswith(" ms")
    assert "hush" not in lines[0]


def test_shows_what_the_app_logs(host: RunningHost) -> None:
    before = len(host.log())
    raw(host, "GET", "/api/log")
    log = host.log()[before:]
    assert "INFO my.app: shown GET ✓" in log
    assert "not shown" not in log
    assert "chatter" not in log


def test_enforces_no_keys_by_default(host: RunningHost) -> None:
    assert raw(host, "GET", "/api/guarded")[2] == b"GET guarded"


def test_refuses_bodies_beyond_the_limit(host: RunningHost) -> None:
    fits = requests.post(f"{host.url}/api/echo", data=b"x" * LIMIT, timeout=SECONDS)
    assert len(fits.json()["body"]) == 2 * LIMIT
    announced = [("Content-Length", str(LIMIT + 1))]
    assert raw(host, "POST", "/api/echo", announced)[0] == 413


def test_runs_sync_functions_in_as_many_threads_as_the_setting_says(host: RunningHost) -> None:
    def meet(number: int) -> str:
        return requests.get(f"{host.url}/api/meet?n={number}", timeout=2 * SECONDS).text

    with ThreadPoolExecutor(4) as visitors:
        answers = [visitors.submit(meet, number) for number in range(4)]
        eventually(lambda: len(host.records("meeting")) == 3)
        # An async function is served meanwhile, so the fourth visitor had every chance to start.
        assert raw(host, "GET", "/api/items/1")[0] == 200
        assert len(host.records("meeting")) == 3
        host.release("release")
        assert [answer.result() for answer in answers] == ["met"] * 4


def test_tells_its_status(host: RunningHost, invoker: str) -> None:
    status = requests.get(f"{host.url}/admin/host/status", timeout=SECONDS).json()
    names = {"direct": "direct", "runtime": "azure-functions-runtime"}
    assert status["state"] == "Running"
    assert status["invoker"] == names[invoker]
    assert {"echo", "guarded", "item"} <= set(status["functions"])


@pytest.mark.parametrize(("name", "body", "status"), [("nothing", "{}", 404), ("echo", "{}", 400)])
def test_runs_by_hand_only_what_has_no_route(
    host: RunningHost, name: str, body: str, status: int
) -> None:
    answer = requests.post(f"{host.url}/admin/functions/{name}", data=body, timeout=SECONDS)
    assert answer.status_code == status
