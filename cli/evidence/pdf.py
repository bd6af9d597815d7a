"""A paper as a PDF: PDF/A-2b, with its fonts inside, the same bytes for the same paper.

German courts take PDF (§ 2 ERVV); as PDF/A it can still be read when the matter comes up again.
"""

from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

from fpdf import FPDF
from fpdf.fonts import TTFFont

from cli.evidence.paper import Paper, words_of
from cli.evidence.pen import GREY, LINE, MARGIN, Pen
from cli.evidence.typeface import BOLD, EXACT, REGULAR, font_file, printable, sisters_for

# Stands for the number of pages, and is as wide. Letters for private use are never printed as such.
_PAGES: Final = "\ue000\ue000\ue000\ue000"
_PRODUCER: Final = "headless-double-opt-in"
# How to shape letters. HarfBuzz reads it from the file and no PDF has it, but it would be taken
# apart before it is left out: a quarter of the time.
_SHAPING: Final = ("GDEF", "GPOS", "GSUB")


class _Sheets(FPDF):
    """Each with its number."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4", enforce_compliance="PDF/A-2B")
        self._paper = paper
        self.sisters = sisters_for(words_of(paper))

    @property
    def opened(self) -> list[str]:
        """Whose letters there are."""
        return [REGULAR, *self.sisters]

    def footer(self) -> None:
        """Called by FPDF at the end of each page."""
        page = self._paper.page.format(page=self.page_no(), pages=_PAGES)
        text = f"{printable(self._paper.footer, self.opened)} · {page}"
        self.set_y(-14)
        self.set_font("text", "", 8)
        self.set_text_color(GREY)
        self.cell(0, LINE, text, align="C")


def pdf_of(paper: Paper, at: datetime) -> bytes:
    """The document as a file, made at `at`."""
    sheets = _Sheets(paper)
    _set_up(sheets, paper, at)
    pen = Pen(sheets, sheets.opened)
    sheets.add_page()
    pen.title(paper)
    for block in paper.blocks:
        pen.draw(block)
    return bytes(sheets.output() or b"")


def _set_up(sheets: _Sheets, paper: Paper, at: datetime) -> None:
    sheets.alias_nb_pages(_PAGES)
    sheets.set_margins(MARGIN, MARGIN, MARGIN)
    sheets.set_auto_page_break(auto=True, margin=MARGIN)
    sheets.add_font("text", "", font_file(REGULAR))
    sheets.add_font("text", "B", font_file(BOLD))
    sheets.add_font("exact", "", font_file(EXACT))
    for sister in sheets.sisters:
        sheets.add_font(sister, "", font_file(sister))
    for font in sheets.fonts.values():
        for table in _SHAPING:
            if isinstance(font, TTFFont) and table in font.ttfont:
                del font.ttfont[table]
    sheets.set_fallback_fonts(["text", *sheets.sisters], exact_match=False)
    sheets.set_text_shaping(use_shaping_engine=True)
    sheets.set_title(paper.title)
    sheets.set_lang(paper.language)
    sheets.set_producer(_PRODUCER)
    sheets.set_creation_date(at)
    # Its own would name the time of this very moment.
    sheets.set_xmp_metadata(_metadata(paper, at))


def _metadata(paper: Paper, at: datetime) -> str:
    """What PDF/A wants said twice (ISO 19005-2, 6.6.2 and 6.6.4)."""
    when = at.isoformat(timespec="seconds")
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmp:CreateDate="{when}" xmp:ModifyDate="{when}" xmp:MetadataDate="{when}"
 pdf:Producer="{_PRODUCER}" pdfaid:part="2" pdfaid:conformance="B">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(paper.title)}</rdf:li></rdf:Alt></dc:title>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>"""
