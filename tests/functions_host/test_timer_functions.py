"""Timers on a running host."""

from pathlib import Path

import requests

from tests.functions_host.running_host import SECONDS, eventually, make_app, running_host


def test_runs_timers_at_start_on_schedule_and_by_hand(tmp_path: Path, invoker: str) -> None:
    app = make_app(tmp_path, "timer_app")
    environment = {"EVERY_SECOND": "* * * * * *"}
    with running_host(app, "--invoker", invoker, environment=environment) as host:
        eventually(lambda: len(host.records("every_second")) >= 2, or_say=host.log)
        first, second = host.records("every_second")[:2]
        assert set(first["status"]) == {"Last", "Next", "LastUpdated"}
        assert first["status"]["Next"] < second["status"]["Next"]
        assert [each["past_due"] for each in host.records("at_start")] == [False]
        assert host.records("new_year") == []
        answer = requests.post(f"{host.url}/admin/functions/new_year", json={}, timeout=SECONDS)
        assert answer.status_code == 202
        eventually(lambda: host.records("new_year"), or_say=host.log)
        # The function's own record is there before the host's line about it.
        done = "new_year (timer admin) succeeded in "
        eventually(lambda: done in host.log(), or_say=host.log)
        assert host.log().count("at_start (timer start) succeeded in ") == 1
        assert "every_second (timer schedule) succeeded in " in host.log()
        assert host.stop() == 0
