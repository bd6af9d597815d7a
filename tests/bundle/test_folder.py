"""A bundle is written whole or not at all."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cli.evidence.folder import FolderFiles, FolderTaken, look_at, write

FILES = {"manifest.json": b"{}", "evidence.json": b"new", "evidence.pdf": b"%PDF"}


class Breaking(Mapping[str, bytes]):
    """Files of which the second cannot be had."""

    def __getitem__(self, name: str) -> bytes:
        if name == "second":
            raise OSError(28, "No space left on device")
        return b"x"

    def __iter__(self) -> Iterator[str]:
        return iter(("first", "second"))

    def __len__(self) -> int:
        return 2


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    write(FILES, tmp_path / "a" / "b")
    assert dict(FolderFiles(tmp_path / "a" / "b")) == FILES
    assert len(FolderFiles(tmp_path / "a" / "b")) == 3


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        write(Breaking(), tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_earlier_bundle(tmp_path: Path) -> None:
    write(FILES, tmp_path / "bundle")
    with pytest.raises(OSError, match="No space"):
        write(Breaking(), tmp_path / "bundle")
    assert everything(tmp_path) == {f"bundle/{name}": text for name, text in FILES.items()}


def test_an_earlier_bundle_goes_as_a_whole(tmp_path: Path) -> None:
    older = "mail-00000000-0000-4000-8000-000000000001-1.eml"
    write({older: b"x", **FILES}, tmp_path / "bundle")
    look_at(tmp_path / "bundle", replace=True)
    write(FILES, tmp_path / "bundle")
    assert everything(tmp_path) == {f"bundle/{name}": text for name, text in FILES.items()}


def test_a_folder_within_a_bundle_is_nobodys_to_delete(tmp_path: Path) -> None:
    write(FILES, tmp_path / "bundle")
    (tmp_path / "bundle" / "notes").mkdir()
    with pytest.raises(FolderTaken, match="notes"):
        look_at(tmp_path / "bundle", replace=True)


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "evidence.json").mkdir()
    assert list(FolderFiles(tmp_path)) == []
