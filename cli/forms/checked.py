"""What `doi forms check` finds out about each form file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.forms.advice import advice_on
from cli.forms.mending import how_to_mend
from cli.json_lines import line_of, lines_of
from cli.lint.compose import Composer
from cli.lint.lint import Result, lint_form
from cli.lint.place import Places
from cli.lint.rule import Mode
from shared.form_files import LoadedForms
from shared.values.form import Form


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something about a place in the file; `breaks`: it has to be mended."""

    pointer: str
    line: int | None
    text: str
    mend: str
    breaks: bool


@dataclass(frozen=True, kw_only=True)
class CheckedForm:
    """One file. `form` and `mails` are None when it is no form."""

    name: str
    file: Path
    form: Form | None
    remarks: tuple[Remark, ...]
    mails: Result | None

    @property
    def is_good(self) -> bool:
        """Nothing has to be mended."""
        wrong = any(remark.breaks for remark in self.remarks)
        return not wrong and not (self.mails and self.mails.findings)


def check_forms(
    names: Sequence[str],
    loaded: LoadedForms,
    folder: Path,
    composer: Composer,
    allowed_words: Sequence[str] = (),
) -> Iterator[CheckedForm]:
    """The named files, in that order."""
    places = Places(folder)
    for name in names:
        file = folder / f"{name}.json"
        lines = lines_of(file)
        form = loaded.forms.get(name)
        wrong = [
            Remark(
                pointer=mistake.pointer,
                line=line_of(mistake.pointer, lines),
                text=mistake.reason,
                mend=how_to_mend(mistake),
                breaks=True,
            )
            for mistake in loaded.broken
            if Path(mistake.file).stem == name
        ]
        advice = [
            Remark(
                pointer=each.pointer,
                line=line_of(each.pointer, lines),
                text=each.text,
                mend=each.mend,
                breaks=each.breaks,
            )
            for each in (advice_on(form) if form else ())
        ]
        yield CheckedForm(
            name=name,
            file=file,
            form=form,
            remarks=(*wrong, *advice),
            mails=lint_form(form, composer, places, mode=Mode.NORMAL, allowed_words=allowed_words)
            if form
            else None,
        )
