"""What the host does with an app that cannot start, and when it is asked to stop."""

import base64
import json
import socket
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from azure.storage.queue import QueueClient

from tests.functions_host.running_host import (
    SECONDS,
    eventually,
    make_app,
    running_host,
    start,
)

APP = "import azure.functions as func\napp = func.FunctionApp()\n"
FUNCTION = "def f(req: func.HttpRequest) -> str:\n    return ''\n"
BLOB_FUNCTION = "def f(b: func.InputStream) -> None: ..."
TIMER_FUNCTION = "def f(t: func.TimerRequest) -> None: ..."


def refusal(folder: Path, *options: str) -> str:
    """What a host says that ends by itself with 1."""
    log = folder / "host.log"
    process = start(folder, log, options, {"AzureWebJobsStorage": "", "Jobs": "", "PREFIX": "x"})
    assert process.wait(SECONDS) == 1, log.read_text()
    said = log.read_text()
    assert "listening" not in said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise ValueError('DOI_PUBLIC_URL is not set')", "ValueError: DOI_PUBLIC_URL is not set"),
        ("app = (", "SyntaxError"),
        ("x = 1", "function_app.py"),
        (f"{APP}other = func.FunctionApp()", "FunctionApp"),
        (f"{APP}import no_such_module", "no_such_module"),
        (f"{APP}@app.route(route='a')\ndef f(other: func.HttpRequest) -> str: ...", "other"),
        (f"{APP}@app.route(route='%NO_ROUTE%')\n{FUNCTION}", "NO_ROUTE, which is not set"),
        (
            f"{APP}@app.blob_trigger(arg_name='b', path='c/n', connection='S')\n{BLOB_FUNCTION}",
            "no binding 'blobTrigger'",
        ),
        (
            f"{APP}@app.timer_trigger(arg_name='t', schedule='@daily')\n{TIMER_FUNCTION}",
            "'@daily' is no NCRONTAB expression",
        ),
    ],
)
def test_says_why_the_app_cannot_be_loaded(
    tmp_path: Path, invoker: str, code: str, message: str
) -> None:
    make_app(tmp_path, "http_app")
    (tmp_path / "function_app.py").write_text(code)
    said = refusal(tmp_path, "--invoker", invoker)
    _, _, reason = said.partition("The functions host cannot start. ")
    assert message in reason


def test_names_the_line_of_the_app(tmp_path: Path, invoker: str) -> None:
    make_app(tmp_path, "http_app")
    (tmp_path / "settings.py").write_text("def read():\n    raise KeyError('NAME')\n")
    (tmp_path / "function_app.py").write_text("import settings\nsettings.read()\n")
    said = refusal(tmp_path, "--invoker", invoker)
    assert f"at {tmp_path / 'settings.py'}, line 2\n" in said


def test_names_a_missing_connection(tmp_path: Path, invoker: str) -> None:
    make_app(tmp_path, "queue_app")
    assert "the setting Jobs is not set" in refusal(tmp_path, "--invoker", invoker)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("host.json", "{", "host.json is not valid JSON"),
        ("local.settings.json", "{", "local.settings.json is not valid JSON"),
        ("local.settings.json", '{"IsEncrypted": true}', "is encrypted"),
        ("local.settings.json", '{"Values": {"A": 1}}', "Values.A should be a string"),
        ("local.settings.json", '{"Host": {"CORS": "http://a, http://b"}}', "' http://b'"),
    ],
)
def test_names_the_file_that_is_wrong(
    tmp_path: Path, file: str, content: str, message: str
) -> None:
    make_app(tmp_path, "http_app")
    (tmp_path / file).write_text(content)
    assert message in refusal(tmp_path)


@pytest.mark.parametrize("file", ["function_app.py", "host.json"])
def test_names_the_file_that_is_missing(tmp_path: Path, file: str) -> None:
    make_app(tmp_path, "http_app")
    (tmp_path / file).unlink()
    assert file in refusal(tmp_path)


def test_names_a_port_in_use(tmp_path: Path) -> None:
    make_app(tmp_path, "http_app")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"cannot listen on port {port}" in refusal(tmp_path, "--port", port)


def test_settings_reach_the_app_and_the_environment_wins(tmp_path: Path, invoker: str) -> None:
    make_app(tmp_path, "http_app")
    show = "import os\nprint('seen', os.environ['FROM_FILE'], os.environ['FROM_BOTH'])\n"
    (tmp_path / "function_app.py").write_text(show + APP)
    values = {"FROM_FILE": "file", "FROM_BOTH": "file"}
    (tmp_path / "my.settings.json").write_text(json.dumps({"Values": values}))
    options = ["--invoker", invoker, "--settings", "my.settings.json"]
    with running_host(tmp_path, *options, environment={"FROM_BOTH": "environment"}) as host:
        assert "seen file environment\n" in host.log()
        assert "the app registers no functions" in host.log()
        assert host.stop() == 0


def test_lets_running_requests_end(tmp_path: Path, invoker: str) -> None:
    app = make_app(tmp_path, "http_app")
    with (
        running_host(app, "--invoker", invoker) as host,
        ThreadPoolExecutor() as threads,
    ):
        met = threads.submit(requests.get, f"{host.url}/api/meet?n=1", timeout=SECONDS)
        eventually(lambda: host.records("meeting"), or_say=host.log)
        stopped = threads.submit(host.stop)

        def refuses() -> bool:
            try:
                requests.get(f"{host.url}/api/text", timeout=SECONDS)
            except requests.ConnectionError:
                return True
            return False

        eventually(refuses, or_say=host.log)
        host.release("release")
        assert met.result().text == "met"
        assert stopped.result() == 0
        assert "had not ended" not in host.log()


def test_lets_running_messages_end(tmp_path: Path, invoker: str, azurite: str) -> None:
    prefix = f"t{uuid.uuid4().hex[:8]}"
    app = make_app(tmp_path, "queue_app")
    environment = {"Jobs": azurite, "PREFIX": prefix}
    with (
        QueueClient.from_connection_string(azurite, f"{prefix}-work") as queue,
        running_host(app, "--invoker", invoker, environment=environment) as host,
        ThreadPoolExecutor() as threads,
    ):
        queue.create_queue()
        queue.send_message(base64.b64encode(b"wait").decode())
        eventually(lambda: host.records("work"), or_say=host.log)
        stopped = threads.submit(host.stop)
        host.release("wait")
        assert stopped.result() == 0
        assert "had not ended" not in host.log()
        assert queue.get_queue_properties().approximate_message_count == 0


def test_ends_even_if_a_function_does_not(tmp_path: Path, azurite: str) -> None:
    prefix = f"t{uuid.uuid4().hex[:8]}"
    app = make_app(tmp_path, "queue_app")
    environment = {"Jobs": azurite, "PREFIX": prefix}
    with (
        QueueClient.from_connection_string(azurite, f"{prefix}-work") as queue,
        running_host(app, environment=environment) as host,
    ):
        queue.create_queue()
        queue.send_message(base64.b64encode(b"wait").decode())
        eventually(lambda: host.records("work"), or_say=host.log)
        assert host.stop() == 0
        assert "had not ended" in host.log()
        assert queue.get_queue_properties().approximate_message_count == 1
