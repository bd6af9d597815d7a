"""`doi forms preview`: a form's mails and pages as files, and one page that shows all of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.chosen_forms import LANGUAGES, chosen_forms
from cli.exit_codes import NOT_ALL_DONE
from cli.forms.chromium import HOW_TO_GET_ONE, find_chromium
from cli.forms.pictures import LOOKS, Camera, NoPicture, open_camera
from cli.forms.preview_index import INDEX, Group, is_preview, write_index
from cli.forms.shown import Shown, mails, pages
from cli.printing import note, print_json, say
from shared import wiring
from shared.failures import PermanentFailure
from shared.values.form import Form
from shared.wiring import Offline


def preview(  # noqa: PLR0913 - one parameter per option
    form: Annotated[str, typer.Argument(metavar="FORM", help="Id of the form.")],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Where to. (default: preview-FORM)", show_default=False
        ),
    ] = None,
    language: LANGUAGES = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only this mail or page, such as page-confirm; repeated for more. (default: all)",
        ),
    ] = None,
    *,
    png: Annotated[
        bool,
        typer.Option("--png", help="Take pictures, too: phone and desktop, light and dark."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Write a form's mails and pages to files, in every language.

    FOLDER/index.html shows all of them. The links in them lead nowhere: they
    are signed with a key that no app has. The same form gives the same files,
    so that two versions can be compared. Asks nothing outside.
    """
    offline = wiring.offline()
    chosen = chosen_forms([form], offline.loaded, languages=language)
    if not chosen.forms:
        note(f"{form} has mistakes: `doi forms check {form}` says which.")
        raise typer.Exit(NOT_ALL_DONE)
    program = find_chromium() if png else None
    if png and program is None:
        note(f"--png: {HOW_TO_GET_ONE}")
        raise typer.Exit(NOT_ALL_DONE)
    [shown] = chosen.forms
    folder = out or Path(f"preview-{shown.id}")
    groups = [
        Group(language=each, shown=_chosen(shown, each, offline, only))
        for each in shown.languages
        if each in (language or shown.languages)
    ]
    _make(folder)
    _write(groups, folder)
    looks = [look.name for look in LOOKS] if program else []
    if program:
        _picture(groups, folder, program)
    write_index(shown, groups, folder, pictures=looks)
    if json:
        print_json({"index": str(folder / INDEX), "files": list(_names(groups, looks))})
    else:
        say(f"{sum(len(group.shown) for group in groups)} mails and pages: {folder / INDEX}")


def _make(folder: Path) -> None:
    """Raises typer.BadParameter for one that holds something else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ours = is_preview(folder) or not any(folder.iterdir())
    except OSError as error:
        raise typer.BadParameter(f"--out {folder}: {error.strerror}") from None
    if not ours:
        raise typer.BadParameter(f"--out {folder}: holds other files; name a new or empty folder")


def _chosen(
    form: Form, language: str, offline: Offline, only: Sequence[str] | None
) -> tuple[Shown, ...]:
    """Raises typer.BadParameter for a name that there is not."""
    try:
        everything = (*mails(form, language, offline), *pages(form, language, offline.tokens))
    except PermanentFailure as failure:
        note(f"{form.id}: {failure}. `doi forms check {form.id}` says more.")
        raise typer.Exit(NOT_ALL_DONE) from None
    names = [each.name for each in everything]
    if unknown := sorted(set(only or ()) - set(names)):
        raise typer.BadParameter(f"--only {unknown[0]}: there are {', '.join(names)}")
    return tuple(each for each in everything if not only or each.name in only)


def _write(groups: Sequence[Group], folder: Path) -> None:
    for group in groups:
        (folder / group.language).mkdir(exist_ok=True)
        for each in group.shown:
            for suffix, content in each.files.items():
                (folder / group.language / f"{each.name}.{suffix}").write_bytes(content)


def _picture(groups: Sequence[Group], folder: Path, program: str) -> None:
    try:
        with open_camera(program) as camera:
            for group in groups:
                note(f"Taking {len(group.shown) * len(LOOKS)} pictures in {group.language} …")
                for each in group.shown:
                    _take(each, folder / group.language, camera)
    except NoPicture as failure:
        note(f"--png: {failure}")
        raise typer.Exit(NOT_ALL_DONE) from None


def _take(shown: Shown, folder: Path, camera: Camera) -> None:
    for look in LOOKS:
        picture = folder / f"{shown.name}.{look.name}.png"
        picture.unlink(missing_ok=True)  # an older one must not pass for this one
        camera.take(folder / f"{shown.name}.html", look, picture)


def _names(groups: Sequence[Group], looks: Sequence[str]) -> Iterator[str]:
    for group in groups:
        for each in group.shown:
            for suffix in (*each.files, *(f"{look}.png" for look in looks)):
                yield f"{group.language}/{each.name}.{suffix}"
