"""The website and the endpoints it talks to, each on an origin of its own."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from local.demo_website.website import create_website
from tests.demo_website.functions_app import FunctionsApp, functions_app
from tests.demo_website.serving import new_listener, origin_of, serving


@dataclass(frozen=True, kw_only=True)
class DemoWebsite:
    """`origin` is the website's; `functions` is the app behind it."""

    origin: str
    functions: FunctionsApp


class Visit(Protocol):
    """Opens a page, such as /newsletter.html?lang=de."""

    def __call__(self, path: str, *, javascript: bool = True) -> Page: ...


@pytest.fixture
def demo() -> Iterator[DemoWebsite]:
    # Each has to know the other's origin before it starts.
    with new_listener() as website_listener, new_listener() as functions_listener:
        website, functions = origin_of(website_listener), origin_of(functions_listener)
        app = functions_app(functions, website)
        with (
            serving(app.application(website), functions_listener),
            serving(create_website(functions), website_listener),
        ):
            yield DemoWebsite(origin=website, functions=app)


@pytest.fixture
def visit(demo: DemoWebsite, browser: Browser) -> Iterator[Visit]:
    """Opens pages of the website; at the end, no script and no policy may have complained."""
    complaints: list[str] = []
    with ExitStack() as visits:

        def open_page(path: str, *, javascript: bool = True) -> Page:
            context = browser.new_context(java_script_enabled=javascript, locale="en-GB")
            visits.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(5_000)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: complaints.extend(_complaint(message)))
            page.goto(demo.origin + path)
            return page

        yield open_page
    assert not complaints


def _complaint(message: ConsoleMessage) -> list[str]:
    # Chromium itself notes answers such as 422 and 503; the page shows those to the visitor.
    expected = message.text.startswith("Failed to load resource")
    return [message.text] if message.type in {"error", "warning"} and not expected else []
