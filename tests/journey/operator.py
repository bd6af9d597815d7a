"""The operator's command line, run as a person would."""

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

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
