"""Cold start: a fresh process up to its first answer, to one that imports azure.functions only.

What a platform does before it starts Python is not in these numbers. On Azure Functions the worker
has imported azure.functions before it loads the app.
"""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from azure.storage.queue import AccountSasPermissions, ResourceTypes, generate_account_sas

from bench.finding import Finding
from bench.fresh_process import first_line, import_times
from bench.plots import bars, stripes
from bench.recording.proxy import RecordingProxy
from bench.rounds import Spread, alternate
from bench.scale import Scale
from bench.section import Section, paragraphs
from bench.stack import BenchStack
from bench.webhook_calls import challenge_answer
from local.markdown import table
from local.stack.addresses import AZURITE_ACCOUNT, AZURITE_KEY, url

_SHOWN_PACKAGES = 16


class Start(StrEnum):
    """What a fresh process does; measured until it has printed one line."""

    PYTHON = "Python, nothing else"
    SDK = "import azure.functions"
    PYDANTIC = "import azure.functions and pydantic's models"
    APP = "import function_app"
    REGISTER = "the same, and accept a registration"
    IDENTITY = "likewise, with a token of the instance's identity, as in Azure"
    CHALLENGE = "the same, and answer LinkedIn's challenge"
    UNCOMPILED = "accept a registration, without compiled modules (.pyc)"


def _imports(names: str) -> list[str]:
    imported = f"import sys, {names}" if names else "import sys"
    return ["-c", f"{imported}; print(flush=True); sys.stdin.read()"]


_COMMANDS: Mapping[Start, list[str]] = {
    Start.PYTHON: _imports(""),
    Start.SDK: _imports("azure.functions"),
    Start.PYDANTIC: _imports("azure.functions, pydantic.main"),
    Start.APP: _imports("function_app"),
    Start.REGISTER: ["-m", "bench.first_registration"],
    Start.IDENTITY: ["-m", "bench.first_registration"],
    Start.CHALLENGE: ["-m", "bench.webhook_first_answer", "{code}"],
    Start.UNCOMPILED: ["-m", "bench.first_registration"],
}
_SHORT: Mapping[Start, str] = {
    Start.PYTHON: "Python",
    Start.SDK: "azure.functions",
    Start.PYDANTIC: "… and pydantic",
    Start.APP: "the app",
    Start.REGISTER: "… register",
    Start.IDENTITY: "… by identity",
    Start.CHALLENGE: "… challenge",
}
_FIRST: Mapping[Start, str] = {
    Start.REGISTER: "its first registration",
    Start.CHALLENGE: "its answer to LinkedIn's challenge",
}
GOALS = {Start.REGISTER: 1.6, Start.CHALLENGE: 1.2}
ACCEPTED = {"status": 202}
_ACCEPTS = (Start.REGISTER, Start.IDENTITY, Start.UNCOMPILED)


def measure(scale: Scale) -> dict[str, Any]:
    """Seconds and megabytes for each of `Start`, by rounds; milliseconds by package."""
    with (
        tempfile.TemporaryDirectory(prefix="doi-bench-") as folder,
        BenchStack(Path(folder), dataverse=True) as stack,  # whose simulator gives out tokens
        RecordingProxy({"queue": stack.addresses.azurite_queues}, _signature()) as account,
    ):
        environment = _compiled(stack.environment)
        in_azure = environment | _reached_by_identity(account.ports["queue"])

        def one(start: Start) -> dict[str, float]:
            return _start(start, in_azure if start is Start.IDENTITY else environment)

        taken = alternate(list(Start), scale.starts, one)
        modules = [
            import_times(["-m", "bench.first_registration"], environment)
            for _ in range(min(5, scale.starts))
        ]
        before = import_times(_COMMANDS[Start.SDK], environment)
    return {
        "starts": {
            start: {
                "seconds": [one["seconds"] for one in taken[start]],
                "megabytes": [one["megabytes"] for one in taken[start]],
            }
            for start in Start
        },
        "imports": _by_package(modules, frozenset(before)),
    }


def _compiled(environment: Mapping[str, str]) -> dict[str, str]:
    """The round that does not count leaves compiled modules behind, whatever the shell says."""
    kept = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
    return {name: value for name, value in environment.items() if name not in kept}


def _signature() -> str:
    """Lets the proxy in where the app comes with a token."""
    return generate_account_sas(
        AZURITE_ACCOUNT,
        AZURITE_KEY,
        ResourceTypes(service=True, container=True, object=True),
        AccountSasPermissions(read=True, write=True, add=True, create=True, process=True),
        expiry=datetime.now(UTC) + timedelta(hours=12),
    )


def _reached_by_identity(port: int) -> dict[str, str]:
    """The settings that an app in Azure has."""
    return {
        "AzureWebJobsStorage": "",
        "AzureWebJobsStorage__queueServiceUri": url(port),
        "AzureWebJobsStorage__tableServiceUri": url(port),
        "DOI_CREDENTIAL": "managed-identity",
    }


def _start(start: Start, environment: Mapping[str, str]) -> dict[str, float]:
    """Raises RuntimeError when the answer is wrong."""
    code = str(uuid4())
    with tempfile.TemporaryDirectory(prefix="doi-bench-") as nothing_compiled:
        if start is Start.UNCOMPILED:
            environment = {
                **environment,
                "PYTHONPYCACHEPREFIX": nothing_compiled,
                "PYTHONDONTWRITEBYTECODE": "1",
            }
        command = [part.format(code=code) for part in _COMMANDS[start]]
        first = first_line(command, environment)
    if start in _ACCEPTS and json.loads(first.text) != ACCEPTED:
        raise RuntimeError(f"the first registration was not accepted: {first.text}")
    if start is Start.CHALLENGE:
        right = challenge_answer(environment["LINKEDIN_CLIENT_SECRET"], code)
        if json.loads(first.text) != right:
            raise RuntimeError("the first answer to a challenge was wrong")
    return {"seconds": first.seconds, "megabytes": first.megabytes}


def _by_package(runs: Sequence[Mapping[str, float]], before: frozenset[str]) -> dict[str, float]:
    """Milliseconds, the most first; what azure.functions imports itself is not counted."""
    packages: dict[str, list[float]] = {}
    for run in runs:
        times: defaultdict[str, float] = defaultdict(float)
        for module, milliseconds in run.items():
            if module not in before:
                times[_package(module)] += milliseconds
        for package, milliseconds in times.items():
            packages.setdefault(package, []).append(milliseconds)
    medians = {package: median(times) for package, times in packages.items()}
    return dict(sorted(medians.items(), key=lambda one: -one[1]))


def _package(module: str) -> str:
    first, _, rest = module.partition(".")
    if first in sys.stdlib_module_names:
        return "Python's own"
    if first in ("azure", "shared"):
        return f"{first}.{rest.partition('.')[0]}"
    return first


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    starts: dict[str, dict[str, list[float]]] = numbers["starts"]
    sdk = starts[Start.SDK]["seconds"]
    ratios = {start: Spread.of_ratio(taken["seconds"], sdk) for start, taken in starts.items()}
    rows = [
        (
            start,
            Spread.of([second * 1000 for second in taken["seconds"]]).shown(0),
            f"**{ratios[start].shown()}**",
            _goal(start),
            f"{median(taken['megabytes']):.0f}",
        )
        for start, taken in starts.items()
    ]
    packages = dict(list(numbers["imports"].items())[:_SHOWN_PACKAGES])
    count = len(sdk)
    text = paragraphs(
        f"{count} fresh processes of each kind, alternating, from their start to their answer. The "
        "whole app is loaded each time, with settings and forms checked. All modules are compiled "
        "(.pyc) but in the last row.",
        table(("a fresh process", "ms", "to azure.functions", "goal", "MB (RSS)"), rows),
        "![starts](results/cold.svg)",
        "What the imports up to the first accepted registration cost beyond azure.functions, by "
        "package, each without what it imports in turn:",
        "![imports](results/cold-imports.svg)",
        table(("package", "ms"), [(name, f"{ms:.1f}") for name, ms in packages.items()]),
    )
    shown = [start for start in Start if start is not Start.UNCOMPILED]
    return Section(
        title="Cold start",
        text=text,
        plots={
            "cold.svg": bars(
                "Until the first answer, to importing azure.functions",
                "ratio",
                [_SHORT[start] for start in shown],
                {"ratio": [ratios[start] for start in shown]},
            ),
            "cold-imports.svg": stripes("Imports by package", "ms", packages),
        },
        findings=[
            Finding(
                what=f"a fresh process up to {_FIRST[start]}, to importing azure.functions alone",
                measured=ratios[start],
                goal=goal,
            )
            for start, goal in GOALS.items()
        ],
    )


def _goal(start: str) -> str:
    return f"{GOALS[Start(start)]:g}" if start in GOALS else ""
