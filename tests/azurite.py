"""A real Azurite for the tests: one for the whole run, ended with it."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
INSTALLED = REPOSITORY / "local/node/node_modules/azurite/dist/src/azurite.js"

# Azurite's well-known account; the key is public.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class AzuritePorts:
    """Where the three services listen on 127.0.0.1; 0 lets Azurite pick."""

    blob: int = 0
    queue: int = 0
    table: int = 0

    def connection_string(self) -> str:
        """What a storage client needs."""
        return (
            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
            f"BlobEndpoint=http://127.0.0.1:{self.blob}/{ACCOUNT};"
            f"QueueEndpoint=http://127.0.0.1:{self.queue}/{ACCOUNT};"
            f"TableEndpoint=http://127.0.0.1:{self.table}/{ACCOUNT};"
        )


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of the run's Azurite. Names of queues and tables are the tests' own."""
    with running_azurite(tmp_path_factory.mktemp("azurite"), AzuritePorts()) as ports:
        yield ports.connection_string()


@contextmanager
def running_azurite(folder: Path, wanted: AzuritePorts) -> Iterator[AzuritePorts]:
    """Starts an Azurite that keeps its data in the folder, and ends it afterwards."""
    output = folder / "azurite.log"
    with output.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            _command(folder, wanted), stdout=stream, stderr=subprocess.STDOUT, cwd=folder
        )
    try:
        yield _listening_ports(process, output)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(folder: Path, wanted: AzuritePorts) -> list[str]:
    script = Path(os.environ.get("AZURITE_JS") or INSTALLED)
    node = shutil.which("node")
    if node is None or not script.exists():
        pytest.fail("Azurite is not installed; `python3 dev.py test` installs it.", pytrace=False)
    command = [node, str(script), "--location", str(folder / "data")]
    # Kept on disk: in memory its queues freeze for seconds. The SDKs speak newer API versions.
    command += ["--disableTelemetry", "--skipApiVersionCheck"]
    for service, port in (("blob", wanted.blob), ("queue", wanted.queue), ("table", wanted.table)):
        command += [f"--{service}Host", "127.0.0.1", f"--{service}Port", str(port)]
        # Longer than clients keep connections: the default of five seconds resets some of them.
        command += [f"--{service}KeepAliveTimeout", "120"]
    return command


def _listening_ports(process: subprocess.Popen[bytes], output: Path) -> AzuritePorts:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        said = output.read_text(errors="replace")
        ports = dict(
            re.findall(r"(Blob|Queue|Table) service .*listening at http://[\d.]+:(\d+)", said)
        )
        if len(ports) == len(("Blob", "Queue", "Table")):
            for port in ports.values():
                socket.create_connection(("127.0.0.1", int(port)), START_SECONDS).close()
            return AzuritePorts(
                blob=int(ports["Blob"]), queue=int(ports["Queue"]), table=int(ports["Table"])
            )
        time.sleep(0.05)
    pytest.fail(f"Azurite did not start:\n{output.read_text(errors='replace')}", pytrace=False)
