"""Rules about where the mail leads."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cli.lint.composed import ComposedMail, Hit, Part
from cli.lint.links import Link

CONFIRM, DECLINE = "/api/confirm", "/api/decline"
_HOSTS = json.loads(Path(__file__).with_name("hosts.json").read_bytes())
_SOCIAL, _PASSING_ON = frozenset(_HOSTS["social"]), frozenset(_HOSTS["passingOn"])
_TRACKING_HOST = re.compile(r"(^|\.)(clicks?|track|tracking|trk|open)\.")
_TRACKING_PARAMETER = re.compile(
    r"(utm|mtm|matomo|pk|piwik|hsa|mkt|oly|vero|trk|wicked|sc)_\w+|_hs\w+|_ke|_openstat"
    r"|g?clid|dclid|fbclid|msclkid|yclid|igshid|mc_[ce]id|mkt_tok|trkid|cid|sid|uid|email|recipient",
    re.IGNORECASE,
)
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


def extra_links(mail: ComposedMail) -> Iterator[Hit]:
    """Anything but confirm, decline, the privacy policy, and what identifies the company."""
    for part, links in mail.links.items():
        for link in links:
            if not (_is_own(link) or _is_allowed(mail, link)):
                yield _hit(part, link)


def social_links(mail: ComposedMail) -> Iterator[Hit]:
    """Addresses of social networks, as links or as text."""
    for part, links in mail.links.items():
        yield from (_hit(part, link) for link in links if _is_among(link.host, _SOCIAL))


def tracking_links(mail: ComposedMail) -> Iterator[Hit]:
    """Parameters that follow a person, shorteners, and addresses that pass others on."""
    for part, links in mail.links.items():
        yield from (_hit(part, link) for link in links if _tracks(link))


def link_origin(mail: ComposedMail) -> Iterator[Hit]:
    """The mail's own links lead to the app's public address, by https."""
    secure = mail.public_url.startswith("https://") or _is_this_machine(mail.public_url)
    for part, links in mail.links.items():
        for link in links:
            at_home = any(link.leads_to(mail.public_url, path) for path in (CONFIRM, DECLINE))
            if _is_own(link) and not (secure and at_home):
                yield _hit(part, link)


def confirm_link(mail: ComposedMail) -> Iterator[Hit]:
    """Each part has the link to confirm, once."""
    return _once(mail, CONFIRM)


def decline_link(mail: ComposedMail) -> Iterator[Hit]:
    """Each part has the link for whoever did not sign up, once."""
    return _once(mail, DECLINE)


def text_link(mail: ComposedMail) -> Iterator[Hit]:
    """In the text part each link of the HTML part stands whole and alone on its line."""
    lines = mail.mail.text.split("\n")
    for link in mail.links[Part.HTML]:
        if _is_own(link) and not link.is_bare and link.url not in lines:
            yield _hit(Part.TEXT, link)
    for link in mail.links[Part.TEXT]:
        if _is_own(link) and not re.fullmatch(r"[!-~]+", link.url):
            yield _hit(Part.TEXT, link)


def _once(mail: ComposedMail, path: str) -> Iterator[Hit]:
    for part, links in mail.links.items():
        found = [each for each in links if _path(each) == path and not _is_quoted(part, each)]
        if len(found) != 1:
            yield Hit(part=part, excerpt=f"{path} stands there {len(found)} times")


def _is_quoted(part: Part, link: Link) -> bool:
    return part is Part.HTML and link.is_bare


def _path(link: Link) -> str | None:
    return next((path for path in (CONFIRM, DECLINE) if link.parts.path.endswith(path)), None)


def _is_own(link: Link) -> bool:
    return _path(link) is not None


def _is_allowed(mail: ComposedMail, link: Link) -> bool:
    company = mail.form.company
    if link.url.startswith("#"):
        return True  # within the mail
    if link.url.lower().startswith("mailto:"):
        return unquote(link.url[len("mailto:") :]) in mail.imprint
    if link.url == mail.record.privacy_policy_url:
        return True
    if link.host != Link(url=company.website).host:
        return False
    # The name of the website says where somebody signed up; an imprint may name it, too.
    names_website = link.is_bare and not link.parts.path.strip("/") and not link.parts.query
    return names_website or link.url in mail.imprint


def _tracks(link: Link) -> bool:
    if _is_own(link):
        return any(name != "token" for name, _ in link.parameters)
    passes_on = re.search(r"https?:/", unquote(link.url.partition("://")[2]))
    return bool(
        passes_on
        or _is_among(link.host, _PASSING_ON)
        or _TRACKING_HOST.search(link.host)
        or any(_TRACKING_PARAMETER.fullmatch(name) for name, _ in link.parameters)
    )


def _is_among(host: str, hosts: frozenset[str]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in hosts)


def _is_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in _THIS_MACHINE


def _hit(part: Part, link: Link) -> Hit:
    return Hit(part=part, excerpt=link.shown, words=link.url)
