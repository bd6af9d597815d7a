"""A registration that nobody made, with a canary wherever a stranger can type something.

Whatever of it turns up in a mail could have been an advertisement or an insult, sent to somebody
who never asked for it.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum

from shared.values.answers import Answer
from shared.values.form import Form
from shared.values.form_fields import ChoiceField, EmailField, MultipleChoiceField, PhoneField
from shared.values.form_fields import FormField as Field
from shared.values.form_fields import TextField as Text
from shared.values.lead_snapshot import LeadConsent, LeadSnapshot
from shared.values.record import Record
from shared.values.registration import GivenConsent, Registration, Source

# Before ten o'clock, so that the hour has the same digits on a 12-hour clock.
ASKED_AT = datetime(2026, 3, 19, 9, 42, 38, tzinfo=UTC)
SUBMITTED_AT = datetime(2026, 3, 17, 8, 51, 26, tzinfo=UTC)
COMPOSED_AT = datetime(2026, 3, 20, 6, 5, 4, tzinfo=UTC)
REGISTRATION_ID = "5a4d9c1e-0000-4000-8000-000000000000"
MAILBOX_KEY = "c0" * 32  # the place of a mailbox that does not exist
ADDRESS = "zq7vex.stranger@zq7vex-mailbox.example"
_CANARY = "zq7vex"  # in no language a word, nor a part of one


class Origin(StrEnum):
    """Where the registration came from."""

    WEBSITE = "website"
    LINKEDIN = "LinkedIn lead"


def canaries(form: Form) -> dict[str, str]:
    """Every text that somebody else than the company can bring in, by what it is."""
    answers = dict(_typed_answers(form))
    return answers | {
        "e-mail address": ADDRESS,
        "campaign name": f"{_CANARY}-campaign",
        "page URL": f"https://{_CANARY}-page.example/",
        "user agent": f"{_CANARY}-agent/1.0",
        "network": "203.0.113.77",
        "LinkedIn form name": f"{_CANARY}-lead-form",
        "LinkedIn owner": f"{_CANARY}-owner",
        "LinkedIn hidden field": f"{_CANARY}-hidden",
        "LinkedIn checkbox": f"{_CANARY}-checkbox",
        "LinkedIn disclaimer": f"{_CANARY}-disclaimer",
    }


def sample_record(form: Form, language: str, origin: Origin, typed: Mapping[str, str]) -> Record:
    """A record about to be mailed, with every consent of the form given."""
    registration = Registration(
        id=REGISTRATION_ID,
        form=form.id,
        email=ADDRESS,
        locale=language,
        answers={field.id: _answer(field, typed) for field in form.fields},
        consents=tuple(GivenConsent.of(consent, language) for consent in form.consents),
        privacy_policy_url=form.privacy_policy_url[language],
        privacy_policy_version=form.privacy_policy_version,
        source=Source(page_url=typed["page URL"], campaign=typed["campaign name"]),
        asked_at=ASKED_AT,
        asked_from=typed["network"],
        user_agent=typed["user agent"],
        lead=_lead(typed) if origin is Origin.LINKEDIN else None,
    )
    return Record.of(registration, MAILBOX_KEY, COMPOSED_AT + form.forgotten_after)


def _typed_answers(form: Form) -> Iterator[tuple[str, str]]:
    for field in form.fields:
        if isinstance(field, Text):
            yield field.id, f"{_CANARY}-{field.id}".lower()
        elif isinstance(field, PhoneField):
            yield field.id, "+493099887766"


def _answer(field: Field, typed: Mapping[str, str]) -> Answer:
    if isinstance(field, EmailField):
        return ADDRESS
    if isinstance(field, ChoiceField):
        return field.options[0].value
    if isinstance(field, MultipleChoiceField):
        return [field.options[0].value]
    return typed.get(field.id, "2026-01-01" if field.kind == "date" else True)


def _lead(typed: Mapping[str, str]) -> LeadSnapshot:
    return LeadSnapshot(
        lead_id="1",
        owner_name=typed["LinkedIn owner"],
        form_name=typed["LinkedIn form name"],
        consents=(
            LeadConsent(
                id="1", text=typed["LinkedIn checkbox"], check_required=True, accepted=True
            ),
        ),
        legal_disclaimer=typed["LinkedIn disclaimer"],
        hidden_fields={"source": typed["LinkedIn hidden field"]},
        campaign_name=typed["campaign name"],
        submitted_at=SUBMITTED_AT,
        fetched_at=ASKED_AT,
        api_version="202607",
        test_lead=False,
    )
