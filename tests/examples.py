"""Values that tests start from: the sample forms, a registration, a record."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from shared.form_files import load_forms
from shared.texts.languages import languages
from shared.values.form import Form
from shared.values.mailbox import mailbox_key
from shared.values.record import Record, RecordKey
from shared.values.registration import GivenConsent, Registration, Source

ROOT = Path(__file__).parents[1]
PEPPER = "pepper-for-tests-of-more-than-32-bytes"
TOKEN_KEYS = ("newest-token-key-for-tests-32-bytes!", "older-token-key-for-tests-32-bytes!!")
WEBSITE = "https://www.contoso.example"
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
PURPOSE = "10000000-0000-0000-0000-000000000003"

FORM_SETTINGS: Mapping[str, str] = {
    "FORM_WEBSITE_URL": WEBSITE,
    "FORM_MAIL_SENDER": "newsletter@contoso.example",
    "FORM_PURPOSE_COMMERCIAL": PURPOSE,
    "FORM_TOPIC_PRODUCT_NEWS": "20000000-0000-0000-0000-000000000001",
    "FORM_TRIGGER_NEWSLETTER": "msdynmkt_doiconfirmed_1234567",
    "FORM_TRIGGER_WHITEPAPER": "msdynmkt_whitepaperconfirmed_7654321",
}


def sample_forms() -> dict[str, Form]:
    """The forms that the repository ships."""
    return dict(_shipped_forms())


@cache
def _shipped_forms() -> Mapping[str, Form]:
    """Read once: nobody can change a form, and tests ask for them some ten thousand times."""
    loaded = load_forms(ROOT / "forms", FORM_SETTINGS, languages())
    assert not loaded.broken
    return loaded.forms


def registration(email: str = "anna@example.com", number: int = 1) -> Registration:
    """Anna wants the newsletter, in German."""
    form = sample_forms()["newsletter"]
    consent = form.consents[0]
    return Registration(
        id=f"00000000-0000-4000-8000-{number:012d}",
        form="newsletter",
        email=email,
        locale="de",
        answers={"email": email, "firstName": "Anna"},
        consents=(GivenConsent.of(consent, "de"),),
        privacy_policy_url=form.privacy_policy_url["de"],
        source=Source(page_url=f"{WEBSITE}/newsletter.html", campaign="spring"),
        asked_at=NOON,
        asked_from="203.0.113.7",
        user_agent="Browser/1.0",
    )


def key_of(asked: Registration) -> RecordKey:
    """Where its record lives."""
    return RecordKey(mailbox_key=mailbox_key(asked.email, PEPPER), registration_id=asked.id)


def record(asked: Registration | None = None) -> Record:
    """A record that is about to be mailed."""
    asked = asked or registration()
    return Record.of(asked, key_of(asked).mailbox_key, NOON + timedelta(days=7))
