"""Decline, renew, remind, forget; and how many mails a mailbox gets."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared import double_opt_in
from shared.failures import TemporaryFailure
from shared.values.link_view import LinkState
from shared.values.mail_budget import MailboxRow
from shared.values.record import MOST_MAILS
from shared.values.record_notes import MailKind
from tests.examples import key_of, registration
from tests.fakes.outside import FakeOutside
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored

if TYPE_CHECKING:
    from shared.values.registration import Registration

DAY = timedelta(days=1)


def test_declining_deletes_the_record_and_keeps_only_the_suppressed_mailbox_key() -> None:
    outside = FakeOutside()
    asked = registration()
    mail = sign_up(asked, outside)
    token = link(mail, "decline")
    assert double_opt_in.show_decline(token, outside).state is LinkState.DECLINE
    assert stored(asked, outside) is not None
    assert double_opt_in.decline(token, outside).state is LinkState.DECLINED
    assert stored(asked, outside) is None
    until = outside.now() + timedelta(days=30)
    assert outside.table.mailboxes[key_of(asked).mailbox_key].value == MailboxRow(
        suppressed_until=until
    )


def test_declining_again_and_looking_again_show_the_same_page() -> None:
    outside = FakeOutside()
    mail = sign_up(registration(), outside)
    token = link(mail, "decline")
    for _ in range(3):
        assert double_opt_in.decline(token, outside).state is LinkState.DECLINED
    assert double_opt_in.show_decline(token, outside).state is LinkState.DECLINED
    assert double_opt_in.show_confirm(link(mail), outside).state is LinkState.DECLINED
    assert press(link(mail), outside).state is LinkState.DECLINED
    assert not outside.customer_insights.contacts


def test_a_declined_mailbox_gets_no_mail_until_the_suppression_ends() -> None:
    outside = FakeOutside()
    double_opt_in.decline(link(sign_up(registration(), outside), "decline"), outside)
    again = registration(number=2)
    double_opt_in.register(again, outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1
    assert stored(again, outside) is None
    outside.pass_time(timedelta(days=31))
    later = registration(number=3).model_copy(update={"asked_at": outside.now()})
    sign_up(later, outside)
    assert len(outside.mailer.sent) == 2


def test_a_redelivery_after_declining_sends_nothing() -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    bodies = deliver("registrations", outside)
    double_opt_in.decline(link(outside.mailer.sent[0], "decline"), outside)
    redeliver("registrations", bodies, outside)
    assert len(outside.mailer.sent) == 1


def test_what_is_confirmed_cannot_be_declined_any_more() -> None:
    outside = FakeOutside()
    asked = registration()
    mail = sign_up(asked, outside)
    press(link(mail), outside)
    token = link(mail, "decline")
    assert double_opt_in.show_decline(token, outside).state is LinkState.ALREADY_CONFIRMED
    assert double_opt_in.decline(token, outside).state is LinkState.ALREADY_CONFIRMED
    assert stored(asked, outside) is not None


def test_tokens_serve_their_own_purpose_only() -> None:
    outside = FakeOutside()
    mail = sign_up(registration(), outside)
    assert press(link(mail, "decline"), outside).state is LinkState.NOT_VALID
    assert double_opt_in.decline(link(mail), outside).state is LinkState.NOT_VALID


def test_an_expired_link_confirms_nothing_and_offers_a_fresh_mail() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.pass_time(timedelta(days=3, seconds=1))
    assert press(token, outside).state is LinkState.EXPIRED
    assert not outside.customer_insights.contacts
    assert double_opt_in.renew(token, outside).state is LinkState.RENEWED
    deliver("registrations", outside)
    fresh = outside.mailer.sent[-1]
    assert fresh.to == asked.email
    assert link(fresh) != token
    assert press(token, outside).state is LinkState.EXPIRED
    assert press(link(fresh), outside).state is LinkState.CONFIRMED


def test_a_link_is_valid_until_the_last_second_of_its_lifetime() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    outside.pass_time(timedelta(days=3))
    assert double_opt_in.show_confirm(token, outside).state is LinkState.CONFIRM


def test_pressing_renew_twice_sends_one_mail() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    outside.pass_time(4 * DAY)
    double_opt_in.renew(token, outside)
    double_opt_in.renew(token, outside)
    bodies = deliver("registrations", outside)
    assert len(bodies) == 2
    redeliver("registrations", bodies, outside)
    assert len(outside.mailer.sent) == 2


def test_a_link_that_has_not_expired_renews_nothing() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    assert double_opt_in.renew(token, outside).state is LinkState.CONFIRM
    assert not outside.queues.bodies("registrations")


def test_renewing_keeps_the_record_for_seven_days_after_the_latest_mail() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.pass_time(5 * DAY)
    double_opt_in.renew(token, outside)
    deliver("registrations", outside)
    outside.pass_time(2 * DAY)
    deliver("follow-ups", outside)  # due after seven days, but the record was renewed
    assert stored(asked, outside) is not None
    outside.pass_time(5 * DAY)
    deliver("follow-ups", outside)
    assert stored(asked, outside) is None


def test_what_was_never_confirmed_is_forgotten_after_seven_days() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.pass_time(7 * DAY - timedelta(seconds=1))
    deliver("follow-ups", outside)
    assert stored(asked, outside) is not None
    outside.pass_time(timedelta(seconds=1))
    deliver("follow-ups", outside)
    assert stored(asked, outside) is None
    assert key_of(asked).mailbox_key not in outside.table.mailboxes
    assert double_opt_in.show_confirm(token, outside).state is LinkState.GONE
    assert double_opt_in.renew(token, outside).state is LinkState.GONE
    assert outside.queues.bodies("follow-ups") == []


def test_the_broom_is_scheduled_before_the_record_exists() -> None:
    outside = FakeOutside()
    outside.table.down = True
    double_opt_in.register(registration(), outside)
    deliver("registrations", outside)
    assert not outside.table.records
    outside.table.down = False
    deliver("registrations", outside)
    assert outside.queues.bodies("follow-ups")


def test_the_confirmed_is_never_forgotten() -> None:
    outside = FakeOutside()
    asked = registration()
    press(link(sign_up(asked, outside)), outside)
    outside.pass_time(30 * DAY)
    deliver("follow-ups", outside)
    assert stored(asked, outside) is not None


def test_a_suppression_survives_the_forgetting_of_another_record() -> None:
    outside = FakeOutside()
    first, second = registration(number=1), registration(number=2)
    sign_up(first, outside)
    mail = sign_up(second, outside)
    double_opt_in.decline(link(mail, "decline"), outside)
    outside.pass_time(7 * DAY)
    deliver("follow-ups", outside)
    assert stored(first, outside) is None
    assert outside.records.find_mailbox(key_of(first).mailbox_key).value.suppressed_until


def test_a_lifetime_beyond_seven_days_is_rescheduled() -> None:
    outside = FakeOutside()
    form = outside.forms["newsletter"].model_copy(update={"forgotten_after": 20 * DAY})
    outside.forms = {"newsletter": form}
    asked = registration()
    sign_up(asked, outside)
    for _ in range(2):
        (waiting,) = outside.queues.messages["follow-ups"]
        assert waiting.visible_in == 7 * DAY
        outside.pass_time(7 * DAY)
        deliver("follow-ups", outside)
    (waiting,) = outside.queues.messages["follow-ups"]
    assert waiting.visible_in == 6 * DAY
    assert stored(asked, outside) is not None
    outside.pass_time(6 * DAY)
    deliver("follow-ups", outside)
    assert stored(asked, outside) is None


def test_a_registration_that_waited_too_long_is_not_mailed() -> None:
    outside = FakeOutside()
    double_opt_in.register(registration(), outside)
    outside.pass_time(8 * DAY)
    deliver("registrations", outside)
    assert not outside.mailer.sent
    assert not outside.table.records


def _with_reminder(outside: FakeOutside) -> None:
    form = outside.forms["newsletter"].model_copy(update={"reminder_after": 2 * DAY})
    outside.forms = {"newsletter": form}


def test_one_reminder_is_sent_and_never_a_second() -> None:
    outside = FakeOutside()
    _with_reminder(outside)
    asked = registration()
    sign_up(asked, outside)
    outside.pass_time(2 * DAY)
    bodies = deliver("follow-ups", outside)
    deliver("registrations", outside)
    redeliver("follow-ups", bodies, outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 2
    record = stored(asked, outside)
    assert record is not None
    assert [note.kind for note in record.mails] == [MailKind.CONFIRMATION, MailKind.REMINDER]
    assert press(link(outside.mailer.sent[1]), outside).state is LinkState.CONFIRMED


def test_a_reminder_does_not_keep_the_record_longer() -> None:
    outside = FakeOutside()
    _with_reminder(outside)
    asked = registration()
    sign_up(asked, outside)
    outside.pass_time(2 * DAY)
    deliver("follow-ups", outside)
    deliver("registrations", outside)
    outside.pass_time(5 * DAY)
    deliver("follow-ups", outside)
    assert stored(asked, outside) is None


@pytest.mark.parametrize("end", ["confirmed", "declined"])
def test_no_reminder_after_the_end(end: str) -> None:
    outside = FakeOutside()
    _with_reminder(outside)
    mail = sign_up(registration(), outside)
    if end == "confirmed":
        press(link(mail), outside)
    else:
        double_opt_in.decline(link(mail, "decline"), outside)
    outside.pass_time(2 * DAY)
    deliver("follow-ups", outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1


def test_no_mail_leaves_after_this_was_not_me_was_said_to_another(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = FakeOutside()
    first, second = registration(), registration(number=2)
    mail = sign_up(first, outside)
    double_opt_in.register(second, outside)
    outside.mailer.fail_next(TemporaryFailure("quota"))
    deliver("registrations", outside)
    double_opt_in.decline(link(mail, "decline"), outside)
    deliver("registrations", outside)  # the postponed mail
    assert outside.mailer.sent == [mail]
    assert not outside.queues.bodies("registrations")
    outside.pass_time(timedelta(days=7))
    deliver("follow-ups", outside)
    assert stored(second, outside) is None
    assert not [entry for entry in caplog.records if entry.levelname == "ERROR"]


def test_one_mailbox_gets_no_more_than_its_daily_cap_in_whatever_spelling() -> None:
    outside = FakeOutside()
    spellings = ["a.nna@gmail.com", "anna+1@gmail.com", "ANNA@googlemail.com", "an.na@gmail.com"]
    asked: list[Registration] = []
    for number, spelling in enumerate(spellings, start=1):
        asked.append(registration(email=spelling, number=number))
        double_opt_in.register(asked[-1], outside)
        deliver("registrations", outside)
    assert [mail.to for mail in outside.mailer.sent] == spellings[:3]
    assert stored(asked[3], outside) is None
    outside.pass_time(DAY + timedelta(seconds=1))
    later = registration(email=spellings[3], number=9).model_copy(
        update={"asked_at": outside.now()}
    )
    sign_up(later, outside)
    assert len(outside.mailer.sent) == 4


def test_a_fresh_mail_counts_against_the_budget_and_the_page_says_so() -> None:
    outside = FakeOutside()
    token = link(sign_up(registration(), outside))
    outside.pass_time(4 * DAY)
    for number in (2, 3, 4):
        asked = registration(number=number).model_copy(update={"asked_at": outside.now()})
        sign_up(asked, outside)
    assert double_opt_in.renew(token, outside).state is LinkState.TRY_LATER
    assert not outside.queues.bodies("registrations")


def test_the_address_row_goes_when_it_restricts_nothing_any_more() -> None:
    outside = FakeOutside()
    confirmed, declined = registration("b@example.com", 1), registration("c@example.com", 2)
    press(link(sign_up(confirmed, outside)), outside)
    double_opt_in.decline(link(sign_up(declined, outside), "decline"), outside)
    outside.pass_time(7 * DAY)
    for _ in range(5):
        deliver("follow-ups", outside)
        outside.pass_time(7 * DAY)
    # The next registration of the one who confirmed builds on the one before; the other is unknown.
    kept = outside.records.find(key_of(confirmed))
    assert kept is not None
    assert kept.value.chain.asked is not None
    left = {key: row.value for key, row in outside.table.mailboxes.items()}
    assert left == {
        key_of(confirmed).mailbox_key: MailboxRow(last_asked=kept.value.chain.asked),
    }
    assert stored(confirmed, outside) is not None
    assert outside.queues.bodies("follow-ups") == []


def test_an_old_link_sends_no_third_mail_while_the_second_is_valid() -> None:
    outside = FakeOutside()
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.pass_time(4 * DAY)
    for _ in range(3):
        assert double_opt_in.renew(token, outside).state is LinkState.RENEWED
        deliver("registrations", outside)
    assert len(outside.mailer.sent) == 2
    outside.pass_time(4 * DAY)
    assert double_opt_in.renew(token, outside).state is LinkState.RENEWED
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 3


def test_a_record_has_so_many_mails_and_no_more() -> None:
    outside = FakeOutside()
    asked = registration()
    sign_up(asked, outside)
    for _ in range(MOST_MAILS + 3):
        outside.pass_time(4 * DAY)
        double_opt_in.renew(link(outside.mailer.sent[-1]), outside)
        deliver("registrations", outside)
    assert len(outside.mailer.sent) == MOST_MAILS


def test_asking_right_after_the_reminder_keeps_the_record_and_the_reminders_evidence() -> None:
    outside = FakeOutside()
    form = outside.forms["newsletter"].model_copy(update={"reminder_after": 5 * DAY})
    outside.forms = {"newsletter": form}
    asked = registration()
    token = link(sign_up(asked, outside))
    outside.pass_time(5 * DAY)
    assert double_opt_in.renew(token, outside).state is LinkState.RENEWED
    bodies = deliver("follow-ups", outside)
    renewal, reminder = outside.queues.take_all("registrations")
    redeliver("registrations", [reminder, renewal], outside)  # the reminder was faster
    record = stored(asked, outside)
    assert record is not None
    assert [note.kind for note in record.mails] == [MailKind.CONFIRMATION, MailKind.REMINDER]
    assert record.forget_at == outside.now() + 7 * DAY
    redeliver("follow-ups", bodies, outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 2
