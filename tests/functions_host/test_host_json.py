"""host.json: the project's own, defaults, overrides, mistakes."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.functions_host.host_json import HostSettings, QueueSettings, read_host_json
from local.functions_host.load_failure import LoadFailure
from tests.azurite import REPOSITORY


def read(tmp_path: Path, queues: dict[str, Any], **environment: str) -> QueueSettings:
    file = tmp_path / "host.json"
    file.write_text(json.dumps({"version": "2.0", "extensions": {"queues": queues}}))
    return read_host_json(file, environment).queues


def test_reads_the_projects_own_file() -> None:
    assert read_host_json(REPOSITORY / "host.json", {}) == HostSettings(
        route_prefix="api",
        queues=QueueSettings(
            batch_size=4,
            new_batch_threshold=2,
            max_dequeue_count=5,
            visibility_timeout=60,
            max_polling_interval=2,
            base64=False,
        ),
    )


def test_samples_no_traces_requests_or_exceptions() -> None:
    logging = json.loads((REPOSITORY / "host.json").read_text())["logging"]
    sampling = logging["applicationInsights"]["samplingSettings"]
    assert {"Request", "Exception", "Trace"} <= set(sampling["excludedTypes"].split(";"))


def test_takes_the_hosts_defaults(tmp_path: Path) -> None:
    assert read(tmp_path, {}) == QueueSettings()
    assert read(tmp_path, {"batchSize": 32}).new_batch_threshold == 16


def test_settings_override_the_file(tmp_path: Path) -> None:
    overridden = read(
        tmp_path,
        {"visibilityTimeout": "1.02:03:04"},
        AzureFunctionsJobHost__extensions__queues__maxDequeueCount="3",
        AzureFunctionsJobHost__extensions__queues__messageEncoding="none",
    )
    assert overridden.visibility_timeout == 93784
    assert overridden.max_dequeue_count == 3
    assert not overridden.base64


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("batchSize", 33),
        ("batchSize", 0),
        ("batchSize", "many"),
        ("newBatchThreshold", -1),
        ("maxDequeueCount", None),
        ("visibilityTimeout", 60),
        ("visibilityTimeout", "00:60:00"),
        ("maxPollingInterval", "2s"),
        ("messageEncoding", "utf8"),
    ],
)
def test_names_a_wrong_setting(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(LoadFailure, match=name):
        read(tmp_path, {name: value})


def test_wants_version_two(tmp_path: Path) -> None:
    (tmp_path / "host.json").write_text("{}")
    with pytest.raises(LoadFailure, match="version"):
        read_host_json(tmp_path / "host.json", {})
