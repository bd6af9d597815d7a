"""azd and the workflow deploy the same files: all that the app needs, and nothing else."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
import yaml

from tests.examples import ROOT
from tests.infra.package import deployed_files, files_here, ignored, patterns_in

DEPLOYED = ("function_app.py", "host.json", "requirements.txt", "functions", "shared", "forms")
SCHEMA = "forms/form.schema.json"  # for editors; the app does not read it


def needed() -> set[str]:
    return {
        path for path in files_here() if PurePosixPath(path).parts[0] in DEPLOYED and path != SCHEMA
    }


def test_azd_deploys_what_is_needed_and_nothing_else() -> None:
    assert deployed_files() == needed()
    assert {"shared/wiring.py", "forms/newsletter.json", "functions/register.py"} <= needed()


@pytest.mark.parametrize("file", [".github/workflows/deploy.yml", "docs/deployment.md"])
def test_the_other_ways_make_the_same_archive(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    (archive,) = re.findall(r"git archive (?:[^\n]*\\\n)*[^\n]*", text)
    words = archive.replace("\\\n", " ").split()
    assert tuple(words[words.index("HEAD") + 1 :]) == DEPLOYED


def test_what_stands_only_on_this_machine_is_not_deployed() -> None:
    patterns = patterns_in((ROOT / ".funcignore").read_text(encoding="utf-8"))
    for path in (
        "local.settings.json",
        ".azure/doi/.env",
        ".venv/bin/python",
        ".venv-checkov/bin/python",
        ".local/azurite/x",
        "shared/__pycache__/wiring.cpython-312.pyc",
    ):
        assert ignored(path, patterns), path
    assert not ignored("shared/linkedin/client.py", patterns)


def test_azd_finds_templates_app_and_language() -> None:
    project = yaml.safe_load((ROOT / "azure.yaml").read_text(encoding="utf-8"))
    assert (ROOT / project["infra"]["path"] / f"{project['infra']['module']}.bicep").is_file()
    ((name, service),) = project["services"].items()
    assert (service["project"], service["host"], service["language"]) == (".", "function", "py")
    app = (ROOT / "infra" / "app.bicep").read_text(encoding="utf-8")
    assert f"'azd-service-name': '{name}'" in app
