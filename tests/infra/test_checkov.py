"""checkov reads every file, sees every resource, and finds nothing that no comment explains."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from local.infrastructure.document import INFRASTRUCTURE
from tests.infra.checkov import Report, in_checkovs_dialect, run_checkov

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates

NO_BICEP = "resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {\n  name: \n"
OPEN_TO_ALL = """\
resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'open'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: {
    name: 'Standard_GRS'
  }
  properties: {
    minimumTlsVersion: 'TLS1_0'
    supportsHttpsTrafficOnly: false
  }
}
"""
PLANTED = {"planted/no-bicep.bicep": NO_BICEP, "planted/open-to-all.bicep": OPEN_TO_ALL}
SKIP = re.compile(r"// checkov:skip=(CKV\w+):(.*)")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of all templates, and of two that are wrong: one run takes as long as the other."""
    folder = tmp_path_factory.mktemp("templates")
    texts = {
        path.relative_to(INFRASTRUCTURE).as_posix(): path.read_text(encoding="utf-8")
        for path in INFRASTRUCTURE.rglob("*.bicep")
    }
    for name, text in (texts | PLANTED).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(in_checkovs_dialect(text), encoding="utf-8")
    return run_checkov(folder, tmp_path_factory.mktemp("results"))


def test_it_reads_every_file_but_the_one_that_is_no_bicep(report: Report) -> None:
    assert report.unreadable == ["planted/no-bicep.bicep"]


def test_it_finds_nothing_unexplained_in_ours(report: Report) -> None:
    assert [finding for finding in report.findings if not finding.startswith("planted/")] == []


def test_it_finds_what_is_open(report: Report) -> None:
    found = {finding.split()[1] for finding in report.findings if finding.startswith("planted/")}
    assert {"CKV_AZURE_3", "CKV_AZURE_44"} <= found


def test_it_sees_every_resource(report: Report, templates: Templates) -> None:
    ours = Counter(
        f"{resource.of.split('@')[0]}.{resource.name}" for _, resource in templates.resources()
    )
    assert sum(ours.values()) > 50
    assert report.resources == ours + Counter(["Microsoft.Storage/storageAccounts.account"])


def test_every_excuse_has_a_reason_and_is_one(report: Report) -> None:
    excuses = [
        excuse
        for path in INFRASTRUCTURE.rglob("*.bicep")
        for excuse in SKIP.findall(path.read_text(encoding="utf-8"))
    ]
    assert all(len(reason) > len("likewise") - 1 for _, reason in excuses)
    assert report.excused == Counter(check for check, _ in excuses)


def test_the_copy_differs_from_ours_in_two_words_only() -> None:
    text = "@onlyIfNotExists()\nresource a 'x' = {\n  b: fail('c')\n  d: failed('e')\n}\n"

    assert in_checkovs_dialect(text) == (
        "resource a 'x' = {\n  b: string('c')\n  d: failed('e')\n}\n"
    )
