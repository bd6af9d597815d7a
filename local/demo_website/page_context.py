"""What every page's template can use."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local.demo_website.response_headers import page_headers
from local.demo_website.sign_ups import LANGUAGES
from local.demo_website.visitor_language import remember_choice, visitor_language

_CAMPAIGN = re.compile(r"[\w .~-]{1,100}")
_FOLDER = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True)
class Links:
    """Links within the website keep the language and the campaign."""

    language: str
    campaign: str | None

    def to(self, path: str, language: str | None = None) -> str:
        """`/newsletter.html` becomes `/newsletter.html?lang=de&utm_campaign=spring`."""
        query = {"lang": language or self.language}
        if self.campaign:
            query["utm_campaign"] = self.campaign
        return f"{path}?{urlencode(query)}"


@cache
def texts(language: str) -> dict[str, Any]:
    """The website's own words."""
    words: dict[str, Any] = json.loads((_FOLDER / "texts" / f"{language}.json").read_bytes())
    return words


@dataclass(frozen=True, kw_only=True)
class PageContext:
    """One visitor at one page."""

    request: web.Request
    functions: str
    language: str
    languages: Sequence[str]

    @property
    def campaign(self) -> str | None:
        """From the tagged link that led here; nothing that would get the sign-up refused."""
        tag = self.request.query.get("utm_campaign", "")
        return tag if _CAMPAIGN.fullmatch(tag) else None

    def answer(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """The page in the visitor's language."""
        html = _TEMPLATES.get_template(template).render(
            functions=self.functions,
            language=self.language,
            languages=self.languages,
            path=self.request.path,
            links=Links(language=self.language, campaign=self.campaign),
            t=texts(self.language),
            **values,
        )
        response = web.Response(
            text=html, status=status, content_type="text/html", headers=page_headers(self.functions)
        )
        response.headers["Content-Language"] = self.language
        remember_choice(self.request, response, self.language)
        return response


def page_context(
    request: web.Request, functions: str, languages: Sequence[str] = LANGUAGES
) -> PageContext:
    """Finds out which of the page's languages the visitor reads."""
    return PageContext(
        request=request,
        functions=functions,
        language=visitor_language(request, languages),
        languages=languages,
    )
