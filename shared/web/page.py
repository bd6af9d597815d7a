"""Turns what a page says into HTML and its headers. No page has a script."""

import functools
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.texts.catalogue import ACCEPTED, UNAVAILABLE, Catalogue, direction
from shared.values.form import Form
from shared.values.link_view import LinkState
from shared.values.localised import choose_language
from shared.web import palette

_TEMPLATES = Path(__file__).parent / "templates"
_MARKS = {
    LinkState.CONFIRM: "mail",
    LinkState.ENTER_CODE: "mail",
    LinkState.TOO_MANY_CODES: "clock",
    LinkState.CONFIRMED: "done",
    LinkState.DECLINED: "done",
    LinkState.EXPIRED: "clock",
    LinkState.RENEWED: "mail",
    LinkState.TRY_LATER: "clock",
    LinkState.WITHDRAWN: "done",
    ACCEPTED: "mail",
    UNAVAILABLE: "clock",
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page ready to be answered; `headers` has all that a page needs, Content-Type too."""

    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class CodeInput:
    """Where the person types the code in the mail; `wrong` when the last one was."""

    label: str
    wrong: bool


@dataclass(frozen=True, kw_only=True)
class Press:
    """What the page's button posts, and where to. The token was found valid."""

    action: str
    token: str
    code: CodeInput | None = None


@dataclass(frozen=True, kw_only=True)
class WayOn:
    """A link to where the person goes from here; the main one looks like a button."""

    url: str
    text: str
    is_main: bool = False


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What is wrong in a form post, for people; no label when no field is to blame."""

    label: str | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A consent's very text, in its own language."""

    text: str
    language: str

    @property
    def direction(self) -> str:
        """How its language is written: `ltr` or `rtl`."""
        return direction(self.language)


@dataclass(frozen=True, kw_only=True)
class PageView:
    """What a page says. `name` is its name in the catalogue, `language` a BCP 47 tag."""

    name: str
    language: str
    texts: Catalogue
    form: Form | None = None
    press: Press | None = None
    way_on: WayOn | None = None
    mistakes: tuple[Mistake, ...] = ()
    quotes: tuple[Quote, ...] = ()


def render_page(view: PageView) -> Page:
    """The page, in its own language, with the form's company around it if a form is known."""
    style = _style(view.form.company.colour if view.form else None)
    html = (
        environment()
        .get_template("page.html.j2")
        .render(
            language=view.language,
            direction=direction(view.language),
            text=view.texts.pages[view.name],
            frame=view.texts.frame,
            mark_name=_MARKS.get(view.name, "note"),
            style=style,
            press=view.press,
            way_on=view.way_on,
            mistakes=view.mistakes,
            quotes=view.quotes,
            **_about(view.form, view.language),
        )
    )
    return Page(
        html=html,
        headers=page_headers(style, language=view.language, form_action=_form_action(view)),
    )


def _about(form: Form | None, language: str) -> dict[str, object]:
    if form is None:
        return {"company": None, "about": None}
    spoken = choose_language(language, form.languages)
    return {
        "company": form.company,
        "about": form.title[spoken],
        "imprint": form.company.imprint[spoken],
        "privacy_policy_url": form.privacy_policy_url[spoken],
        "website_host": urlsplit(form.company.website).hostname,
    }


def page_headers(
    style: str, *, language: str, form_action: str, referrer: str = "no-referrer"
) -> dict[str, str]:
    """Those of a page whose only style is this one, and which has no script."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        f"form-action {form_action}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": language,
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store",
        "Referrer-Policy": referrer,
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
    }


def _form_action(view: PageView) -> str:
    """Chromium holds a form's redirects to this list too, so the form's own targets are on it.

    https://github.com/w3c/webappsec-csp/issues/8
    """
    if view.press is None:
        return "'none'"
    redirects = view.form.redirects.model_dump(exclude={"accepted"}) if view.form else {}
    targets = redirects.values()
    return " ".join(["'self'", *sorted({origin_of(target) for target in targets if target})])


def origin_of(url: str) -> str:
    """Scheme and host of a web address, as in `https://www.contoso.com`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@functools.cache
def _style(colour: str | None) -> str:
    template = environment().get_template("page.css.j2")
    return template.render(light=palette.light(colour), dark=palette.dark(colour))


@functools.cache
def environment() -> Environment:
    """What all pages are written with: every value is escaped, an unknown one is an error."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
