"""Browser windows of visitors, what the browser complains about, and pictures of the pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

WIDTH, HEIGHT = 1100, 1150
MILLISECONDS = 30_000


@dataclass(frozen=True, kw_only=True)
class Visits:
    """`pictures` are kept there, and also in the folder that DOI_SCREENSHOTS names."""

    browser: Browser
    pictures: Path
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def new_page(self, *, language: str = "de-DE", javascript: bool = True) -> Page:
        """A new visitor: no cookies, nothing in the cache."""
        context = self.browser.new_context(
            java_script_enabled=javascript,
            locale=language,
            viewport={"width": WIDTH, "height": HEIGHT},
        )
        self._contexts.append(context)
        context.set_default_timeout(MILLISECONDS)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self.complaints.extend(_complaint(message)))
        return page

    def photograph(self, page: Page, name: str) -> None:
        file = self.pictures / f"{name}.png"
        page.screenshot(path=file)
        if folder := os.environ.get("DOI_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, folder)

    def end(self) -> None:
        for context in self._contexts:
            context.close()


def _complaint(message: ConsoleMessage) -> list[str]:
    # Chromium notes answers such as 404 itself; the visitor sees a page for them.
    status = message.text.startswith("Failed to load resource")
    if message.type not in {"error", "warning"} or status:
        return []
    return [f"{message.location['url']}: {message.text}"]


@contextmanager
def visits_with(browser: Browser, pictures: Path) -> Iterator[Visits]:
    visits = Visits(browser=browser, pictures=pictures)
    try:
        yield visits
    finally:
        visits.end()
