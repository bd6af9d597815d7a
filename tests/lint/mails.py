"""Clean mails to spoil: as a form has them, as a template could make them, as they travel."""

from dataclasses import replace
from functools import cache
from typing import Any

from cli.lint.compose import compose
from cli.lint.composed import ComposedMail
from cli.lint.sample import Origin
from shared.mime import mime_message
from shared.values.form import Form
from shared.values.record_notes import MailKind
from shared.wire_mail import wire_mail
from shared.wiring import Offline
from tests.examples import FORM_SETTINGS
from tests.words.samples import PUBLIC_URL, form_in

WEBSITE_LEAD = (Origin.WEBSITE, Origin.LINKEDIN)


@cache
def offline() -> Offline:
    """The shipped forms, at an address of their own."""
    return Offline({**FORM_SETTINGS, "DOI_PUBLIC_URL": PUBLIC_URL})


def mail_of(
    form: Form,
    language: str = "en",
    kind: MailKind = MailKind.CONFIRMATION,
    origin: Origin = Origin.WEBSITE,
) -> ComposedMail:
    """As the app would send it."""
    return compose(form, language, kind, origin, offline())


def clean(language: str = "en", origin: Origin = Origin.WEBSITE) -> ComposedMail:
    """The newsletter's mail, in any language."""
    return mail_of(form_in(language), language, origin=origin)


def saying(text: str, language: str = "en", **company: Any) -> ComposedMail:
    """The mail of a form whose one sentence is this; other parts of its company may change."""
    form = form_in(language)
    texts = form.mail.model_copy(update={"text": {language: text}})
    changed = form.company.model_copy(update=company)
    return mail_of(form.model_copy(update={"mail": texts, "company": changed}), language)


def with_subject(subject: str, language: str = "en") -> ComposedMail:
    """A form's subject."""
    return sent(clean(language), subject=subject)


def with_imprint(imprint: str, language: str = "en", name: str = "Contoso") -> ComposedMail:
    """A form's imprint, and the company's name."""
    return saying("Please confirm.", language, imprint={language: imprint}, name=name)


def with_html(before_end: str) -> ComposedMail:
    """Something more in the HTML part, as another template could have it."""
    mail = clean()
    return sent(mail, html=mail.mail.html.replace("</body>", f"{before_end}</body>"))


def with_style(css: str) -> ComposedMail:
    """Something more in the style sheet."""
    mail = clean()
    return sent(mail, html=mail.mail.html.replace("</style>", f"{css}</style>"))


def without(said: str, mail: ComposedMail | None = None) -> ComposedMail:
    """Both parts without a sentence."""
    return instead_of(said, "", mail)


def instead_of(said: str, other: str, mail: ComposedMail | None = None) -> ComposedMail:
    """Both parts with something in place of what they say."""
    mail = mail or clean()
    assert said in mail.mail.text
    assert said in mail.mail.html
    return sent(
        mail, text=mail.mail.text.replace(said, other), html=mail.mail.html.replace(said, other)
    )


def with_text(old: str, new: str) -> ComposedMail:
    """The text part alone with something else in it."""
    mail = clean()
    assert old in mail.mail.text
    return sent(mail, text=mail.mail.text.replace(old, new))


def with_headers(**headers: str) -> ComposedMail:
    """Headers besides the one that is there; `_` in a name stands for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    mail = clean()
    return sent(mail, headers={**mail.mail.headers, **named})


def sent(mail: ComposedMail, **changes: Any) -> ComposedMail:
    """The same with a changed mail, and the bytes that follow from it."""
    changed = replace(mail.mail, **changes)
    wire = mime_message(wire_mail(changed))
    return replace(mail, mail=changed, wire=wire)


def on_the_wire(old: bytes, new: bytes) -> ComposedMail:
    """The bytes changed on the way, the mail being as it was."""
    mail = clean()
    assert old in mail.wire
    return replace(mail, wire=mail.wire.replace(old, new))


def confirm_url() -> str:
    """The address that the clean mail's confirm link has."""
    return next(
        line
        for line in clean().mail.text.split("\n")
        if line.startswith(f"{PUBLIC_URL}/api/confirm")
    )


def decline_url() -> str:
    """The same for the decline link."""
    return next(
        line
        for line in clean().mail.text.split("\n")
        if line.startswith(f"{PUBLIC_URL}/api/decline")
    )
