"""How many mails a mailbox may get."""

from datetime import timedelta

from shared.values.mail_budget import MailboxRow, MailLimits
from tests.examples import NOON

THREE = MailLimits(per_day=3)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENT = timedelta(microseconds=1)


def after_mails(count: int) -> MailboxRow:
    """One mail an hour, the last one at noon."""
    address = MailboxRow()
    for number in reversed(range(count)):
        address = address.take_mail(NOON - number * HOUR)
    return address


def test_a_new_mailbox_may_be_mailed() -> None:
    assert MailboxRow().refusal(THREE, NOON) is None
    assert MailboxRow().is_spent(NOON)


def test_the_daily_cap() -> None:
    assert after_mails(2).refusal(THREE, NOON) is None
    assert after_mails(3).refusal(THREE, NOON) == "daily_cap"


def test_a_mail_counts_for_24_hours() -> None:
    full = after_mails(3)
    oldest = NOON - 2 * HOUR
    assert full.refusal(THREE, oldest + DAY - MOMENT) == "daily_cap"
    assert full.refusal(THREE, oldest + DAY) is None
    assert full.take_mail(oldest + DAY).mailed_at == (NOON - HOUR, NOON, oldest + DAY)


def test_the_row_stays_small() -> None:
    address = MailboxRow()
    for number in range(100):
        address = address.take_mail(NOON + number * HOUR)
    assert len(address.mailed_at) == 24


def test_who_said_it_was_not_me_gets_no_mail_for_a_while() -> None:
    until = NOON + 30 * DAY
    address = after_mails(1).suppress(until)
    assert address == MailboxRow(suppressed_until=until)  # nothing else is kept
    assert address.is_suppressed(until - MOMENT)
    assert address.refusal(THREE, until - MOMENT) == "suppressed"
    assert not address.is_suppressed(until)
    assert address.refusal(THREE, until) is None


def test_an_earlier_and_longer_wish_stands() -> None:
    address = MailboxRow().suppress(NOON + 30 * DAY)
    assert address.suppress(NOON + DAY) == address
    assert address.suppress(NOON + 31 * DAY).suppressed_until == NOON + 31 * DAY


def test_a_mail_does_not_lift_the_suppression() -> None:
    address = MailboxRow().suppress(NOON + DAY).take_mail(NOON)
    assert address.is_suppressed(NOON)


def test_a_row_that_restricts_nothing_can_go() -> None:
    assert not after_mails(1).is_spent(NOON + DAY - MOMENT)
    assert after_mails(1).is_spent(NOON + DAY)
    suppressed = MailboxRow().suppress(NOON + DAY)
    assert not suppressed.is_spent(NOON)
    assert suppressed.is_spent(NOON + DAY)


ANNA, BERTA = "a" * 64, "b" * 64


def test_what_an_erased_address_asked_for_before_is_known() -> None:
    row = MailboxRow().erase(ANNA, NOON, NOON + 100 * DAY)
    assert row.was_erased_since(ANNA, NOON)
    assert row.was_erased_since(ANNA, NOON - DAY)
    assert not row.was_erased_since(ANNA, NOON + MOMENT)
    assert not row.was_erased_since(BERTA, NOON - DAY)
    assert row.was_erased_since(ANNA, None)  # nobody knows when: as if before


def test_a_later_erasure_counts_and_shortens_nothing() -> None:
    row = MailboxRow().erase(ANNA, NOON, NOON + 100 * DAY).erase(ANNA, NOON + DAY, NOON + 2 * DAY)
    assert row.was_erased_since(ANNA, NOON + DAY)
    assert row.erased[ANNA].until == NOON + 100 * DAY


def test_notes_of_erasures_outlive_everything_but_their_time() -> None:
    row = after_mails(1).erase(ANNA, NOON, NOON + 2 * DAY).erase(BERTA, NOON, NOON + DAY)
    for changed in (
        row.take_mail(NOON),
        row.suppress(NOON + 9 * DAY),
        row.without_mails(),
        row.at_rest(),
    ):
        assert changed.erased == row.erased
    assert set(row.without_past_erasures(NOON + DAY).erased) == {ANNA}
    assert row.without_past_erasures(NOON + 2 * DAY).erased == {}


def test_an_erasure_restricts_no_mail() -> None:
    row = MailboxRow().erase(ANNA, NOON, NOON + 100 * DAY)
    assert row.is_spent(NOON)
    assert row.refusal(THREE, NOON) is None
    assert row != MailboxRow()
