"""Codes of mistakes are written where a rule is, their sentences in the texts."""

import re

from shared.texts.catalogue import ERROR_CODES
from tests.examples import ROOT


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    files = [
        file
        for folder in ("values", "web", "adapters")
        for file in (ROOT / "shared" / folder).glob("*.py")
    ]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    used = set(re.findall(r'AnswerRefused\("(\w+)"', code)) | set(re.findall(r'code="(\w+)"', code))
    assert used == ERROR_CODES
