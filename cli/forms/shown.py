"""What a person can get to see of a form, in one language: its mails and its pages."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cli.lint.compose import Composer
from cli.lint.sample import COMPOSED_AT, Origin, canaries, sample_record
from shared.mime import mime_message
from shared.texts.catalogue import ACCEPTED, REJECTED, UNAVAILABLE, catalogue
from shared.values.answer_error import FieldError
from shared.values.confirmation_token import Purpose, Token, Tokens
from shared.values.form import Form
from shared.values.link_view import LinkState, LinkView
from shared.values.record_notes import MailKind
from shared.web.pages import Pages
from shared.wire_mail import wire_mail

RECIPIENT = "anna@example.com"
# All others are opened by the link to confirm.
_OPENED_BY = {
    LinkState.DECLINE: Purpose.DECLINE,
    LinkState.DECLINED: Purpose.DECLINE,
    LinkState.ALREADY_CONFIRMED: Purpose.DECLINE,
    LinkState.WITHDRAW: Purpose.WITHDRAW,
    LinkState.WITHDRAWN: Purpose.WITHDRAW,
    LinkState.NOTHING_TO_WITHDRAW: Purpose.WITHDRAW,
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One mail or page. `files` by suffix: html, and for a mail txt and eml, too.

    `subject` is a mail's; `remark` says what a person should know.
    """

    name: str
    title: str
    files: dict[str, bytes] = field(repr=False)
    subject: str | None = None
    remark: str | None = None

    @property
    def text(self) -> str | None:
        """The text part of a mail."""
        return self.files["txt"].decode() if "txt" in self.files else None


def mails(form: Form, language: str, composer: Composer) -> Iterator[Shown]:
    """The confirmation, the renewal and the reminder, for each origin that the form has."""
    origins = [Origin.WEBSITE, *([Origin.LINKEDIN] if form.linked_in else [])]
    for origin in origins:
        for kind in MailKind:
            record = sample_record(form, language, origin, canaries(form))
            record = record.model_copy(update={"email": RECIPIENT})
            mail = composer.compose_mail(record, form, kind, 1, COMPOSED_AT)
            suffix = "" if origin is Origin.WEBSITE else "-linkedin"
            unused = kind is MailKind.REMINDER and form.reminder_after is None
            yield Shown(
                name=f"mail-{kind}{suffix}",
                title=f"Mail: {kind}"
                + ("" if origin is Origin.WEBSITE else ", of a LinkedIn lead"),
                files={
                    "html": mail.html.encode(),
                    "txt": mail.text.encode(),
                    "eml": mime_message(wire_mail(mail)),
                },
                subject=f"{mail.sender_name or ''} <{mail.sender}>: {mail.subject}",
                remark="The form sends no reminders." if unused else None,
            )


def pages(form: Form, language: str, tokens: Tokens) -> Iterator[Shown]:
    """Every page that the app has, as this form's."""
    made = Pages({form.id: form}, tokens)
    record = sample_record(form, language, Origin.WEBSITE, canaries(form))
    token = Token(key=record.key, form=form.id, locale=language, issued_at=COMPOSED_AT)
    for state in LinkState:
        purpose = _OPENED_BY.get(state, Purpose.CONFIRM)
        view = LinkView(state=state, token=None if state is LinkState.NOT_VALID else token)
        page = made.link(view, tokens.issue(purpose, token), language)
        yield _page(state, page.html, language, form)
    unavailable = made.link_unavailable(
        Purpose.CONFIRM, tokens.issue(Purpose.CONFIRM, token), language
    )
    yield _page(ACCEPTED, made.accepted(form, language).html, language, form)
    yield _page(UNAVAILABLE, unavailable.html, language, form)
    yield _page(REJECTED, made.rejected(form, language, _mistakes(form), None).html, language, form)


def _page(name: str, html: str, language: str, form: Form) -> Shown:
    own = form.redirects.model_dump().get(str(name))
    heading = catalogue(language).pages[name].title
    return Shown(
        name=f"page-{name}",
        title=f"Page: {heading} ({name})",
        files={"html": html.encode()},
        remark=f"The form sends people to {own} instead." if own else None,
    )


def _mistakes(form: Form) -> tuple[FieldError, ...]:
    """One for the address and one for a box, as a plain form post can have them."""
    return (
        FieldError(pointer=f"/fields/{form.email_field.id}", code="invalid_email"),
        FieldError(pointer=f"/consents/{form.consents[0].id}", code="consent_required"),
    )
