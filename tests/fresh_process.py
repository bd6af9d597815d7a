"""Python in a process of its own, with the app's sample settings."""

import os
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

from tests.examples import ROOT
from tests.lists.conftest import sample_settings

SECONDS = 60


def said_by(
    script: str, settings: Mapping[str, str] = MappingProxyType({}), stdin: str | None = None
) -> str:
    """The last line that the script prints; it has to end well."""
    ended = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script],
        env={**os.environ, **sample_settings(), **settings},
        input=stdin,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()[-1]


def doi(
    *arguments: str, settings: Mapping[str, str], columns: int = 200
) -> subprocess.CompletedProcess[str]:
    """The operator's command line; an empty setting is no setting."""
    ended = subprocess.run(  # noqa: S603 - the project's own command
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env={**settings, "COLUMNS": str(columns)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended
