"""What the app registers, asked in a process of its own: importing the app builds its wiring."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.examples import ROOT

WAYS = ["direct", "runtime"] if sys.version_info >= (3, 13) else ["direct"]
Binding = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class LoadedApp:
    """Bindings by function name; the files of the app's packages."""

    functions: dict[str, list[Binding]]
    packages: dict[str, str]

    def triggers(self, kind: str) -> dict[str, Binding]:
        """The trigger of each function that has one of this kind."""
        return {
            name: binding
            for name, bindings in self.functions.items()
            for binding in bindings
            if binding["type"] == kind
        }


def sample_settings() -> dict[str, str]:
    """`Values` of local.settings.sample.json."""
    sample = json.loads((ROOT / "local.settings.sample.json").read_bytes())
    values: dict[str, str] = sample["Values"]
    return values


@pytest.fixture(scope="session", params=WAYS)
def loaded_app(request: pytest.FixtureRequest) -> LoadedApp:
    """The app with the settings of the sample."""
    script = Path(__file__).with_name("registered_functions.py")
    ended = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-P", str(script), request.param],
        env=os.environ | sample_settings(),
        cwd=ROOT.parent,  # not the app's folder: that must not be what makes imports work
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return LoadedApp(**json.loads(ended.stdout.splitlines()[-1]))
