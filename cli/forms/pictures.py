"""Pictures of pages and mails as a phone and a desktop show them, in light and in dark.

With Playwright, where it is installed, pictures are as long as the page. Without, Chromium itself
takes them, with a fixed height: it has no way to say how long a page is.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from cli.forms.chromium import FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_SECONDS = 60.0
# Blink's numbers: https://chromium.googlesource.com/chromium/src/+/main/third_party/blink/public/
# mojom/css/preferred_color_scheme.mojom
_SCHEMES = {"dark": 0, "light": 1}


@dataclass(frozen=True, kw_only=True)
class Look:
    """A device: its width in CSS pixels, and the height of a picture that cannot be measured."""

    device: Literal["phone", "desktop"]
    width: int
    height: int
    scheme: Literal["light", "dark"]

    @property
    def name(self) -> str:
        """As it stands in the name of a file."""
        return f"{self.device}-{self.scheme}"


LOOKS = tuple(
    Look(device=device, width=width, height=height, scheme=scheme)  # type: ignore[arg-type]
    for device, width, height in (("phone", 390, 1500), ("desktop", 1100, 1100))
    for scheme in ("light", "dark")
)


class Camera(Protocol):
    """Takes pictures of HTML files. Raises NoPicture."""

    def take(self, html: Path, look: Look, picture: Path) -> None:
        """A PNG of the file."""


class NoPicture(Exception):
    """The browser did not take one; the text says what it said."""


@contextmanager
def open_camera(program: str) -> Iterator[Camera]:
    """The better one of the two that can be had with that Chromium. Raises NoPicture."""
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - is there or not
    except ImportError:
        yield ChromiumCamera(program)
        return
    try:
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=program, args=FLAGS) as browser,
        ):
            yield PlaywrightCamera(browser)
    except Error as error:
        raise NoPicture(f"{program}: {error.message}") from None


class PlaywrightCamera:
    """Implements Camera."""

    def __init__(self, browser: "Browser") -> None:
        self._browser = browser

    def take(self, html: Path, look: Look, picture: Path) -> None:
        """See Camera."""
        page = self._browser.new_page(
            viewport={"width": look.width, "height": 500},
            color_scheme=look.scheme,
            java_script_enabled=False,
            offline=True,
        )
        try:
            page.goto(html.absolute().as_uri())
            page.screenshot(path=picture, full_page=True)
        finally:
            page.close()


class ChromiumCamera:
    """Implements Camera, with nothing but the program."""

    def __init__(self, program: str) -> None:
        self._program = program

    def take(self, html: Path, look: Look, picture: Path) -> None:
        """See Camera. The page is put into a frame: no window is as narrow as a phone."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            frame = Path(folder) / "frame.html"
            frame.write_text(_frame(html, look), encoding="utf-8")
            command = [
                self._program,
                "--headless",
                *FLAGS,
                "--hide-scrollbars",
                f"--user-data-dir={folder}/profile",
                f"--blink-settings=preferredColorScheme={_SCHEMES[look.scheme]}",
                f"--window-size={look.width},{look.height}",
                f"--screenshot={picture.absolute()}",
                frame.as_uri(),
            ]
            said = self._run(command)
        if not picture.is_file():
            raise NoPicture(f"{self._program}: {said[-500:]}")

    def _run(self, command: list[str]) -> str:
        try:
            ended = subprocess.run(  # noqa: S603 - the browser that was found
                command, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoPicture(f"{self._program}: {type(error).__name__}") from None
        return ended.stderr.strip()


def _frame(html: Path, look: Look) -> str:
    return (
        "<!DOCTYPE html><meta charset=utf-8><meta name=color-scheme content='light dark'>"
        "<style>body{margin:0}iframe{display:block;border:0}</style>"
        f"<iframe src='{html.absolute().as_uri()}' width={look.width} height={look.height}>"
        "</iframe>"
    )
