"""host.json: what the host reads from it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.functions_host.load_failure import LoadFailure

_OVERRIDE = "AzureFunctionsJobHost__"
_MAX_BATCH = 32  # what Get Messages returns at most


@dataclass(frozen=True, kw_only=True)
class QueueSettings:
    """`extensions.queues`, with the defaults of the real host. Times are seconds.

    https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#hostjson-settings
    """

    batch_size: int = 16
    new_batch_threshold: int = 8
    max_dequeue_count: int = 5
    visibility_timeout: float = 0
    # The documented minute is production's; in the Development environment it is two seconds.
    max_polling_interval: float = 2
    base64: bool = True


@dataclass(frozen=True, kw_only=True)
class HostSettings:
    """What this host uses of host.json."""

    route_prefix: str = "api"
    queues: QueueSettings = QueueSettings()


def read_host_json(path: Path, environment: Mapping[str, str]) -> HostSettings:
    """Parses host.json; settings `AzureFunctionsJobHost__a__b` override it, as in Azure.

    Raises LoadFailure naming the property that is wrong.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise LoadFailure(f"{path} is missing; a Functions app has one") from None
    except ValueError as error:
        raise LoadFailure(f"{path} is not valid JSON: {error}") from error
    if document.get("version") != "2.0":
        raise LoadFailure(f'{path}: version should be "2.0"')
    _override(document, environment)
    extensions = document.get("extensions", {})
    return HostSettings(
        route_prefix=str(extensions.get("http", {}).get("routePrefix", "api")).strip("/"),
        queues=_queue_settings(extensions.get("queues", {})),
    )


def _override(document: dict[str, Any], environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        if not name.startswith(_OVERRIDE):
            continue
        *sections, last = name.removeprefix(_OVERRIDE).split("__")
        section = document
        for key in sections:
            section = section.setdefault(key, {})
        section[last] = value


def _queue_settings(queues: Mapping[str, Any]) -> QueueSettings:
    batch_size = _whole_number(queues, "batchSize", 16, at_least=1, at_most=_MAX_BATCH)
    encoding = str(queues.get("messageEncoding", "base64")).lower()
    if encoding not in ("base64", "none"):
        raise LoadFailure('host.json: queues.messageEncoding should be "base64" or "none"')
    return QueueSettings(
        batch_size=batch_size,
        new_batch_threshold=_whole_number(queues, "newBatchThreshold", batch_size // 2, at_least=0),
        max_dequeue_count=_whole_number(queues, "maxDequeueCount", 5, at_least=1),
        visibility_timeout=_seconds(queues, "visibilityTimeout", "00:00:00"),
        max_polling_interval=_seconds(queues, "maxPollingInterval", "00:00:02"),
        base64=encoding == "base64",
    )


def _whole_number(
    queues: Mapping[str, Any], name: str, default: int, *, at_least: int, at_most: int | None = None
) -> int:
    try:
        number = int(queues.get(name, default))
    except (TypeError, ValueError):
        raise LoadFailure(f"host.json: queues.{name} should be a whole number") from None
    if number < at_least or (at_most is not None and number > at_most):
        limits = f"at least {at_least}" + (f" and at most {at_most}" if at_most else "")
        raise LoadFailure(f"host.json: queues.{name} should be {limits}")
    return number


def _seconds(queues: Mapping[str, Any], name: str, default: str) -> float:
    match = re.fullmatch(
        r"(?:(\d+)\.)?(\d{1,2}):([0-5]?\d):([0-5]?\d(?:\.\d+)?)", str(queues.get(name, default))
    )
    if match is None:
        raise LoadFailure(f'host.json: queues.{name} should look like "00:01:00"')
    days, hours, minutes, seconds = match.groups()
    return int(days or 0) * 86400 + int(hours) * 3600 + int(minutes) * 60 + float(seconds)
