"""All Bicep files of a folder, with main.bicep in front."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.infrastructure.files import BicepFile, Block, read_bicep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAIN = "main.bicep"


@dataclass(frozen=True, kw_only=True)
class Templates:
    """The files by their path below the folder, with forward slashes."""

    folder: Path
    files: Mapping[str, BicepFile]

    @property
    def main(self) -> BicepFile:
        return self.files[MAIN]

    def path_of(self, caller: BicepFile, module: Block) -> str:
        """Which of the files a module call names; it may be missing."""
        path = (caller.path.parent / module.of).resolve()
        return path.relative_to(self.folder.resolve()).as_posix()

    def resources(self) -> Iterator[tuple[str, Block]]:
        """Every resource that a deployment makes, with its file."""
        for path, file in self.files.items():
            for resource in file.resources.values():
                if not resource.existing:
                    yield path, resource

    def calls(self) -> Iterator[tuple[str, Block, str]]:
        """Every module call: the calling file, the call, the file called."""
        for path, file in self.files.items():
            for module in file.modules.values():
                yield path, module, self.path_of(file, module)


def read_templates(folder: Path) -> Templates:
    """Reads the folder and all below it."""
    paths = sorted(folder.rglob("*.bicep"))
    return Templates(
        folder=folder,
        files={path.relative_to(folder).as_posix(): read_bicep(path) for path in paths},
    )
