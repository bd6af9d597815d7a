"""What docs/website-integration.md offers to copy is tried out as it stands there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import requests
from aiohttp import web
from playwright.sync_api import Browser, Page, expect

from local.stack.layout import NODE_FOLDER
from shared.values.form_description import describe
from shared.values.form_fields import FormField
from shared.web.request_body import MAX_BODY_BYTES
from tests.demo_website.functions_app import FunctionsApp, functions_app
from tests.demo_website.serving import new_listener, origin_of, serving
from tests.examples import ROOT, sample_forms

DOCUMENT = (ROOT / "docs" / "website-integration.md").read_text("utf-8")
EXAMPLE = "https://doi.contoso.example"
# The package's main file, which a website would serve.
WIDGET = NODE_FOLDER / "node_modules" / "altcha" / "dist" / "main" / "altcha.min.js"


def snippets(language: str, functions: str) -> list[str]:
    """Code blocks of one language, with the address replaced as the reader is told to."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)
    assert blocks
    return [block.replace(EXAMPLE, functions) for block in blocks]


@dataclass(frozen=True, kw_only=True)
class Website:
    """A website made of the snippets."""

    origin: str
    functions: FunctionsApp


@pytest.fixture
def website() -> Iterator[Website]:
    with new_listener() as website_listener, new_listener() as functions_listener:
        origin, functions = origin_of(website_listener), origin_of(functions_listener)
        app = functions_app(functions, origin)
        with (
            serving(app.application(origin), functions_listener),
            serving(website_of_snippets(functions), website_listener),
        ):
            yield Website(origin=origin, functions=app)


def website_of_snippets(functions: str) -> web.Application:
    scripted, plain, with_widget = snippets("html", functions)
    [style] = snippets("css", functions)
    [script] = snippets("js", functions)
    files = {
        "/scripted": ("text/html", f"<!DOCTYPE html><style>{style}</style>{scripted}"),
        "/plain": ("text/html", f"<!DOCTYPE html>{plain}"),
        "/webinar": ("text/html", f"<!DOCTYPE html>{with_widget}"),
        "/altcha.js": ("text/javascript", WIDGET.read_text("utf-8")),
        "/newsletter.js": ("text/javascript", script),
        "/check-inbox.html": ("text/html", "<!DOCTYPE html><h1>Ihr Postfach</h1>"),
    }

    async def serve(request: web.Request) -> web.Response:
        content_type, text = files.get(request.path, ("text/plain", ""))
        return web.Response(text=text, content_type=content_type)

    application = web.Application()
    application.router.add_get("/{path:.*}", serve)
    return application


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(5_000)
        yield page


def fill_in(page: Page) -> None:
    page.get_by_label("E-Mail-Adresse").fill("anna@example.com")
    page.get_by_label("Ich möchte den Contoso-Newsletter").check()


@pytest.mark.browser
def test_fetch(website: Website, page: Page) -> None:
    page.goto(f"{website.origin}/scripted")
    fill_in(page)
    page.get_by_label("Vorname").fill("<b>")
    page.get_by_role("button").click()
    expect(page.get_by_role("alert").locator("p")).to_have_count(1)
    expect(page.get_by_label("Vorname")).to_be_focused()
    page.get_by_label("Ich möchte").uncheck()
    page.get_by_label("Vorname").fill("Anna")
    page.get_by_role("button").click()
    expect(page.get_by_label("Ich möchte")).to_be_focused()

    fill_in(page)
    website.functions.instead_of_acceptance.append(web.Response(status=503))
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("gleich noch einmal")
    page.get_by_role("button").click()

    expect(page.locator("form")).to_have_text("Bitte sehen Sie in Ihr Postfach: anna@example.com")
    expect(page.locator("[name=homepage]")).to_have_count(0)
    [registration] = website.functions.registrations()
    assert registration["answers"] == {"email": "anna@example.com", "firstName": "Anna"}
    assert registration["source"]["pageUrl"] == f"{website.origin}/scripted"
    keys = [received.headers["Idempotency-Key"] for received in website.functions.received]
    assert len(keys) == 4
    assert len(set(keys)) == 3
    assert keys[2] == keys[3]


@pytest.mark.browser
def test_plain_html(website: Website, page: Page) -> None:
    page.goto(f"{website.origin}/plain")
    fill_in(page)
    page.get_by_role("button").click()

    page.wait_for_url(f"{website.origin}/check-inbox.html")
    [registration] = website.functions.registrations()
    assert registration["email"] == "anna@example.com"
    assert registration["locale"] == "de"


def test_plain_html_has_the_text_of_the_sample_form() -> None:
    _, plain, with_widget = snippets("html", EXAMPLE)

    [consent] = sample_forms()["newsletter"].consents
    assert consent.text["de"] in plain
    [consent] = sample_forms()["webinar"].consents
    assert consent.text["de"] in with_widget


@pytest.mark.browser
def test_the_widget(website: Website, page: Page) -> None:
    page.goto(f"{website.origin}/webinar")
    page.get_by_label("E-Mail-Adresse").fill("anna@example.com")
    page.get_by_label("Ich möchte die Einladung").check()
    expect(page.locator("altcha-widget [data-state=verified]")).to_be_visible()
    page.get_by_role("button", name="Zum Webinar anmelden").click()

    page.wait_for_url(f"{website.origin}/check-inbox.html")
    [registration] = website.functions.registrations()
    assert registration["form"] == "webinar"


def test_python_with_proof_of_work(website: Website) -> None:
    [program] = snippets("python", website.functions.origin)

    done = subprocess.run(  # noqa: S603 - the documented program
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
    )

    [registration] = website.functions.registrations()
    assert registration["form"] == "webinar"
    assert registration["email"] == "anna@example.com"
    assert done.stdout.startswith("202 ")
    assert registration["id"] in done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(website: Website) -> None:
    [command] = snippets("sh", website.functions.origin)

    words = shlex.split(command.replace("\\\n", " "))
    done = subprocess.run(  # noqa: S603 - the documented command
        [*words, "--silent", "--noproxy", "*"], capture_output=True, check=True, timeout=20
    )

    answer = json.loads(done.stdout)
    [registration] = website.functions.registrations()
    assert answer == {"registrationId": registration["id"], "status": "accepted"}
    UUID(registration["id"])


def test_the_documented_call_and_answers_have_the_real_members(website: Website) -> None:
    description, call, accepted, refused = map(json.loads, snippets("json", EXAMPLE))

    real = json.loads(
        describe(sample_forms()["newsletter"], public_url=EXAMPLE, max_body_bytes=MAX_BODY_BYTES)
    )
    assert description.keys() == real.keys()
    assert description["submit"] == real["submit"]
    assert description["maxBodyBytes"] == real["maxBodyBytes"]
    assert description["fields"][0].keys() == real["fields"][0].keys() - {"hint"}
    assert description["consents"][0].keys() == real["consents"][0].keys()
    url = f"{website.functions.origin}/api/forms/newsletter/registrations"
    answer = requests.post(url, json=call, timeout=20)
    assert answer.status_code == 202
    assert answer.json().keys() == accepted.keys()
    answer = requests.post(url, json={"fields": {"email": "x"}, "locale": "de"}, timeout=20)
    assert answer.status_code == refused["status"]
    assert answer.json().keys() == refused.keys()
    assert answer.json()["type"] == refused["type"]
    assert [
        {"pointer": error["pointer"], "code": error["code"]} for error in answer.json()["errors"]
    ] == [{"pointer": error["pointer"], "code": error["code"]} for error in refused["errors"]]


def test_every_kind_of_field_is_explained() -> None:
    union = FormField.__origin__  # type: ignore[attr-defined] # the union inside Annotated
    kinds = {kind.model_fields["kind"].annotation.__args__[0] for kind in union.__args__}

    assert set(re.findall(r"^\| `(\w+)` \|.*\|.*\|.*\|$", DOCUMENT, re.MULTILINE)) >= kinds


def test_links_within_the_repository_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", DOCUMENT):
        assert (ROOT / "docs" / Path(target)).exists(), target
