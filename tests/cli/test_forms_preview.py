"""`doi forms preview`: what it writes, and pictures that a browser takes of it."""

import email
import json
import os
import re
import struct
import subprocess
import sys
from email.policy import default
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from cli.forms.chromium import find_chromium
from cli.forms.pictures import LOOKS, Camera, ChromiumCamera, Look, NoPicture, PlaywrightCamera
from shared.texts.catalogue import PAGES, catalogue
from shared.values.confirmation_token import Purpose, TokenInvalid
from tests.cli.form_folder import Doi, definition, doi_on, write
from tests.examples import FORM_SETTINGS, ROOT
from tests.words.samples import PUBLIC_URL, TOKENS

DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND = 0, 1, 2, 3
MAILS = {f"mail-{kind}" for kind in ("confirmation", "renewal", "reminder")}
PAGE_NAMES = {f"page-{name}" for name in PAGES}


@pytest.fixture
def doi(monkeypatch: pytest.MonkeyPatch) -> Doi:
    return doi_on(ROOT / "forms", monkeypatch)


@pytest.fixture
def written(doi: Doi, tmp_path: Path) -> Path:
    """The newsletter, in all of its languages."""
    result = doi("forms", "preview", "newsletter", "--out", str(tmp_path / "out"))
    assert result.exit_code == DONE, result.output
    assert result.stdout == f"75 mails and pages: {tmp_path / 'out' / 'index.html'}\n"
    return tmp_path / "out"


def files(folder: Path) -> dict[str, bytes]:
    found = (each for each in folder.rglob("*") if each.is_file())
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in found}


def test_every_mail_and_page_is_there_in_every_language(written: Path) -> None:
    lead_mails = {f"{name}-linkedin" for name in MAILS}
    expected = {f"{name}.html" for name in MAILS | lead_mails | PAGE_NAMES}
    expected |= {f"{name}.{suffix}" for name in MAILS | lead_mails for suffix in ("txt", "eml")}
    for language in ("en", "de", "fr"):
        assert {each.name for each in (written / language).iterdir()} == expected
        for name in PAGE_NAMES:
            page = (written / language / f"{name}.html").read_text(encoding="utf-8")
            heading = catalogue(language).pages[name.removeprefix("page-")].heading
            assert f'<html lang="{language}"' in page
            assert heading in BeautifulSoup(page, "html.parser").get_text()


def test_the_three_files_of_a_mail_are_one_mail(written: Path) -> None:
    folder = written / "de"
    message = email.message_from_bytes((folder / "mail-reminder.eml").read_bytes(), policy=default)
    bodies = {each.get_content_type(): each for each in message.walk()}
    for kind, suffix in (("text/plain", "txt"), ("text/html", "html")):
        body = bodies[kind].get_content().replace("\r\n", "\n")
        assert body.rstrip("\n") == (folder / f"mail-reminder.{suffix}").read_text().rstrip("\n")
    assert message["Subject"] == "Bitte bestätigen Sie Ihre Newsletter-Anmeldung"
    lead = (folder / "mail-confirmation-linkedin.txt").read_text(encoding="utf-8")
    assert "auf linkedin.com." in lead


def test_no_link_is_one_that_an_app_accepts(written: Path) -> None:
    tokens = set()
    for content in files(written).values():
        tokens |= set(re.findall(r"token=(?:3D)?([\w.-]{100,})", content.decode()))
    assert tokens
    for token in tokens:
        for purpose in Purpose:
            with pytest.raises(TokenInvalid):
                TOKENS.read(purpose, token)


def test_the_same_form_gives_the_same_files(written: Path, doi: Doi, tmp_path: Path) -> None:
    doi("forms", "preview", "newsletter", "--out", str(tmp_path / "again"))
    first, again = files(written), files(tmp_path / "again")
    boundary = re.compile(rb"={15}\d+==")  # which Python draws for each message
    assert set(first) == set(again)
    assert all(boundary.sub(b"", first[n]) == boundary.sub(b"", again[n]) for n in first)


def test_the_index_shows_everything_and_runs_nothing(written: Path) -> None:
    page = BeautifulSoup((written / "index.html").read_bytes(), "html.parser")
    shown = set(files(written)) - {"index.html"}
    linked = {str(link["href"]) for link in page.select("article a")}
    assert linked == shown
    framed = {str(frame["src"]) for frame in page.select("iframe")}
    assert framed == {name for name in shown if name.endswith(".html")}
    # An empty attribute is the strictest.
    assert all(frame.get("sandbox") in ("", []) for frame in page.select("iframe"))
    assert page.find("script") is None
    text = (written / "fr" / "mail-confirmation.txt").read_text(encoding="utf-8")
    assert text.split() in [pre.get_text().split() for pre in page.select("pre")]
    remarks = page.select_one("#en-page-accepted p")
    assert remarks
    assert "The form sends people to https://www.contoso.example/check-inbox.html" in remarks.text
    assert "The form sends no reminders." in page.get_text()


def test_only_some_of_it(doi: Doi, tmp_path: Path) -> None:
    chosen = ("--language", "de", "--only", "page-gone", "--only", "mail-renewal")
    result = doi("forms", "preview", "whitepaper", "--out", str(tmp_path), *chosen, "--json")
    assert json.loads(result.stdout) == {
        "index": str(tmp_path / "index.html"),
        "files": [f"de/mail-renewal.{each}" for each in ("html", "txt", "eml")]
        + ["de/page-gone.html"],
    }
    assert set(files(tmp_path)) == {"index.html", *json.loads(result.stdout)["files"]}
    wrong = doi("forms", "preview", "whitepaper", "--out", str(tmp_path), "--only", "page-x")
    assert wrong.exit_code == WRONG_USAGE
    assert "--only page-x: there are mail-confirmation," in wrong.stderr


def test_an_earlier_preview_is_written_over_and_nothing_else(
    written: Path, doi: Doi, tmp_path: Path
) -> None:
    assert doi("forms", "preview", "webinar", "--out", str(written)).exit_code == DONE
    (tmp_path / "index.html").write_text("somebody's website", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "index.html"):
        refused = doi("forms", "preview", "webinar", "--out", str(folder))
        assert refused.exit_code == WRONG_USAGE
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "somebody's website"


def test_what_cannot_be_shown_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doi = doi_on(tmp_path, monkeypatch)
    write(tmp_path, definition() | {"state": "live"})
    out = ("--out", str(tmp_path / "out"))
    broken = doi("forms", "preview", "newsletter", *out)
    assert (broken.exit_code, broken.stderr) == (
        NOT_ALL_DONE,
        "newsletter has mistakes: `doi forms check newsletter` says which.\n",
    )
    assert doi("forms", "preview", "nothing", *out).exit_code == NOTHING_FOUND
    write(tmp_path, definition())
    assert doi("forms", "preview", "newsletter", "--language", "it").exit_code == NOTHING_FOUND
    assert not (tmp_path / "out").exists()


def test_without_a_chromium_there_are_no_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doi = doi_on(ROOT / "forms", monkeypatch, PATH=str(tmp_path))
    result = doi("forms", "preview", "newsletter", "--out", str(tmp_path / "out"), "--png")
    assert result.exit_code == NOT_ALL_DONE
    assert result.stderr.startswith("--png: no Chromium found; install one")


# Pictures --------------------------------------------------------------------------------


def size(picture: Path) -> tuple[int, int]:
    """Width and height, from the header of a PNG."""
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


@pytest.fixture(params=["Playwright", "Chromium alone"])
def camera(request: pytest.FixtureRequest, browser: Browser) -> Camera:
    if request.param == "Playwright":
        return PlaywrightCamera(browser)
    program = find_chromium()
    assert program
    return ChromiumCamera(program)


@pytest.mark.browser
def test_a_picture_has_the_device_s_width_and_the_scheme_s_colours(
    camera: Camera, browser: Browser, tmp_path: Path
) -> None:
    html = tmp_path / "page.html"
    html.write_text(
        "<!DOCTYPE html><meta name=viewport content='width=device-width'>"
        "<style>:root{background:#fff}@media(prefers-color-scheme:dark){:root{background:#123}}"
        "@media(max-width:400px){:root{border-top:9px solid #f00}}</style><p>Hello",
        encoding="utf-8",
    )
    for look in LOOKS:
        picture = tmp_path / f"{look.name}.png"
        camera.take(html, look, picture)
        assert size(picture)[0] == look.width
        assert ground(picture, browser) == ([17, 34, 51] if look.scheme == "dark" else [255] * 3)
        assert edge(picture, browser) == (
            [255, 0, 0] if look.device == "phone" else ground(picture, browser)
        )


def ground(picture: Path, browser: Browser) -> list[int]:
    """The colour (red, green, blue) in the lower right corner."""
    return pixel(picture, browser, "image.width - 3, image.height - 3")


def edge(picture: Path, browser: Browser) -> list[int]:
    """The colour at the top."""
    return pixel(picture, browser, "image.width - 3, 3")


def pixel(picture: Path, browser: Browser, at: str) -> list[int]:
    page = browser.new_page()
    try:
        page.set_content("<canvas></canvas><input type=file>")
        page.set_input_files("input", picture)
        script = (
            "async () => { const image = await createImageBitmap("
            "document.querySelector('input').files[0]);"
            "const canvas = document.querySelector('canvas');"
            "canvas.width = image.width; canvas.height = image.height;"
            "const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);"
            f"return [...context.getImageData({at}, 1, 1).data].slice(0, 3); }}"
        )
        found: list[int] = page.evaluate(script)
    finally:
        page.close()
    return found


def test_a_program_that_is_no_browser_is_named(tmp_path: Path) -> None:
    html = tmp_path / "page.html"
    html.write_text("<p>x", encoding="utf-8")
    look = Look(device="phone", width=390, height=800, scheme="light")
    for program in (sys.executable, str(tmp_path / "nothing")):
        with pytest.raises(NoPicture, match=re.escape(program)):
            ChromiumCamera(program).take(html, look, tmp_path / "x.png")


@pytest.mark.browser
@pytest.mark.usefixtures("browser")
def test_the_command_takes_pictures_of_what_was_asked_for(tmp_path: Path) -> None:
    """In a process of its own, as Playwright allows one of these in a thread."""
    folder = tmp_path / "out"
    ended = subprocess.run(  # noqa: S603 - the project's own command
        [
            *(sys.executable, "-m", "cli", "forms", "preview", "newsletter", "--png"),
            *("--out", str(folder), "--language", "en", "--only", "page-confirm"),
        ],
        cwd=ROOT,
        env={**environment(), **FORM_SETTINGS, "DOI_PUBLIC_URL": PUBLIC_URL},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == DONE, ended.stderr
    names = {f"en/page-confirm.{look.name}.png" for look in LOOKS}
    assert set(files(folder)) == {"index.html", "en/page-confirm.html", *names}
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert all(f'src="{name}"' in index for name in names)


def environment() -> dict[str, str]:
    """What a program needs, and no setting."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
