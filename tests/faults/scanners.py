"""Machines that open links, and where people and machines come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests
from playwright.sync_api import Browser, Page

from tests.journey.inbox import Mail
from tests.journey.sign_up import SECONDS, token_of

PREFETCH_HEADERS = (
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"X-Purpose": "preview"},
)
# Everything that a machine does to a page short of pressing what it finds there.
LOOK_AT_EVERYTHING = """() => {
  for (const element of document.querySelectorAll("*")) {
    for (const name of ["pointerover", "mouseover", "mouseenter", "mousemove", "touchstart"]) {
      element.dispatchEvent(new Event(name, {bubbles: true}));
    }
    element.focus?.();
    element.scrollIntoView?.();
  }
  window.dispatchEvent(new Event("beforeunload"));
}"""
FETCH_AHEAD = """(links) => {
  for (const link of links) {
    for (const rel of ["prefetch", "prerender", "preload"]) {
      const ahead = document.createElement("link");
      ahead.rel = rel;
      ahead.href = link;
      if (rel === "preload") ahead.as = "fetch";
      document.head.append(ahead);
    }
    const frame = document.createElement("iframe");
    frame.src = link;
    document.body.append(frame);
    navigator.sendBeacon?.(link);
  }
}"""


@dataclass(frozen=True, kw_only=True)
class From:
    """Somebody at an address; the proxy in front of the app says so."""

    address: str

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Forwarded-For": self.address}

    def request(self, method: str, link: str, **headers: str) -> requests.Response:
        return requests.request(method, link, headers={**self.headers, **headers}, timeout=SECONDS)

    def press(self, link: str, **typed: str) -> requests.Response:
        """What the button of the link's page does, with what was typed there."""
        data = {"token": token_of(link), **typed}
        address = link.partition("?")[0]
        return requests.post(address, data=data, headers=self.headers, timeout=SECONDS)

    @contextmanager
    def page(self, browser: Browser, *, language: str = "de-DE") -> Iterator[Page]:
        context = browser.new_context(locale=language, extra_http_headers=self.headers)
        try:
            yield context.new_page()
        finally:
            context.close()


def open_by_http(scanner: From, mail: Mail) -> None:
    """As simple scanners and prefetchers do."""
    for link in (mail.confirm_url, mail.decline_url):
        for method in ("HEAD", "GET", "GET"):
            assert scanner.request(method, link).status_code == 200
        for headers in PREFETCH_HEADERS:
            assert scanner.request("GET", link, **headers).status_code == 200


def open_in_browser(scanner: From, mail: Mail, browser: Browser) -> None:
    """As scanners with a whole browser do: every link of the mail, and everything on its page."""
    with scanner.page(browser, language="en-US") as page:
        page.goto(mail.html_url)
        links = page.get_by_role("link").evaluate_all("found => found.map((link) => link.href)")
        assert {mail.confirm_url, mail.decline_url} <= set(links)
        for link in page.get_by_role("link").all():
            link.hover()
        page.evaluate(FETCH_AHEAD, links)
        page.wait_for_load_state("networkidle")
        for link in links:
            page.goto(link, wait_until="networkidle")
            page.evaluate(LOOK_AT_EVERYTHING)
            page.get_by_role("button").hover()
            page.get_by_role("button").focus()
            page.keyboard.press("Escape")
            page.mouse.wheel(0, 2000)
            page.reload(wait_until="networkidle")
            assert page.get_by_role("button").is_visible()
