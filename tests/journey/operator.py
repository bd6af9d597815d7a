"""The operator's command line, run as a person would."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.stack.addresses import addresses_from
from local.stack.layout import SETTINGS
from local.stack.local_settings import part_environment
from local.stack.python_environment import running_environment
from tests.journey.waiting import until
from tests.running_stack import ROOT, Stack


def doi(stack: Stack, *arguments: str, **settings: str) -> Any:
    """`dev.py doi … --json` for this stack, with other settings: what it prints."""
    ended = ended_doi(stack, *arguments, "--json", **settings)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def ended_doi(stack: Stack, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """`dev.py doi …`, however it ended."""
    base = str(urlsplit(stack.website).port)
    command = [sys.executable, str(ROOT / "dev.py"), "doi", "--this-python", "--port-base", base]
    return subprocess.run(  # noqa: S603 - the project's own command
        [*command, *arguments],
        cwd=ROOT,
        env=os.environ | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def interrupted_doi(
    stack: Stack, *arguments: str, once: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    """`doi …`, ended by Ctrl-C as soon as it has said `once`."""
    addresses = addresses_from(urlsplit(stack.website).port)
    environment = part_environment(addresses, running_environment(), os.environ | settings)
    command = [sys.executable, "-m", "cli", "--settings", str(SETTINGS), *arguments]
    with tempfile.TemporaryFile("w+") as out, tempfile.NamedTemporaryFile("w+") as said:
        process = subprocess.Popen(  # noqa: S603 - the project's own command
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=said
        )
        try:
            until(lambda: once in _text(said.name), f"'{once}' from {arguments}")
            process.send_signal(signal.SIGINT)
            code = process.wait(timeout=30)
        finally:
            process.kill()
        out.seek(0)
        return subprocess.CompletedProcess(command, code, out.read(), _text(said.name))


def _text(file: str) -> str:
    return Path(file).read_text(encoding="utf-8")
