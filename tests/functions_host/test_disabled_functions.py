"""`AzureWebJobs.NAME.Disabled`, on a running host."""

from pathlib import Path

import pytest
import requests

from tests.functions_host.running_host import SECONDS, eventually, make_app, running_host


@pytest.mark.parametrize("value", ["true", "True", "1"])
def test_nothing_triggers_a_disabled_function(value: str, tmp_path: Path) -> None:
    app = make_app(tmp_path, "timer_app")
    environment = {"EVERY_SECOND": "* * * * * *", "AzureWebJobs.at_start.Disabled": value}
    with running_host(app, environment=environment) as host:
        eventually(lambda: len(host.records("every_second")) >= 2, or_say=host.log)
        assert host.records("at_start") == []


@pytest.mark.parametrize(("value", "status"), [("true", 404), ("false", 200), ("", 200)])
def test_a_disabled_http_function_is_not_found(value: str, status: int, tmp_path: Path) -> None:
    app = make_app(tmp_path, "http_app")
    with running_host(app, environment={"AzureWebJobs.text.Disabled": value}) as host:
        assert requests.get(f"{host.url}/api/text", timeout=SECONDS).status_code == status
