"""The fixture `stack`: the whole local stack, started once as a person would start it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

from local.stack.addresses import HOST
from local.stack.free_ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 120.0
END_SECONDS = 60.0
POLL_SECONDS = 0.1
# Messages of a function that was killed come back after ten minutes on the real host.
INVISIBLE_SECONDS = "5"
# No setting of the app: it has to say so, and starts nevertheless.
MISSPELT = "DOI_TRUSTED_PROXYS"
JOURNEY_ROW = {
    "entitySet": "new_doiregistrations",
    "keyColumn": "new_registrationid",
    "contact": "new_ContactId",
    "columns": {
        "new_formid": {"fact": "form"},
        "new_campaign": {"fact": "campaign"},
        "new_language": {"fact": "language"},
        "new_confirmedon": {"fact": "confirmedAt"},
    },
}


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Addresses as in the READY line: `azurite` is a connection string, `smtp` HOST:PORT."""

    website: str
    functions: str
    azurite: str
    smtp: str
    mail: str
    dataverse: str
    linkedin: str
    data: Path

    @classmethod
    def of(cls, ready: Mapping[str, str], data: Path) -> Self:
        """From the JSON of a READY line."""
        return cls(
            website=ready["website"],
            functions=ready["functions"],
            azurite=ready["azurite"],
            smtp=ready["smtp"],
            mail=ready["mail"],
            dataverse=ready["dataverse"],
            linkedin=ready["linkedin"],
            data=data,
        )


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    forms = os.environ.get("DOI_FORMS_FOLDER") or str(_forms(folder / "forms"))
    with running_stack(folder, DOI_FORMS_FOLDER=forms, **{MISSPELT: "3"}) as stack:
        yield stack


@contextlib.contextmanager
def running_stack(folder: Path, **settings: str) -> Iterator[Stack]:
    """A stack of its own, with `settings` in the place of those of local.settings.json."""
    data, output = folder / "data", folder / "output.txt"
    ports = free_ports()
    command = [sys.executable, str(ROOT / "dev.py"), "up", "--this-python", "--host", "local"]
    command += ["--port-base", str(ports[0]), "--data", str(data)]
    environment = {"DOI_LOCAL_INVISIBLE_SECONDS": INVISIBLE_SECONDS}
    environment |= os.environ | settings
    with output.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - the project's own command
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches pytest only, which then ends the stack below
        )
    try:
        yield Stack.of(_wait_for_ready(process, output), data)
    finally:
        _end(process)
    assert process.returncode == 0, f"dev.py up ended with {process.returncode}:\n{_text(output)}"
    listening = [port for port in ports if _somebody_listens(port)]
    assert not listening, f"something still listens on {listening}"


def _forms(folder: Path) -> Path:
    """The sample forms, and one each that is not published yet, not any more, and by a row."""
    shutil.copytree(ROOT / "forms", folder)
    for state in ("draft", "archived"):
        form = json.loads((folder / "newsletter.json").read_text(encoding="utf-8"))
        form |= {"id": state, "state": state}
        del form["linkedIn"]  # a lead form leads to one form
        (folder / f"{state}.json").write_text(json.dumps(form), encoding="utf-8")
    form = json.loads((folder / "newsletter.json").read_text(encoding="utf-8"))
    del form["trigger"], form["linkedIn"]
    form |= {"id": "by-row", "journeyRow": JOURNEY_ROW}
    (folder / "by-row.json").write_text(json.dumps(form), encoding="utf-8")
    return folder


def _wait_for_ready(process: subprocess.Popen[bytes], output: Path) -> dict[str, str]:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        for line in _text(output).splitlines(keepends=True):
            if line.startswith("READY ") and line.endswith("\n"):
                ready: dict[str, str] = json.loads(line.removeprefix("READY "))
                return ready
        if ended:
            break
        time.sleep(POLL_SECONDS)
    return pytest.fail(f"the stack did not get ready:\n{_text(output)}", pytrace=False)


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGINT is what Ctrl-C sends; the stack ends its own children."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _text(output: Path) -> str:
    return output.read_text(encoding="utf-8", errors="replace")


def _somebody_listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
