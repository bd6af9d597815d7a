"""Makes docs/journey.png: the journey in four pictures, taken of a running, fresh stack.

python3 dev.py up --fresh
python -m tests.journey.picture --stack-json '{…}'    # what `up` printed after READY
"""

import argparse
import base64
import json
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from cli.forms.chromium import FLAGS, find_chromium
from tests.journey.inbox import mail_to
from tests.journey.person import Person
from tests.running_stack import ROOT, Stack

ERIKA = Person(email="erika.mustermann@example.com", first_name="Erika", last_name="Mustermann")
SHOT: ViewportSize = {"width": 480, "height": 760}
SHEET: ViewportSize = {"width": 1600, "height": 600}
STYLE = """
body { margin: 0; padding: 28px 28px 32px; box-sizing: border-box; background: #eef1f5;
  display: grid; grid-template-columns: repeat(4, 1fr); gap: 24px; color: #1c2026;
  font: 600 19px/1.3 system-ui, sans-serif; }
figure { margin: 0; }
figcaption { margin-bottom: 12px; }
img { width: 100%; display: block; border-radius: 10px; border: 1px solid #c9d0da; }
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.journey.picture", description=__doc__)
    parser.add_argument("--stack-json", required=True, help="what `dev.py up` printed after READY")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "journey.png")
    arguments = parser.parse_args()
    stack = Stack.of(json.loads(arguments.stack_json), data=Path())
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS) as browser,
    ):
        _compose(browser, _journey(browser, stack), arguments.to)


def _journey(browser: Browser, stack: Stack) -> Mapping[str, bytes]:
    """Pictures by their captions."""
    page = browser.new_page(viewport=SHOT, locale="en-GB")
    page.goto(f"{stack.website}/newsletter.html?lang=en")
    page.get_by_label("E-mail address").fill(ERIKA.email)
    page.get_by_label("First name").fill(ERIKA.first_name)
    page.get_by_label("Last name").fill(ERIKA.last_name)
    page.get_by_label("I want to receive").check()
    page.locator("#sign-up").evaluate("form => scrollTo(0, form.offsetTop - 24)")
    pictures = {"1. Sign up on the website": _shot(page)}
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("heading", name="Please check your inbox")).to_be_visible()

    page.goto(mail_to(stack, ERIKA.email).html_url)
    pictures["2. A mail asks for confirmation"] = _shot(page)
    page.get_by_role("link", name="Continue to confirmation").click()
    pictures["3. One button confirms"] = _shot(page)
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for confirming")

    page.goto(stack.dataverse)
    expect(page.get_by_text("msdynmkt_language")).to_be_visible()
    pictures["4. Contact, consent and trigger"] = _shot(page)
    return pictures


def _shot(page: Page) -> bytes:
    # Nothing is marked as being typed into or pointed at.
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    return page.screenshot()


def _compose(browser: Browser, pictures: Mapping[str, bytes], file: Path) -> None:
    figures = "".join(
        f"<figure><figcaption>{caption}</figcaption><img src='{_data_url(picture)}'></figure>"
        for caption, picture in pictures.items()
    )
    page = browser.new_page(viewport=SHEET)
    page.set_content(f"<style>{STYLE}</style>{figures}")
    page.screenshot(path=file, full_page=True)


def _data_url(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


if __name__ == "__main__":
    main()
