"""What the app itself knows about a registration."""

from datetime import UTC, datetime

from shared.values.about import door_of
from shared.values.form_trigger import Fact
from shared.values.record import Record


def known_fact(fact: Fact, record: Record) -> str | None:
    """The fact as text; None when it is not known of this registration."""
    known = {
        Fact.FORM: record.form,
        Fact.LANGUAGE: record.locale,
        Fact.REGISTRATION_ID: record.registration_id,
        Fact.CAMPAIGN: record.source.campaign,
        Fact.PAGE_URL: record.source.page_url,
        Fact.CONFIRMED_AT: utc_text(record.click.at) if record.click else None,
        Fact.SOURCE: door_of(record.lead),
    }
    return known[fact]


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second: "2026-11-22T10:00:00Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
