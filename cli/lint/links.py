"""Addresses in a mail: those that are links, and those that a mail program makes links of."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from cli.lint.html_part import HtmlPart

# With a scheme, or beginning with "www.", or a host with a path: all of them become links.
_ADDRESS = re.compile(
    r"(?<![\w@./-])"
    r"(?:https?://[^\s<>\"“”„»«]+"
    r"|www\.[^\s<>\"“”„»«]+"
    r"|(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>\"“”„»«]+)",
    re.IGNORECASE,
)
_BEHIND = ".,;:!?)'\u2019]"  # ends a sentence, not an address


@dataclass(frozen=True, kw_only=True)
class Link:
    """`url` as it stands there; `is_bare`: no link of the mail, but programs make one of it."""

    url: str
    is_bare: bool = False

    @property
    def parts(self) -> SplitResult:
        """The address taken apart; an empty one when it cannot be."""
        try:
            return urlsplit(self.url if "://" in self.url else self._with_scheme())
        except ValueError:
            return urlsplit("")

    @property
    def host(self) -> str:
        """In lower case, without "www."; empty where there is none."""
        return (self.parts.hostname or "").lower().removeprefix("www.")

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Names and values of the query."""
        return parse_qsl(self.parts.query, keep_blank_values=True)

    @property
    def shown(self) -> str:
        """Without the values of its query: those are long, and may name a registration."""
        query = (
            "?" + "&".join(f"{name}=…" for name, _ in self.parameters) if self.parameters else ""
        )
        return self.url.partition("?")[0] + query

    def leads_to(self, public_url: str, path: str) -> bool:
        """Whether it is `path` of the app at `public_url`."""
        return self.url.partition("?")[0] == f"{public_url}{path}"

    def _with_scheme(self) -> str:
        return self.url if re.match(r"[a-z]+:", self.url, re.IGNORECASE) else f"https://{self.url}"


def links_in_text(text: str) -> list[Link]:
    """In a plain text all addresses are bare."""
    found = (each.group().rstrip(_BEHIND) for each in _ADDRESS.finditer(text))
    return [Link(url=url, is_bare=True) for url in found]


def links_in_html(html: HtmlPart) -> list[Link]:
    """Every `href`, `action` and the like, and bare addresses in what is seen."""
    own = [
        Link(url=each.attributes[name].strip())
        for each in html.elements()
        for name in ("href", "action", "formaction", "cite", "ping")
        if each.attributes.get(name, "").strip()
    ]
    return own + [link for block in html.blocks() for link in links_in_text(block)]
