"""docs/dataverse.md says what the code says."""

import re

import pytest
import typer

from cli.dataverse.commands import commands
from shared.doctor.dataverse_failure import ROLE
from shared.values.dataverse.needed_privileges import (
    Needed,
    always_needed,
    needed_for_row,
    needed_to_erase,
)
from tests.examples import ROOT

DOCUMENT = (ROOT / "docs" / "dataverse.md").read_text(encoding="utf-8")
# A person reads these in --help, and no sentence has to explain them.
UNDERSTOOD = {"--help", "--yes", "--json"}


@pytest.mark.parametrize(
    ("heading", "needed"),
    [
        ("The security role", [*always_needed(), *needed_for_row("new_doiregistration")]),
        ("Who answers and erases people", [*needed_to_erase(["new_doiregistration"])]),
    ],
)
def test_the_roles_table_is_the_codes_list(heading: str, needed: list[Needed]) -> None:
    rows = [f"| `{one.usual_name}` | {one.depth.in_words} | {one.why} |" for one in needed]
    head = "| privilege | access level | why |\n|---|---|---|\n"
    section = DOCUMENT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = section.partition(head)[2].partition("\n\n")[0]
    assert table.split("\n") == rows


@pytest.mark.parametrize("command", ["role", "table"])
def test_each_option_is_in_it(command: str) -> None:
    group = typer.main.get_command(commands)
    options = {
        option
        for parameter in group.commands[command].params  # type: ignore[attr-defined]  # a group
        for option in parameter.opts
    }
    written = set(re.findall(r"--[a-z]+", DOCUMENT))
    assert options - UNDERSTOOD <= written


def test_it_has_the_clicks_that_the_doctor_names() -> None:
    assert "docs/dataverse.md" in ROLE
    words = " ".join(DOCUMENT.replace("*", "").split())
    for clicks in ("Users + permissions → Application users → + New app user", "+ Add an app"):
        assert clicks in words
    for anchor in re.findall(r"\]\(#([a-z-]+)\)", DOCUMENT):
        headings = {
            re.sub(r"[^a-z -]", "", line.strip("# ").lower()).replace(" ", "-")
            for line in DOCUMENT.splitlines()
            if line.startswith("## ")
        }
        assert anchor in headings
