"""Writes the sums into docs/operations.md: `python -m local.costs`."""

from local.costs.tables import with_sums
from local.stack.layout import ROOT

DOCUMENT = ROOT / "docs" / "operations.md"

if __name__ == "__main__":
    DOCUMENT.write_text(with_sums(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
