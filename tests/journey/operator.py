"""The operator's command line, run as a person would."""

import json
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit

from tests.running_stack import ROOT, Stack


def doi(stack: Stack, *arguments: str) -> Any:
    """`dev.py doi … --json` for this stack: what it prints."""
    base = str(urlsplit(stack.website).port)
    command = [sys.executable, str(ROOT / "dev.py"), "doi", "--this-python", "--port-base", base]
    ended = subprocess.run(  # noqa: S603 - the project's own command
        [*command, *arguments, "--json"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)
