"""Rules about the HTML part: what it shows, hides, loads and runs."""

import re
from collections.abc import Iterator

from cli.lint.composed import ComposedMail, Hit, Part
from cli.lint.html_part import Element, collapsed, declarations

_IMAGES = frozenset({"img", "picture", "svg", "image", "canvas"})
_LOADED = frozenset(
    "audio base embed frame iframe link object portal source track video".split()  # noqa: SIM905 - a list of words
)
_INPUTS = frozenset({"form", "input", "button", "select", "textarea", "isindex"})
_CSS_ADDRESS = re.compile(r"url\s*\(\s*['\"]?([^'\")]*)|image-set\s*\(|@import", re.IGNORECASE)
_PICTURE_IN_CSS = re.compile(
    r"(?:background(?:-image)?|list-style(?:-image)?|content|border-image[a-z-]*|mask(?:-image)?"
    r"|cursor)\s*:[^;{}]*(?:url|image-set)\s*\(",
    re.IGNORECASE,
)
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data\s*:\s*text/html)", re.IGNORECASE)
_TINY = re.compile(r"(?:[01]|[01]?\.\d+)(?:px|pt)?|0(?:em|rem|%)|0?\.[01]\d*(?:em|rem)")
_NOTHING = re.compile(r"0(?:\.0+)?(?:px|pt|em|rem|%)?")
_OFF_SCREEN = re.compile(r"-\d{3,}(?:px|pt|em|rem|%)?")
_CONDITION = re.compile(r"^\s*\[if[^\]]*\]>?", re.IGNORECASE)


def images(mail: ComposedMail) -> Iterator[Hit]:
    """Pictures of any kind, but for the company's logo."""
    for element in mail.html.elements():
        if element.tag.startswith("v:") or element.tag in _IMAGES:
            inside_another = any(each.tag in _IMAGES for each in element.ancestors())
            if not inside_another and not _is_logo(mail, element):
                yield _hit(element)
        elif "background" in element.attributes or element.attributes.get("type") == "image":
            yield _hit(element)
        if match := _PICTURE_IN_CSS.search(element.attributes.get("style", "")):
            yield _hit(element, match.group())
    for sheet in mail.html.style_sheets:
        yield from (_css_hit(match.group()) for match in _PICTURE_IN_CSS.finditer(sheet))


def logo(mail: ComposedMail) -> Iterator[Hit]:
    """The company's logo, also one that travels in the mail."""
    yield from (_hit(each) for each in mail.html.elements("img") if _is_logo(mail, each))


def external_content(mail: ComposedMail) -> Iterator[Hit]:
    """Style sheets, fonts, frames, films: whatever is loaded when somebody opens the mail."""
    for element in mail.html.elements():
        refreshes = element.attributes.get("http-equiv", "").lower() == "refresh"
        if element.tag in _LOADED or refreshes:
            yield _hit(element)
        elif match := _CSS_ADDRESS.search(element.attributes.get("style", "")):
            yield _hit(element, match.group())
    for sheet in mail.html.style_sheets:
        yield from (_css_hit(match.group()) for match in _CSS_ADDRESS.finditer(sheet))


def pixels(mail: ComposedMail) -> Iterator[Hit]:
    """Pictures that are loaded from somewhere, and those too small to be seen."""
    for element in mail.html.elements("img", "image", "input"):
        source = element.attributes.get("src", "") + element.attributes.get("srcset", "")
        style = element.style()
        sizes = [
            element.attributes.get(side, "") or style.get(side, "") for side in ("width", "height")
        ]
        if re.match(r"\s*(?:https?:)?//", source) or any(_TINY.fullmatch(each) for each in sizes):
            yield _hit(element)


def scripts(mail: ComposedMail) -> Iterator[Hit]:
    """Programs, and attributes that run one."""
    for element in mail.html.elements():
        attributes = element.attributes
        runs = [
            name
            for name, value in attributes.items()
            if name.startswith("on") or (name in ("href", "src", "action") and _RUNS.match(value))
        ]
        if element.tag == "script" or runs:
            yield _hit(element)


def form_elements(mail: ComposedMail) -> Iterator[Hit]:
    """Something to fill in or press in the mail itself."""
    yield from (_hit(each) for each in mail.html.elements(*sorted(_INPUTS)))


def hidden_text(mail: ComposedMail) -> Iterator[Hit]:
    """Text that mail programs read and people do not see."""
    for element in mail.html.elements():
        text = collapsed(element.text)
        if text and element.tag not in {"style", "script"} and _is_hidden(element):
            yield Hit(part=Part.HTML, excerpt=text, words=text)
    for sheet in mail.html.style_sheets:
        for block in re.findall(r"([^{}]*)\{([^{}]*)\}", sheet):
            if _hides(declarations(block[1])):
                yield _css_hit(collapsed(f"{block[0]} {{ {block[1]} }}"))
    for comment in mail.html.comments:
        shown = collapsed(re.sub(r"<[^>]*>", " ", _CONDITION.sub("", comment)))
        if _CONDITION.match(comment) and shown not in ("", "<![endif]"):
            yield Hit(part=Part.HTML, excerpt=shown, words=shown)


def _is_logo(mail: ComposedMail, element: Element) -> bool:
    """In the mail itself, and named after the company: what LG Stendal spoke about."""
    source = element.attributes.get("src", "").lower()
    named = mail.form.company.name.lower() in element.attributes.get("alt", "").lower()
    return element.tag == "img" and source.startswith(("cid:", "data:image/")) and named


def _is_hidden(element: Element) -> bool:
    return "hidden" in element.attributes or _hides(element.style())


def _hides(style: dict[str, str]) -> bool:
    ground = style.get("background-color") or style.get("background")
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("mso-hide") == "all"
        or bool(_TINY.fullmatch(style.get("font-size", "")))
        or bool(_NOTHING.fullmatch(style.get("opacity", "")))
        or any(
            _NOTHING.fullmatch(style.get(side, "")) for side in ("max-height", "height", "width")
        )
        or any(_OFF_SCREEN.fullmatch(style.get(by, "")) for by in ("text-indent", "left", "top"))
        or style.get("color") in {"transparent", "rgba(0,0,0,0)"}
        or (ground is not None and ground == style.get("color"))
    )


def _hit(element: Element, words: str = "") -> Hit:
    shown = "".join(f' {name}="{value[:60]}"' for name, value in element.attributes.items())
    excerpt = f"<{element.tag}{shown}>" if len(shown) < 200 else f"<{element.tag} …>"  # noqa: PLR2004 - what fits a line or two
    return Hit(part=Part.HTML, excerpt=excerpt, words=words or excerpt)


def _css_hit(text: str) -> Hit:
    return Hit(part=Part.HTML, excerpt=f"<style>: {collapsed(text)}", words=text)
