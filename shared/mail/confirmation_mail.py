"""Writes the confirmation mail, free of advertising by the strict reading of the law.

It says what was asked for, when and where, repeats the consent word for word, and has two links.
It has no logo, no greeting, no tracking and nothing that a stranger typed: a court has held a
logo and a welcome to be advertising (LG Stendal, 22 S 87/20), and names have carried spam to
strangers (https://github.com/knadh/listmonk/issues/1133).
"""

import functools
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.mail.moment import moment
from shared.texts.catalogue import FOLDER, MailText, catalogue, direction
from shared.values.colour import EDGE_CONTRAST, readable, text_on
from shared.values.confirmation_code import confirmation_code, spaced
from shared.values.confirmation_token import Purpose, Token, Tokens
from shared.values.form import Form
from shared.values.localised import choose_language
from shared.values.mail import Mail, message_id, operation_id
from shared.values.record import Record
from shared.values.record_notes import MailKind

_TEMPLATES = Path(__file__).parent / "templates"
_LINKEDIN = "linkedin.com"
_LIGHT_GROUND, _DARK_GROUND = "#ffffff", "#1c1f25"


@dataclass(frozen=True, kw_only=True)
class _Consent:
    text: str
    language: str
    direction: str


@dataclass(frozen=True, kw_only=True)
class _Button:
    fill: str
    ink: str
    edge: str


class MailComposer:
    """Implements ports.ComposeMail. `public_url` is without /api; `texts` holds the catalogues."""

    def __init__(self, public_url: str, tokens: Tokens, pepper: str, texts: Path = FOLDER) -> None:
        self._public_url = public_url
        self._tokens = tokens
        self._pepper = pepper
        self._texts = texts

    def __call__(
        self, record: Record, form: Form, kind: MailKind, number: int, at: datetime
    ) -> Mail:
        """The mail in the registration's language, or the form's first if it lost that one."""
        language = choose_language(record.locale, form.languages)
        texts = catalogue(language, self._texts).mail
        token = Token(key=record.key, form=form.id, locale=language, issued_at=at)
        subject = form.mail.subject[language]
        colour = form.company.colour
        content = {
            "language": language,
            "direction": direction(language),
            "subject": subject,
            "texts": texts,
            "what": form.mail.text[language],
            "why_again": _why_again(kind, texts),
            "asked": _asked(record, form, texts, language),
            "consents": [
                _Consent(
                    text=given.text, language=given.language, direction=direction(given.language)
                )
                for given in record.consents
            ],
            "confirm_url": self._link(Purpose.CONFIRM, token),
            "valid_until": texts.valid_until.format(
                **moment(_valid_until(record, form, kind, at), language)
            ),
            "code": texts.code.format(
                code=spaced(confirmation_code(self._pepper, record.registration_id, at))
            ),
            "decline_url": self._link(Purpose.DECLINE, token),
            "imprint": form.company.imprint[language],
            "light": _button(colour, _LIGHT_GROUND),
            "dark": _button(readable(colour, _DARK_GROUND, EDGE_CONTRAST), _DARK_GROUND),
            "dark_ground": _DARK_GROUND,
        }
        operation = operation_id(record.registration_id, number)
        return Mail(
            operation_id=operation,
            message_id=message_id(operation, form.mail.sender),
            sender=form.mail.sender,
            sender_name=form.mail.sender_name,
            reply_to=form.mail.reply_to,
            to=record.email,
            subject=subject,
            text=_render("confirmation.txt.j2", content),
            html=_render("confirmation.html.j2", content),
            language=language,
            # RFC 3834 section 5: no out-of-office answers. And no List-Unsubscribe: this is no
            # list mail, there is nothing yet to unsubscribe from.
            headers={"Auto-Submitted": "auto-generated"},
        )

    def _link(self, purpose: Purpose, token: Token) -> str:
        query = urlencode({"token": self._tokens.issue(purpose, token)})
        return f"{self._public_url}/api/{purpose}?{query}"


def _asked(record: Record, form: Form, texts: MailText, language: str) -> str:
    """When and where: as the person remembers it, which for a lead is LinkedIn."""
    host = urlsplit(form.company.website).hostname
    asked_at = record.asked_at
    if record.lead:
        host, asked_at = _LINKEDIN, record.lead.submitted_at or asked_at
    return texts.asked.format(host=host, **moment(asked_at, language))


def _why_again(kind: MailKind, texts: MailText) -> str | None:
    match kind:
        case MailKind.CONFIRMATION:
            return None
        case MailKind.RENEWAL:
            return texts.renewal
        case MailKind.REMINDER:
            return texts.reminder


def _valid_until(record: Record, form: Form, kind: MailKind, at: datetime) -> datetime:
    """The link ends with its lifetime, or with the record, whichever comes first.

    Any mail but a reminder keeps the record for its full time, counted from that mail.
    """
    forgotten = record.forget_at
    if kind is not MailKind.REMINDER:
        forgotten = max(forgotten, at + form.forgotten_after)
    return min(at + form.link_lifetime, forgotten)


def _button(fill: str, ground: str) -> _Button:
    return _Button(fill=fill, ink=text_on(fill), edge=readable(fill, ground, EDGE_CONTRAST))


def _render(template: str, content: dict[str, object]) -> str:
    return _environment().get_template(template).render(content)


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=_is_html,  # noqa: S701 - it escapes HTML; plain text needs none
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _is_html(template: str | None) -> bool:
    return template is None or template.endswith(".html.j2")
