"""A confirmation mail that nobody's registration caused, and that says so.

It is written as the app writes every mail, so that what arrives is what people get. Its links are
signed with keys that no app has: they lead to the page "this link is not valid", and nothing can
be confirmed by them. No record is made.
"""

from datetime import datetime
from uuid import uuid4

from cli.lint.sample import Origin, canaries, sample_record
from shared.ports import ComposeMail
from shared.values.form import Form
from shared.values.mail import Mail
from shared.values.record_notes import MailKind

# Delivery reports and headers show whose mail it was: nobody's.
_NOBODY = "7e577e57-0000-4000-8000"
_MARK = "[Test] "
_SAYS = (
    "This is a test mail. Whoever operates {public_url} sent it to this mailbox to see what "
    "arrives. Nobody signed up, and the links below are not valid."
)


def nobodys_id() -> str:
    """A new one each time, since a provider may take a repeated operation for the same mail."""
    return f"{_NOBODY}-{uuid4().hex[:12]}"


def write_test_mail(  # noqa: PLR0913 - what makes one mail
    form: Form, language: str, address: str, *, public_url: str, compose: ComposeMail, at: datetime
) -> Mail:
    """The form's confirmation mail with the mark in subject and first sentence."""
    texts = form.mail.model_copy(
        update={
            "subject": {language: f"{_MARK}{form.mail.subject[language]}"},
            "text": {
                language: f"{_SAYS.format(public_url=public_url)}\n\n{form.mail.text[language]}"
            },
        }
    )
    marked = form.model_copy(update={"languages": (language,), "mail": texts})
    sample = sample_record(form, language, Origin.WEBSITE, canaries(form))
    record = sample.model_copy(
        update={
            "registration_id": nobodys_id(),
            "email": address,
            "asked_at": at,
            "forget_at": at + form.forgotten_after,
        }
    )
    return compose(record, marked, MailKind.CONFIRMATION, 1, at)
