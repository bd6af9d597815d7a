"""Parts of documents that are written by programs, between marks that nobody sees."""

from collections.abc import Iterable, Sequence


def with_part(text: str, mark: str, name: str, content: str) -> str:
    """The text with `content` between <!-- mark --> and <!-- end of name -->.

    Raises ValueError where a mark is gone.
    """
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {name} -->"
    before, begins, rest = text.partition(begin)
    _, ends, after = rest.partition(end)
    if not (begins and ends):
        raise ValueError(f"the marks {begin.strip()} and {end} are needed")
    return f"{before}{begin}{content}{end}{after}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with one line for each row, and a line break behind each."""
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
