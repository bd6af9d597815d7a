"""The README's table of goals is that of the report."""

from pathlib import Path

from bench.report import glance_in
from local.markdown import with_part
from local.stack.layout import ROOT

README = ROOT / "README.md"


def write_readme(report: Path) -> None:
    """Put the report's table there. Raises ValueError where its marks are gone."""
    README.write_text(with_numbers(README, report), encoding="utf-8")


def with_numbers(readme: Path, report: Path) -> str:
    """What the README should say."""
    content = glance_in(report.read_text(encoding="utf-8"))
    return with_part(readme.read_text(encoding="utf-8"), "numbers", "numbers", f"\n{content}\n")
