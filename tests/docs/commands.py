"""Commands of ours that the documentation names, and what is wrong with them.

Read are lines of shell code, which have to be complete, and code within sentences and tables, which
may name a command without its arguments, or write them as usage: `[--all]`, `…`.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr
from enum import Enum
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

from typer import FileBinaryRead
from typer.exceptions import TyperException
from typer.main import get_command

import dev
from cli.app import app
from tests.docs.documents import Document
from tests.examples import ROOT

DOI: Any = get_command(app)  # its classes are typer's own affair
_SHELL = frozenset({"", "sh", "bash"})
_COMMENT = re.compile(r"(?:^|\s)#\s.*$")
_ASSIGNMENT = re.compile(r"[A-Z][A-Z0-9_]*=\S*$")
_PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9_]*$")
_SAMPLES: dict[Any, str] = {
    int: "1",
    float: "1",
    UUID: str(UUID(int=0)),
    Path: str(ROOT / "README.md"),
    FileBinaryRead: "-",  # a file would be opened
    "URN": "urn:li:organization:1",
    "URL": "https://doi.contoso.com",
}
_NEXT_COMMAND = frozenset({">", "|", "&&", ";"})
_PYTHON = re.compile(r"(?:\S*/)?python3?$")


def commands_of(document: Document) -> Iterator[tuple[str, bool]]:
    """Each command of ours as it stands there, and whether it has to be complete."""
    for block in document.blocks:
        if block.language in _SHELL:
            for line in re.sub(r"\\\n\s*", "", block.code).splitlines():
                if _is_ours(_words_of(line)):
                    yield line.strip(), True
    for code in document.inline_code:
        if _is_ours(_words_of(code)):
            yield code, False


def mistake(line: str, *, complete: bool) -> str:
    """What is wrong with the command; empty where nothing is."""
    said = ""
    match _words_of(line):
        case ["doi", *words] | [_, "-m", "cli", *words]:
            said = _mistake_of_doi(words, complete=complete)
        case [_, "dev.py", *words]:
            said = _mistake_of_dev(words, complete=complete)
        case [_, "-m", module, *_] if find_spec(module) is None:
            said = f"there is no module {module}"
        case [_, file, *_] if not file.startswith("-") and not (ROOT / file).is_file():
            said = f"there is no {file}"
    return said


def _words_of(line: str) -> list[str]:
    """The command's words, without comment, variables before it and the brackets of usage."""
    try:
        words = shlex.split(_COMMENT.sub("", line))
    except ValueError:  # a sentence with an apostrophe
        return []
    while words and _ASSIGNMENT.match(words[0]):
        words = words[1:]
    ends = next((at for at, word in enumerate(words) if word in _NEXT_COMMAND), len(words))
    bare = [word.strip("[]") for word in words[:ends]]
    return [word for word in bare if word not in ("…", "")]


def _is_ours(words: Sequence[str]) -> bool:
    """`doi …`, or Python that runs something of the repository."""
    return bool(words) and (words[0] == "doi" or bool(_PYTHON.match(words[0]) and words[1:]))


def _mistake_of_dev(words: list[str], *, complete: bool) -> str:
    given = ["1" if _PLACEHOLDER.match(word) else word for word in words]
    said = StringIO()
    try:
        with redirect_stderr(said):
            options, further = dev.command_line().parse_known_args(given)
    except SystemExit:
        return said.getvalue()
    if options.command == "doi":
        return _mistake_of_doi(further, complete=complete)
    if further and options.command not in dev.HAND_ON_ARGUMENTS:
        return f"dev.py {options.command} has no {further[0]}"
    return ""


def _mistake_of_doi(words: list[str], *, complete: bool) -> str:
    command, path = DOI, "doi"
    while hasattr(command, "commands"):
        known = _options_of(command)
        while words and words[0].startswith("--"):
            if words[0] not in known:
                return f"{path} has no option {words[0]}"
            words = words[1:] if known[words[0]].is_flag else words[2:]
        if not words:
            return ""  # a group of commands is named
        if words[0] not in command.commands:
            return f"{path} has no command {words[0]}"
        command, path = command.commands[words[0]], f"{path} {words[0]}"
        words = words[1:]
    if not words and not complete:
        return ""
    try:
        command.make_context(path, _with_samples(words, command))
    except TyperException as wrong:
        said: Any = wrong
        return f"{path}: {said.format_message()}"
    return ""


def _options_of(command: Any) -> dict[str, Any]:
    return {name: each for each in command.params for name in each.opts if name.startswith("--")}


def _with_samples(words: list[str], command: Any) -> list[str]:
    """With a value that fits in the place of each placeholder."""
    options = _options_of(command)
    arguments = iter([each for each in command.params if each.param_type_name == "argument"])
    given, waiting = [], None
    for word in words:
        if word.startswith("--"):
            known = options.get(word)
            waiting = known if known and not known.is_flag else None
            given.append(word)
            continue
        parameter = waiting or next(arguments, None)
        waiting = None
        made_up = _PLACEHOLDER.match(word) or word.startswith("$") or _is_file(parameter)
        given.append(_sample(parameter) if parameter and made_up else word.replace("…", "1"))
    return given


def _kind(parameter: Any) -> Any:
    """The type of its values; of each, where it takes several."""
    kind = parameter.type_descriptor.annotation if parameter else None
    return next((each for each in get_args(kind) if each is not type(None)), kind)


def _is_file(parameter: Any) -> bool:
    """One of whoever reads; it need not be here."""
    return _kind(parameter) in (Path, FileBinaryRead)


def _sample(parameter: Any) -> str:
    kind = _kind(parameter)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return str(next(iter(kind)).value)
    if parameter.metavar in _SAMPLES:
        return _SAMPLES[parameter.metavar]
    return _SAMPLES.get(kind, "anything")
