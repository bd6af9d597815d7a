"""docs/mail-lint.md lists the rules and sources that there are."""

import re

from cli.lint.rule import Mode
from cli.lint.rules import RULES
from tests.examples import ROOT

TEXT = (ROOT / "docs" / "mail-lint.md").read_text(encoding="utf-8")


def test_every_rule_stands_there_as_it_is() -> None:
    sources = re.findall(r"^\d+\. (.+)$", TEXT, re.MULTILINE)
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split(" | "))
        for line in TEXT.splitlines()
        if line.startswith("| `")
    ]
    assert [
        (name, what, mode, sources[int(re.sub(r"\D", "", source)) - 1])
        for name, what, mode, source in rows
    ] == [
        (
            f"`{rule.id}`",
            rule.what,
            "strict" if rule.mode is Mode.STRICT else "both",
            f"{rule.authority.name} ([text]({rule.authority.url}))"
            if rule.authority.url
            else rule.authority.name,
        )
        for rule in RULES
    ]
