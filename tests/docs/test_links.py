"""Every link within the repository leads somewhere, and every file that is named is there."""

import re
from pathlib import Path, PurePosixPath

import pytest

from tests.docs.documents import ALL, Document
from tests.examples import ROOT

_OUTSIDE = re.compile(r"^(https?|mailto):")
# Not globs, not patterns with a placeholder.
_FILE = re.compile(
    r"(?:\.github|bench|cli|docs|forms|functions|infra|local|shared|tests)/[\w./-]+\.\w+"
)


def broken_links(each: Document) -> list[str]:
    folder = PurePosixPath(each.name).parent
    broken = []
    for link in each.links:
        if _OUTSIDE.match(link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / folder / path).resolve()
        if not target.exists():
            broken.append(f"{each.name}: no {link}")
        elif anchor and anchor not in _anchors_of(target, each if not path else None):
            broken.append(f"{each.name}: no heading for {link}")
    return broken


def missing_files(each: Document) -> list[str]:
    """Files, and tests that are named as `file::test`."""
    named = {code for code in each.inline_code if _FILE.fullmatch(code.partition("::")[0])}
    return [f"{each.name}: no {name}" for name in sorted(named) if not _is_there(name)]


def _is_there(name: str) -> bool:
    path, _, test = name.partition("::")
    file = ROOT / path
    return file.exists() and (not test or f"def {test}(" in file.read_text(encoding="utf-8"))


def _anchors_of(target: Path, itself: Document | None) -> frozenset[str]:
    found = itself or ALL.get(target.relative_to(ROOT).as_posix())
    return found.anchors if found else frozenset()


@pytest.mark.parametrize("name", ALL)
def test_links_lead_somewhere(name: str) -> None:
    assert broken_links(ALL[name]) == []


@pytest.mark.parametrize("name", ALL)
def test_files_that_are_named_are_there(name: str) -> None:
    assert missing_files(ALL[name]) == []


def test_what_leads_nowhere_is_found() -> None:
    text = (
        "# A\n[a](#a) [b](#b) [c](forms.md#fields) [d](forms.md#nothing) [e](nowhere.md)\n"
        "`shared/wiring.py` and `shared/nothing.py`, but `shared/*.py`\n"
        "`tests/docs/test_links.py::test_links_lead_somewhere` and"
        " `tests/docs/test_links.py::test_nothing`\n"
    )
    each = Document(name="docs/a.md", text=text)
    assert broken_links(each) == [
        "docs/a.md: no heading for #b",
        "docs/a.md: no heading for forms.md#nothing",
        "docs/a.md: no nowhere.md",
    ]
    assert missing_files(each) == [
        "docs/a.md: no shared/nothing.py",
        "docs/a.md: no tests/docs/test_links.py::test_nothing",
    ]


def test_each_of_the_twelve_complaints_names_a_test() -> None:
    text = ALL["docs/infrastructure.md"].text.partition("## What others met")[2]
    rows = [row.split(" | ") for row in text.partition("\n## ")[0].splitlines() if "| **" in row]
    assert len(rows) == 12
    for complaint, avoided, tested in rows:
        assert "](https://github.com/" in complaint
        assert avoided
        assert "`tests/" in tested
