"""A stack to measure: one that runs already, or one of our own."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local.stack.addresses import Addresses, addresses_from, url
from local.stack.free_ports import free_ports

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 180.0
POLL_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Target:
    """Addresses of functions, mail catcher and Dataverse simulator; Azurite's connection string."""

    functions: str
    mail: str
    dataverse: str
    azurite: str

    @classmethod
    def of_ready(cls, ready: Mapping[str, str]) -> Self:
        """From the JSON of a READY line."""
        return cls(
            functions=ready["functions"],
            mail=ready["mail"],
            dataverse=ready["dataverse"],
            azurite=ready["azurite"],
        )

    @classmethod
    def of_ports(cls, addresses: Addresses) -> Self:
        """As `dev.py up --port-base` lays them out."""
        return cls(
            functions=url(addresses.functions),
            mail=url(addresses.mail),
            dataverse=url(addresses.dataverse),
            azurite=addresses.storage,
        )


@contextmanager
def target(ready: str | None, port_base: int | None) -> Iterator[Target]:
    """What the READY line or the port base names; without either, a stack of our own.

    Raises RuntimeError when our own does not get ready.
    """
    if ready:
        yield Target.of_ready(json.loads(ready.removeprefix("READY ")))
    elif port_base is not None:
        yield Target.of_ports(addresses_from(port_base))
    else:
        with own_stack() as (own, _):
            yield own


@contextmanager
def own_stack() -> Iterator[tuple[Target, Path]]:
    """A fresh one, and the log of its functions host. Raises RuntimeError when it is not ready."""
    with tempfile.TemporaryDirectory(prefix="doi-bench-") as folder:
        output, log = Path(folder) / "output.txt", Path(folder) / "data" / "logs" / "functions.log"
        command = [sys.executable, str(ROOT / "dev.py"), "up", "--this-python", "--host", "local"]
        command += ["--port-base", str(free_ports()[0]), "--data", str(Path(folder) / "data")]
        with output.open("wb") as sink:
            process = subprocess.Popen(  # noqa: S603 - the project's own command
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
            )
        try:
            yield Target.of_ready(_wait_for_ready(process, output)), log
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _wait_for_ready(process: subprocess.Popen[bytes], output: Path) -> dict[str, str]:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for line in output.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("READY ") and line.endswith("}"):
                ready: dict[str, str] = json.loads(line.removeprefix("READY "))
                return ready
        time.sleep(POLL_SECONDS)
    text = output.read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"the stack did not get ready:\n{text}")
