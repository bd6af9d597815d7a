"""A bundle as a folder: written whole or not at all, and read file by file."""

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from cli.evidence.manifest import EVIDENCE, MANIFEST, PAPER

_MAIL = re.compile(r"mail-[0-9a-f-]{36}-[0-9]{1,2}\.eml")
_ONLY_FOR_ME = 0o600


class FolderTaken(Exception):
    """The folder holds something that would be lost; the text says what."""


class FolderFiles(Mapping[str, bytes]):
    """The files of a folder by their names, each read when it is asked for, and once."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError for a folder that cannot be read."""
        self._paths = {path.name: path for path in folder.iterdir() if path.is_file()}
        self._read: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> bytes:
        if name not in self._read:
            self._read[name] = self._paths[name].read_bytes()
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def look_at(folder: Path, *, replace: bool) -> None:
    """Whether a bundle may be written there. Raises FolderTaken.

    `replace` an earlier bundle; what is not of a bundle is nobody's to delete.
    """
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise FolderTaken("is no folder")
    names = sorted(path.name for path in folder.iterdir())
    strange = [name for name in names if not _is_of_a_bundle(name)]
    if strange:
        raise FolderTaken(f"holds other files ({', '.join(strange[:3])}); name a new folder")
    if names and not replace:
        raise FolderTaken("holds a bundle already; --force replaces it")


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """In a folder beside it first, which then takes its name: there is never half a bundle.

    What stood there goes, so `look_at` it before. Only whoever writes can read the files.
    Raises OSError.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Made for its owner alone (0700).
    workplace = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fresh, old = workplace / "new", workplace / "old"
        fresh.mkdir(mode=0o700)
        for name, content in files.items():
            (fresh / name).touch(mode=_ONLY_FOR_ME)
            (fresh / name).write_bytes(content)
        if folder.exists():
            folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            with contextlib.suppress(OSError):
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _is_of_a_bundle(name: str) -> bool:
    return name in {MANIFEST, EVIDENCE, PAPER} or bool(_MAIL.fullmatch(name))
