"""Why the host cannot start."""

import re
from pathlib import Path


class LoadFailure(Exception):
    """The app or its configuration cannot be loaded; the message is meant for the developer."""


def described(message: str, stack_trace: str, root: Path) -> str:
    """The message, and the line of the app it came from when the stack trace shows one."""
    frames = re.findall(r'File "([^"]+)", line (\d+)', stack_trace)
    own = [frame for frame in frames if _belongs_to_app(Path(frame[0]), root)]
    if not own:
        return message
    file, line = own[-1]
    return f"{message}\n  at {file}, line {line}"


def _belongs_to_app(file: Path, root: Path) -> bool:
    return file.is_relative_to(root) and "site-packages" not in file.parts
