"""Draws the blocks of a paper on sheets, from page to page."""

from collections.abc import Callable, Sequence
from typing import Final

from fpdf import FPDF
from fpdf.fonts import FontFace

from cli.evidence.paper import Block, Fact, Facts, Grid, Heading, Paper, Paragraph, Points, Quote
from cli.evidence.typeface import printable, runs_to_the_left

MARGIN: Final = 20.0  # millimetres, like everything here but sizes of letters
LINE: Final = 5.0
GREY: Final = 90
_LABELS: Final = 42.0
_LIGHT: Final = 244
_TEXT: Final = 10.0  # points
_EXACT: Final = 8.0


class Pen:
    """Draws block after block. The sheets have the fonts "text", also bold, and "exact"."""

    def __init__(self, sheets: FPDF, fonts: Sequence[str]) -> None:
        self._sheets = sheets
        self._fonts = fonts

    def title(self, paper: Paper) -> None:
        self._write(paper.title, "B", 20, line=9)
        self._write(paper.subtitle, "", 12, grey=GREY, line=6)
        self._sheets.ln(3)

    def draw(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph(text):
                self._write(text)
                self._sheets.ln(2)
            case Points(texts):
                for text in texts:
                    self._point(text)
                self._sheets.ln(2)
            case Facts(rows):
                for row in rows:
                    self._fact(row)
                self._sheets.ln(2)
            case Quote(text, exact):
                self._quote(text, exact=exact)
            case Grid():
                self._grid(block)

    def _heading(self, heading: Heading) -> None:
        big = heading.level == 1
        if self._room() < (40 if big else 25):  # it never stands alone under a page
            self._sheets.add_page()
        self._sheets.ln(5 if big else 2)
        self._write(heading.text, "B", 15 if big else 11.5, line=7 if big else 6)
        self._sheets.ln(1)

    def _point(self, text: str) -> None:
        top = self._sheets.get_y()
        if self._room() < 2 * LINE:
            self._sheets.add_page()
            top = self._sheets.get_y()
        self._set("", _TEXT)
        self._sheets.cell(5, LINE, "•")
        self._sheets.set_y(top)
        self._indented(5, lambda: self._write(text))
        self._sheets.ln(1)

    def _fact(self, fact: Fact) -> None:
        if self._room() < 2 * LINE:
            self._sheets.add_page()
        top, page = self._sheets.get_y(), self._sheets.page
        self._set("", _TEXT, grey=GREY)
        self._sheets.multi_cell(
            _LABELS - 2, LINE, self._shown(fact.label), align="L", new_x="LMARGIN", new_y="NEXT"
        )
        under, self._sheets.y = self._sheets.get_y(), top
        if fact.exact:
            self._indented(_LABELS, lambda: self._write(fact.value, family="exact", size=_EXACT))
        else:
            self._indented(_LABELS, lambda: self._write(fact.value))
        if self._sheets.page == page:
            self._sheets.set_y(max(under, self._sheets.get_y()))
        self._sheets.ln(0.8)

    def _quote(self, text: str, *, exact: bool) -> None:
        self._sheets.set_fill_color(_LIGHT)
        self._sheets.set_draw_color(150)
        family, size = ("exact", _EXACT) if exact else ("text", _TEXT)
        for part in text.split("\n"):
            self._write(part, family=family, size=size, framed=True, line=4 if exact else LINE)
        self._sheets.ln(3)

    def _grid(self, grid: Grid) -> None:
        self._sheets.set_fill_color(255)
        plain, exact = FontFace(family="text"), FontFace(family="exact", size_pt=6.5)
        self._set("", 8)
        with self._sheets.table(
            col_widths=grid.widths,
            line_height=4,
            text_align="LEFT",
            borders_layout="HORIZONTAL_LINES",
            headings_style=FontFace(family="text", emphasis="BOLD"),
            padding=1,
        ) as table:
            table.row([self._shown(name) for name in grid.columns])
            for cells in grid.rows:
                row = table.row()
                for number, cell in enumerate(cells):
                    row.cell(self._shown(cell), style=exact if number in grid.exact else plain)
        self._sheets.ln(3)

    def _write(  # noqa: PLR0913 - the pen's whole state
        self,
        text: str,
        style: str = "",
        size: float = _TEXT,
        *,
        family: str = "text",
        grey: int = 0,
        line: float = LINE,
        framed: bool = False,
    ) -> None:
        self._set(style, size, family=family, grey=grey)
        self._sheets.multi_cell(
            0,
            line,
            self._shown(text),
            align="R" if framed and runs_to_the_left(text) else "L",
            border="L" if framed else 0,
            fill=framed,
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def _set(self, style: str, size: float, *, family: str = "text", grey: int = 0) -> None:
        self._sheets.set_font(family, style, size)
        self._sheets.set_text_color(grey)

    def _shown(self, text: str) -> str:
        return printable(text, self._fonts)

    def _room(self) -> float:
        return self._sheets.h - MARGIN - self._sheets.get_y()

    def _indented(self, by: float, write: Callable[[], None]) -> None:
        self._sheets.set_left_margin(MARGIN + by)
        write()
        self._sheets.set_left_margin(MARGIN)
        self._sheets.set_x(MARGIN)
