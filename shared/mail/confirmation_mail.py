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
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.mail.moment import moment
from shared.texts.catalogue import MailText, catalogue, direction
from shared.texts.languages import FOLDER
from shared.values.colour import EDGE_CONTRAST, readable, text_on
from shared.values.confirmation_code import confirmation_code, spaced
from shared.values.confirmation_token import Purpose, Token, Tokens
from shared.values.form import Form
from shared.values.localised import choose_language
from shared.values.mail import Mail, filled_in, operation_id
from shared.values.mail_frame import MailFrame, Slot, Slots
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
        return filled_in(
            self._frame(record, form, kind, language),
            self._slots(record, form, kind, language, at),
            operation=operation_id(record.registration_id, number),
            to=record.email,
            composed_at=at,
        )

    def _frame(self, record: Record, form: Form, kind: MailKind, language: str) -> MailFrame:
        """Without anything that is one person's: the templates never see it."""
        texts = catalogue(language, self._texts).mail
        subject = form.mail.subject[language]
        colour = form.company.colour
        content = {
            "language": language,
            "direction": direction(language),
            "subject": subject,
            "texts": texts,
            "what": form.mail.text[language],
            "why_again": _why_again(kind, texts),
            "asked": texts.asked.format(
                host=_where(record, form), date=Slot.ASKED_DATE.mark, time=Slot.ASKED_TIME.mark
            ),
            "consents": [
                _Consent(
                    text=given.text, language=given.language, direction=direction(given.language)
                )
                for given in record.consents
            ],
            "confirm_url": self._link(Purpose.CONFIRM, Slot.CONFIRM),
            "valid_until": texts.valid_until.format(
                date=Slot.UNTIL_DATE.mark, time=Slot.UNTIL_TIME.mark
            ),
            "code": texts.code.format(code=Slot.CODE.mark),
            "decline_url": self._link(Purpose.DECLINE, Slot.DECLINE),
            "imprint": form.company.imprint[language],
            "light": _button(colour, _LIGHT_GROUND),
            "dark": _button(readable(colour, _DARK_GROUND, EDGE_CONTRAST), _DARK_GROUND),
            "dark_ground": _DARK_GROUND,
        }
        return MailFrame(
            sender=form.mail.sender,
            sender_name=form.mail.sender_name,
            reply_to=form.mail.reply_to,
            subject=subject,
            text=_render("confirmation.txt.j2", content),
            html=_render("confirmation.html.j2", content),
            language=language,
            # RFC 3834 section 5: no out-of-office answers. And no List-Unsubscribe: this is no
            # list mail, there is nothing yet to unsubscribe from.
            headers={"Auto-Submitted": "auto-generated"},
        )

    def _slots(
        self, record: Record, form: Form, kind: MailKind, language: str, at: datetime
    ) -> Slots:
        token = Token(key=record.key, form=form.id, locale=language, issued_at=at)
        asked = moment(_asked_at(record), language)
        until = moment(_valid_until(record, form, kind, at), language)
        return {
            Slot.CONFIRM: self._tokens.issue(Purpose.CONFIRM, token),
            Slot.DECLINE: self._tokens.issue(Purpose.DECLINE, token),
            Slot.ASKED_DATE: asked["date"],
            Slot.ASKED_TIME: asked["time"],
            Slot.UNTIL_DATE: until["date"],
            Slot.UNTIL_TIME: until["time"],
            Slot.CODE: spaced(confirmation_code(self._pepper, record.registration_id, at)),
        }

    def _link(self, purpose: Purpose, slot: Slot) -> str:
        # A token is URL-safe as it is.
        return f"{self._public_url}/api/{purpose}?token={slot.mark}"


def _where(record: Record, form: Form) -> str | None:
    """As the person remembers it, which for a lead is LinkedIn."""
    return _LINKEDIN if record.lead else urlsplit(form.company.website).hostname


def _asked_at(record: Record) -> datetime:
    """Likewise."""
    submitted_at = record.lead.submitted_at if record.lead else None
    return submitted_at or record.asked_at


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
