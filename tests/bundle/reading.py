"""Reads PDFs as anybody's program does."""

import io

from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """Its words, wherever lines are broken."""
    return " ".join(" ".join(pages_of(pdf)).split())
