"""Where the words that a rule found come from: a form file, a catalogue, a template."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.json_lines import line_of, lines_of
from cli.lint.composed import ComposedMail, Hit, Part
from cli.lint.html_part import collapsed
from cli.lint.words import plain
from shared.texts.languages import FOLDER, languages
from shared.values.localised import choose_language

_TEMPLATES = {
    Part.TEXT: "shared/mail/templates/confirmation.txt.j2",
    Part.HTML: "shared/mail/templates/confirmation.html.j2",
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A file, and where there is one a JSON pointer into it and its line."""

    file: str
    pointer: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        return f"{self.file}{line}" + (f" at {self.pointer}" if self.pointer else "")


@dataclass(frozen=True, kw_only=True)
class _Source:
    pointer: str
    text: str


class Places:
    """Finds places in the form files of one folder."""

    def __init__(self, forms: Path) -> None:
        self._forms = forms
        self._lines: dict[Path, dict[str, int]] = {}

    def of(self, hit: Hit, mail: ComposedMail) -> Place | None:
        """The first place whose text has the words; the template when none has.

        None for what stands in no file: headers, and something that is missing.
        """
        words = collapsed(plain(hit.words)).lower()
        if not words:
            return None
        for file, sources in self._sources(hit.part, mail):
            for source in sources:
                if words in collapsed(plain(source.text)).lower():
                    return self._place(file, source.pointer)
        template = _TEMPLATES.get(hit.part)
        return Place(file=template) if template else None

    def _sources(self, part: Part, mail: ComposedMail) -> Iterator[tuple[Path, list[_Source]]]:
        yield self._forms / f"{mail.form.id}.json", list(_in_form(part, mail))
        catalogue = choose_language(mail.language, languages())
        sentences = mail.texts.model_dump(by_alias=True)
        yield (
            FOLDER / f"{catalogue}.json",
            [_Source(pointer=f"/mail/{name}", text=text) for name, text in sentences.items()],
        )

    def _place(self, file: Path, pointer: str) -> Place:
        if file not in self._lines:
            self._lines[file] = lines_of(file)
        line = line_of(pointer, self._lines[file])
        return Place(file=f"{file.parent.name}/{file.name}", pointer=pointer, line=line)


def _in_form(part: Part, mail: ComposedMail) -> Iterator[_Source]:
    form, language = mail.form, mail.language
    if part is Part.SUBJECT:
        yield _Source(pointer=f"/mail/subject/{language}", text=form.mail.subject[language])
        return
    if part is Part.SENDER:
        yield _Source(pointer="/mail/senderName", text=form.mail.sender_name or "")
        return
    yield _Source(pointer=f"/mail/text/{language}", text=form.mail.text[language])
    yield _Source(pointer=f"/company/imprint/{language}", text=mail.imprint)
    for index, consent in enumerate(form.consents):
        pointer = f"/consents/{index}/text/{language}"
        yield _Source(pointer=pointer, text=consent.text[language])
