"""The moves of a record."""

from datetime import timedelta

import pytest

from shared.values.record import MOST_WITHDRAWALS, Record, RecordKey, Status
from shared.values.record_notes import Click, MailKind, Promotion, WithdrawalNote
from tests.examples import NOON, PEPPER, key_of, record, registration

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
CLAIM = timedelta(minutes=2)
CLICK = Click(at=NOON + HOUR, address="203.0.113.7", user_agent="Phone/2.0")
PROMOTION = Promotion(
    contact_id="c", contact_created=True, consent_ids=("x", "y"), written_at=NOON + HOUR
)


def mailed(before: Record | None = None, kind: MailKind = MailKind.CONFIRMATION) -> Record:
    """After a mail was taken and went out."""
    taken = (before or record()).take_mail(kind, NOON, NOON + CLAIM)
    changes = {"sent_at": NOON, "message_id": "m", "busy_until": None}
    return taken.mailed(taken.mails[-1].model_copy(update=changes))


def test_a_new_record_has_all_that_was_asked() -> None:
    asked = registration()
    new = record(asked)
    assert new.status is Status.MAILING
    assert new.key == RecordKey(mailbox_key=key_of(asked).mailbox_key, registration_id=asked.id)
    common = set(Record.model_fields) & set(type(asked).model_fields)
    assert common >= {"form", "email", "locale", "answers", "consents", "source", "asked_at"}
    for name in common:
        assert getattr(new, name) == getattr(asked, name)
    assert (new.mails, new.click, new.promotion, new.failure) == ((), None, None, None)
    assert new.email not in new.mailbox_key
    assert PEPPER not in new.model_dump_json()


def test_mails_are_numbered_from_one() -> None:
    first = record().take_mail(MailKind.CONFIRMATION, NOON, NOON + CLAIM)
    second = first.take_mail(MailKind.REMINDER, NOON + HOUR, NOON + HOUR + CLAIM)
    assert [(note.number, note.kind) for note in second.mails] == [
        (1, MailKind.CONFIRMATION),
        (2, MailKind.REMINDER),
    ]
    assert second.mail(2) == second.mails[1]
    assert second.mail(3) is None
    assert second.has_mail(MailKind.REMINDER)
    assert not second.has_mail(MailKind.RENEWAL)
    assert first.mails == second.mails[:1]
    assert first.status is Status.MAILING  # taken is not sent


def test_a_mail_that_went_out() -> None:
    pending = mailed()
    assert pending.status is Status.PENDING
    assert pending.mails[0].sent_at == NOON
    assert pending.mails[0].message_id == "m"


def test_only_the_mail_that_went_out_is_noted() -> None:
    two = mailed().take_mail(MailKind.RENEWAL, NOON + HOUR, NOON + HOUR + CLAIM)
    note = two.mails[1].model_copy(update={"sent_at": NOON + HOUR})
    assert two.mailed(note).mails == (two.mails[0], note)


def test_a_mail_is_taken_by_one_worker() -> None:
    taken = record().take_mail(MailKind.CONFIRMATION, NOON, NOON + CLAIM)
    assert taken.noted(1).busy_until == NOON + CLAIM
    assert taken.noted(1).composed_at == NOON
    released = taken.release_mail(1, may_have_left=True)
    assert released.noted(1).busy_until is None
    assert released.noted(1).taken_at == NOON
    with pytest.raises(KeyError):
        taken.noted(2)


def test_an_attempt_without_an_answer_is_repeated_with_the_same_text() -> None:
    released = (
        record()
        .take_mail(MailKind.CONFIRMATION, NOON, NOON + CLAIM)
        .release_mail(1, may_have_left=True)
    )
    again = released.claim_mail(1, NOON + 48 * HOUR, NOON + 48 * HOUR + CLAIM).noted(1)
    assert (again.composed_at, again.taken_at, again.unknown) == (NOON, NOON, 1)
    assert again.busy_until == NOON + 48 * HOUR + CLAIM


def test_a_refused_attempt_is_written_anew() -> None:
    released = (
        record()
        .take_mail(MailKind.CONFIRMATION, NOON, NOON + CLAIM)
        .release_mail(1, may_have_left=False)
    )
    again = released.claim_mail(1, NOON + HOUR, NOON + HOUR + CLAIM).noted(1)
    assert (again.composed_at, again.taken_at, again.unknown) == (NOON + HOUR, NOON, 0)


def test_who_replays_a_failed_mail_starts_afresh() -> None:
    released = (
        record()
        .take_mail(MailKind.CONFIRMATION, NOON, NOON + CLAIM)
        .release_mail(1, may_have_left=True)
    )
    refused = released.refuse_mail(1).noted(1)
    assert (refused.unknown, refused.busy_until, refused.composed_at) == (0, None, None)


def test_a_record_is_kept_longer_and_never_shorter() -> None:
    pending = mailed()
    assert pending.keep_until(pending.forget_at + HOUR).forget_at == pending.forget_at + HOUR
    assert pending.keep_until(NOON).forget_at == pending.forget_at


def test_a_mail_that_goes_out_mends_a_failure() -> None:
    broken = mailed().failed("rejected")
    assert (broken.status, broken.failure) == (Status.FAILED, "rejected")
    mended = broken.mailed(broken.mails[0])
    assert (mended.status, mended.failure) == (Status.PENDING, None)


def test_a_confirmation_is_never_undone_by_a_mail() -> None:
    confirmed = mailed().confirm(CLICK)
    assert (confirmed.status, confirmed.click) == (Status.CONFIRMED, CLICK)
    again = confirmed.mailed(confirmed.mails[0])
    assert (again.status, again.click) == (Status.CONFIRMED, CLICK)
    failed = confirmed.failed("no such column")
    again = failed.mailed(failed.mails[0])
    assert (again.status, again.failure) == (Status.FAILED, "no such column")


def test_confirmed_is_who_clicked_whatever_came_after() -> None:
    confirmed = mailed().confirm(CLICK)
    assert not mailed().was_confirmed
    assert confirmed.was_confirmed
    assert confirmed.failed("x").was_confirmed
    assert confirmed.promoted(PROMOTION, NOON).was_confirmed


def test_the_trigger_is_fired_by_one_worker() -> None:
    claimed = PROMOTION.claim(NOON + CLAIM)
    assert claimed.busy_until == NOON + CLAIM
    assert claimed.release() == PROMOTION


def test_after_promotion_only_the_evidence_stays() -> None:
    confirmed = mailed().confirm(CLICK).failed("a cause that was mended")
    written = confirmed.handed_over(PROMOTION.claim(NOON + CLAIM))
    assert written.answers == registration().answers
    assert written.promotion == PROMOTION.claim(NOON + CLAIM)
    promoted = written.promoted(PROMOTION.claim(NOON + CLAIM), NOON + 2 * HOUR)
    assert promoted.status is Status.PROMOTED
    assert promoted.answers is None
    assert promoted.failure is None
    assert promoted.promotion == PROMOTION.model_copy(update={"triggered_at": NOON + 2 * HOUR})
    assert promoted.click == CLICK
    assert promoted.consents == confirmed.consents
    assert promoted.mails == confirmed.mails
    assert promoted.email == confirmed.email


WITHDRAWAL = WithdrawalNote(at=NOON + 2 * HOUR, address="203.0.113.7", user_agent="Phone/2.0")


def test_what_is_withdrawn_keeps_its_status_and_loses_its_answers() -> None:
    confirmed = mailed().confirm(CLICK)
    assert not confirmed.was_withdrawn
    withdrawn = confirmed.withdrawn(WITHDRAWAL)
    assert withdrawn.was_withdrawn
    assert (withdrawn.status, withdrawn.click) == (Status.CONFIRMED, CLICK)
    assert withdrawn.answers is None
    assert withdrawn.withdrawals == (WITHDRAWAL,)
    assert withdrawn.consents == confirmed.consents


def test_a_withdrawal_is_completed_once() -> None:
    withdrawn = mailed().confirm(CLICK).withdrawn(WITHDRAWAL)
    done = withdrawn.opted_out(WITHDRAWAL.at, NOON + 3 * HOUR, ("x",))
    assert done is not None
    assert done.withdrawals == (WITHDRAWAL.opted_out(NOON + 3 * HOUR, ("x",)),)
    assert done.withdrawals[0].address == "203.0.113.7"
    assert done.opted_out(WITHDRAWAL.at, NOON + 4 * HOUR, ("y",)) is None


def test_a_withdrawal_that_was_not_noted_is_noted_when_it_is_done() -> None:
    done = mailed().confirm(CLICK).opted_out(WITHDRAWAL.at, NOON + 3 * HOUR, ("x",))
    assert done is not None
    (note,) = done.withdrawals
    assert (note.at, note.opted_out_at) == (WITHDRAWAL.at, NOON + 3 * HOUR)


def test_each_withdrawal_is_kept_but_no_more_than_a_row_holds() -> None:
    record = mailed().confirm(CLICK)
    for number in range(MOST_WITHDRAWALS + 5):
        record = record.withdrawn(WITHDRAWAL.model_copy(update={"at": NOON + number * HOUR}))
    assert [note.at for note in record.withdrawals] == [
        NOON + number * HOUR for number in range(5, MOST_WITHDRAWALS + 5)
    ]


def test_a_move_leaves_the_record_before_it_as_it_was() -> None:
    pending = mailed()
    before = pending.model_dump_json()
    pending.claim_mail(1, NOON, NOON + CLAIM).confirm(CLICK).promoted(PROMOTION, NOON)
    pending.confirm(CLICK).withdrawn(WITHDRAWAL).opted_out(WITHDRAWAL.at, NOON, ())
    assert pending.model_dump_json() == before


def test_each_worker_that_died_counts_as_an_attempt_whose_outcome_is_unknown() -> None:
    taken = record().take_mail(MailKind.CONFIRMATION, NOON, NOON + CLAIM)
    once = taken.claim_mail(1, NOON + HOUR, NOON + HOUR + CLAIM)
    assert once.noted(1).unknown == 1
    twice = once.claim_mail(1, NOON + 2 * HOUR, NOON + 2 * HOUR + CLAIM)
    assert twice.noted(1).unknown == 2
    assert twice.release_mail(1, may_have_left=True, provider=None).noted(1).unknown == 3
